// Entries of a transcript as rows of a chat.

import { $, face, h, icon, officeFace } from "./elements.js";
import { ACCOUNT, CONTROL } from "./platform.js";
import { post } from "./requests.js";

const MAX_SILENCE_MS = 5 * 60 * 1000;

export const needsDivider = (entry, previous) =>
  !previous || new Date(entry.at) - new Date(previous.at) > MAX_SILENCE_MS;

// Return the row of an entry, or null for what leaves no trace in the chat.
export function row(entry, citizen) {
  if (entry.via === "notice") return notice(entry.text);
  if (entry.kind === "follow") return notice(`你已关注该${ACCOUNT}`);
  if (entry.kind === "unfollow") return notice(`你已取消关注该${ACCOUNT}`);
  if (QUIET[entry.kind]) return notice(QUIET[entry.kind]);
  const content = CONTENTS[entry.kind]?.(entry, citizen);
  if (!content) return null;
  const isMine = entry.via === "push";
  return h(
    "div",
    { class: isMine ? "row mine" : "row", "data-seq": entry.seq, "data-via": entry.via },
    isMine ? face(citizen) : officeFace(),
    content,
  );
}

const QUIET = {
  scan_follow: "你扫码关注了该微博", subscribe: "你已订阅消息", unsubscribe: "你已取消订阅消息",
};

const notice = (words) => h("div", { class: "notice" }, words);

const bubble = (...children) => h("div", { class: "bubble" }, ...children);

const CONTENTS = {
  text: (entry, citizen) => bubble(...segments(entry, citizen)),
  msgmenu: menu,
  image: picture,
  voice,
  video: () => bubble("[视频]"),
  location,
  link: (entry) => card(entry.details.url, entry.details.title, entry.details.description),
  news: (entry) => articles(entry.details.articles),
  mention: (entry) => inPublic(entry.details.place === "comment" ? "公开评论" : "公开微博", entry.text),
  comment: (entry) => inPublic("公开评论", entry.text, entry.details.below),
  unsupported: () => h("div", { class: "sticker", role: "img", "aria-label": "动画表情" }, icon("panda")),
  music: (entry) => bubble(entry.text || "[音乐]"),
  mpnews: (entry) => bubble(entry.text),
  mpnewsarticle: (entry) => bubble(entry.text),
  wxcard: (entry) => bubble(entry.text),
  miniprogrampage: (entry) => bubble(entry.text),
};

// Everybody may read it: it looks like nothing that is said in private.
function inPublic(words, text, below) {
  return h("div", { class: "public" }, h("small", {}, words), text, below ? h("q", {}, below) : null);
}

function segments(entry, citizen) {
  let taps = entry.details.list?.length ?? 0;
  return (entry.segments ?? [{ text: entry.text }]).map((segment) => {
    if (segment.href) return outside(segment.href, segment.text);
    if (segment.tap) return tappable(entry, citizen, taps++, segment.text, "tap");
    return document.createTextNode(segment.text);
  });
}

const outside = (href, ...children) =>
  h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);

function tappable(entry, citizen, choice, words, kind) {
  const tap = () => post(`${CONTROL}/tap`, { openid: citizen.openid, seq: entry.seq, choice, wait: false });
  return h("button", { type: "button", class: kind === "tap" ? "tap" : "tap entry", onclick: tap }, words);
}

function menu(entry, citizen) {
  const { list = [], tail } = entry.details;
  return bubble(
    ...segments(entry, citizen),
    ...list.map(({ content }, place) => tappable(entry, citizen, place, content, "entry")),
    tail ? h("div", { class: "tail" }, tail) : null,
  );
}

function picture(entry) {
  const image = h("img", { src: localAddress(entry.details.pic_url), alt: "图片" });
  const show = () => {
    $("viewer-image").src = image.src;
    $("viewer").showModal();
  };
  return h("button", { type: "button", class: "picture", "aria-label": "查看图片", onclick: show }, image);
}

// Pictures are served by this very page, whatever name the gateway knows it by.
function localAddress(address) {
  try {
    return new URL(address).pathname;
  } catch {
    return "";
  }
}

function voice(entry) {
  const seconds = entry.details.seconds ?? 3;
  const line = h("div", { class: "voice-line" }, icon("waves"), `${seconds}"`);
  line.style.width = `${56 + Math.min(60, seconds) * 2.4}px`;
  const heard = entry.details.recognition;
  return h("div", { class: "beside" }, bubble(line), heard ? h("div", { class: "heard" }, heard) : null);
}

function location(entry) {
  const { label, latitude, longitude } = entry.details;
  return h(
    "div",
    { class: "card" },
    h("span", { class: "card-title" }, label || "位置"),
    h("span", { class: "card-text" }, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`),
    h("span", { class: "map" }, icon("place")),
  );
}

function card(url, title, text, picurl) {
  const children = [
    h("span", { class: "card-title" }, title),
    text ? h("span", { class: "card-text" }, text) : null,
    picurl?.startsWith(window.location.origin) ? h("img", { src: picurl, alt: "" }) : null,
  ];
  const isWeb = /^https?:\/\//.test(url ?? "");
  if (!isWeb) return h("div", { class: "card" }, ...children);
  return h("a", { class: "card", href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function articles(list) {
  return card(list[0].url, list[0].title, list[0].description, list[0].picurl);
}
