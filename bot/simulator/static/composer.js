// The foot of the phone: menu, input, and the tray of things to send.

import { $, h, icon, toast } from "./elements.js";
import { CONTROL, IS_WEIBO } from "./platform.js";
import { post, say } from "./requests.js";
import * as sheets from "./sheets.js";

const FACES = [..."😀😁😂🤣😊😍😘🤔😅😓😢😭😡😱🙄😴👍👎👌🙏👏💪🤝✌️🌹🥀❤️💔🎉🔥⭐☀️🌧️⚡🚗🏠🏥🏫📞✅"].filter((sign) => sign !== "\ufe0f");

let current = null;
let office = null;

export function setCitizen(citizen, account) {
  current = citizen;
  office = account;
  // On Weibo strangers may write as well; who has left sees the door.
  const isOutside = IS_WEIBO ? citizen.has_left : !citizen.is_following;
  $("composer").hidden = isOutside;
  $("stranger").hidden = !isOutside;
  $("chat").hidden = isOutside;
  $("stranger-name").textContent = account.name;
  setMenu(menuOf(citizen, account));
  closeTray();
}

// The newest menu made for one of the citizen's tags, else the one for everybody.
export function menuOf(citizen, account) {
  const special = account.group_menus?.find(({ tag }) => citizen.tags.includes(tag));
  return special?.menu ?? account.menu;
}

export function setMenu(menu) {
  $("menu-buttons").replaceChildren(...menu.button.map(menuItem));
}

function menuItem(button) {
  const subs = button.sub_button ?? [];
  const item = h("div", { class: "menu-item" });
  const toggle = () => {
    const wasOpen = item.querySelector(".submenu");
    closeSubmenus();
    if (!subs.length) press(button);
    else if (!wasOpen) {
      item.append(h("div", { class: "submenu", role: "menu" }, ...subs.map(subButton)));
      head.setAttribute("aria-expanded", "true");
    }
  };
  const head = h("button", { type: "button", class: subs.length ? "has-more" : "", onclick: toggle }, button.name);
  item.append(head);
  return item;
}

const subButton = (button) =>
  h("button", { type: "button", role: "menuitem", onclick: () => { closeSubmenus(); press(button); } }, button.name);

function press(button) {
  if (button.type === "view" || button.type === "miniprogram") {
    window.open(button.url, "_blank", "noopener,noreferrer");
    post(`${CONTROL}/click`, { openid: current.openid, url: button.url, wait: false });
  } else {
    post(`${CONTROL}/click`, { openid: current.openid, key: button.key ?? button.name, wait: false });
  }
}

function closeSubmenus() {
  for (const submenu of document.querySelectorAll(".submenu")) submenu.remove();
  for (const head of document.querySelectorAll(".menu-item > button")) head.removeAttribute("aria-expanded");
}

function showInput(isInput) {
  $("menu-bar").hidden = isInput;
  $("input-bar").hidden = !isInput;
  closeSubmenus();
  closeTray();
  if (isInput) $("text").focus();
}

function grow() {
  const text = $("text");
  text.style.height = "38px";
  text.style.height = `${Math.min(132, text.scrollHeight)}px`;
  const isEmpty = text.value.trim() === "";
  $("send").hidden = isEmpty;
  $("more").hidden = !isEmpty;
}

async function submit() {
  const text = $("text").value;
  if (text.trim() === "") return;
  $("text").value = "";
  grow();
  if (!(await say(current.openid, { text })) && $("text").value === "") {
    $("text").value = text;
    grow();
  }
}

async function sendPicture(file) {
  const stored = await post(`${CONTROL}/pictures`, file, { raw: true });
  if (stored) await say(current.openid, { kind: "image", media_id: stored.media_id });
}

async function sendVideo(file) {
  const stored = await post(`${CONTROL}/videos`, file, { raw: true });
  if (stored) await say(current.openid, { kind: "video", media_id: stored.media_id });
}

const EVERY_TOOL = [
  ["photo", "照片", () => $("picture").click()],
  ["sample", "拍摄", () => say(current.openid, { kind: "image" })],
  ["place", "位置", async () => sendAsked(await sheets.askPlace(), "location")],
  ["mic", "语音", async () => sendAsked(await sheets.askVoice(), "voice")],
  ["link", "链接", async () => sendAsked(await sheets.askLink(), "link")],
  ["scan", "扫一扫", async () => sendAsked(await sheets.askScene(), "scan")],
  ["sticker", "动画表情", () => say(current.openid, { kind: "unsupported" })],
  ["video", "视频", () => $("video").click()],
  ["video", "样例视频", () => say(current.openid, { kind: "video" })],
];

// What Weibo's private messages do not have.
const NOT_ON_WEIBO = new Set(["link", "sticker", "video"]);
const TOOLS = EVERY_TOOL.filter(([name]) => !IS_WEIBO || !NOT_ON_WEIBO.has(name));

function sendAsked(facts, kind) {
  if (facts) say(current.openid, { kind, ...facts });
}

function openTray(kind, content) {
  const tray = $("tray");
  if (!tray.hidden && tray.dataset.kind === kind) return closeTray();
  tray.dataset.kind = kind;
  tray.replaceChildren(content());
  tray.hidden = false;
  $("more").setAttribute("aria-expanded", String(kind === "tools"));
  return undefined;
}

function closeTray() {
  $("tray").hidden = true;
  $("more").setAttribute("aria-expanded", "false");
}

const tools = () =>
  h("div", { class: "tray-tools" }, ...TOOLS.map(([name, words, act]) =>
    h("button", { type: "button", class: "tool", onclick: () => { closeTray(); act(); } }, h("span", {}, icon(name)), words)));

const faces = () =>
  h("div", { class: "tray-faces" }, ...FACES.map((sign) =>
    h("button", { type: "button", onclick: () => { $("text").setRangeText(sign, $("text").selectionStart, $("text").selectionEnd, "end"); grow(); } }, sign)));

export function follow(scene = "") {
  return post(`${CONTROL}/follow`, { openid: current.openid, scene, wait: false });
}

async function speakInPublic(path, asked) {
  if (asked?.text) await post(`${CONTROL}/${path}`, { openid: current.openid, wait: false, ...asked });
}

function startInPublic() {
  $("mention").addEventListener("click", async () => speakInPublic("mention", await sheets.askMention(office)));
  $("comment").addEventListener("click", async () => speakInPublic("comment", await sheets.askComment(office)));
  $("subscribe").addEventListener("click", () => post(`${CONTROL}/subscribe`, { openid: current.openid, keyword: "DY", wait: false }));
}

export function start() {
  if (IS_WEIBO) startInPublic();
  $("to-input").addEventListener("click", () => showInput(true));
  $("to-menu").addEventListener("click", () => showInput(false));
  $("text").addEventListener("input", grow);
  $("text").addEventListener("focus", closeTray);
  $("text").addEventListener("keydown", (event) => {
    // While Chinese is being composed, Enter chooses characters.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  $("input-bar").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  $("more").addEventListener("click", () => openTray("tools", tools));
  $("faces").addEventListener("click", () => openTray("faces", faces));
  $("voice").addEventListener("click", async () => sendAsked(await sheets.askVoice(), "voice"));
  $("follow").addEventListener("click", () => follow());
  $("follow-by-code").addEventListener("click", async () => {
    const facts = await sheets.askScene();
    if (facts) follow(facts.scene);
  });
  $("picture").addEventListener("change", () => {
    const [file] = $("picture").files;
    if (file && file.size > 10 * 1024 * 1024) toast("图片不能超过 10 MB");
    else if (file) sendPicture(file);
    $("picture").value = "";
  });
  $("video").addEventListener("change", () => {
    const [file] = $("video").files;
    if (file && file.size > 10 * 1024 * 1024) toast("视频不能超过 10 MB");
    else if (file) sendVideo(file);
    $("video").value = "";
  });
  $("chat").addEventListener("click", () => { closeSubmenus(); closeTray(); });
  // WeChat shows the menu first; who sits at a keyboard has come to type.
  if (window.matchMedia("(min-width: 820px)").matches) showInput(true);
}
