// Small questions that slide up from below.

import { $, h, officeFace } from "./elements.js";
import { ACCOUNT, IS_WEIBO } from "./platform.js";

const PLACES = [
  ["清河县政务服务中心", 37.0441, 115.6672],
  ["人民路与解放街路口", 37.0527, 115.6614],
  ["城关镇第二小学", 37.0389, 115.6558],
  ["滨河花园小区 3 号楼", 37.0602, 115.6731],
];

// Show fields in a sheet; resolve to their values, or null when it is put away.
function ask(title, hint, fields) {
  const sheet = $("sheet");
  return new Promise((resolve) => {
    let answer = null;
    const submit = (event) => {
      event.preventDefault();
      answer = Object.fromEntries(new FormData(event.target));
      sheet.close();
    };
    const actions = h(
      "div",
      { class: "sheet-actions" },
      h("button", { type: "button", onclick: () => sheet.close() }, "取消"),
      h("button", { type: "submit", class: "go" }, "发送"),
    );
    sheet.replaceChildren(
      h("h2", {}, title),
      h("p", {}, hint),
      h("form", { onsubmit: submit }, ...fields, actions),
    );
    sheet.addEventListener("close", () => resolve(answer), { once: true });
    sheet.showModal();
  });
}

const labelled = (words, field) => h("label", {}, words, field);

export async function askPlace() {
  const options = PLACES.map(([name], place) => h("option", { value: String(place) }, name));
  const answer = await ask("发送位置", "选一个地点", [h("select", { name: "place" }, ...options)]);
  if (!answer) return null;
  const [label, latitude, longitude] = PLACES[Number(answer.place)];
  return { label, latitude, longitude };
}

export async function askVoice() {
  if (IS_WEIBO) {
    const answer = await ask("发送语音", "微博的语音不带识别结果", [
      labelled("秒数", h("input", { name: "seconds", type: "number", min: "1", max: "60", value: "4" })),
    ]);
    return answer && { voice_seconds: Number(answer.seconds) || 3 };
  }
  const answer = await ask("发送语音", "微信的语音识别时有时无：可以带识别结果、空结果或不带", [
    labelled("说了什么", h("textarea", { name: "recognition", rows: "2", maxlength: "500" }, "我想问一下办居住证要带什么材料")),
    labelled("识别结果", h("select", { name: "how" },
      h("option", { value: "full" }, "随消息带上"),
      h("option", { value: "empty" }, "字段为空（线上常见）"),
      h("option", { value: "absent" }, "没有这个字段"))),
    labelled("秒数", h("input", { name: "seconds", type: "number", min: "1", max: "60", value: "4" })),
  ]);
  if (!answer) return null;
  const recognition = { full: answer.recognition, empty: "", absent: null }[answer.how];
  return { recognition, voice_seconds: Number(answer.seconds) || 3 };
}

export function askLink() {
  return ask("发送链接", "转发一篇文章给公众号", [
    labelled("标题", h("input", { name: "title", required: true, value: "关于老旧小区改造的通知" })),
    labelled("摘要", h("input", { name: "description", value: "2026 年度改造计划及报名方式" })),
    labelled("网址", h("input", { name: "url", type: "url", required: true, value: "https://www.example.gov.cn/notice/1" })),
  ]);
}

export function askScene() {
  return ask("扫一扫", `扫描带参数的${ACCOUNT}二维码`, [
    labelled("场景值", h("input", { name: "scene", required: true, maxlength: "64", value: "service_hall_01" })),
  ]);
}

export async function askName() {
  const answer = await ask("新增一位市民", `新市民已关注${ACCOUNT}，可马上开始聊天`, [
    labelled("姓名", h("input", { name: "name", required: true, maxlength: "20", placeholder: "例如：孙丽华" })),
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "stranger" }), `先不关注${ACCOUNT}`),
  ]);
  return answer && { name: answer.name.trim(), isFollowing: !answer.stranger };
}

// Name the account where everybody can read it.
export async function askMention(account) {
  const answer = await ask("公开 @", "所有人都能看到", [
    labelled("内容", h("textarea", { name: "text", rows: "4", maxlength: "140", required: true }, `@${account.name} 人民路的路灯坏了一个星期，请问归哪里管？`)),
    labelled("发在哪里", h("select", { name: "place" },
      h("option", { value: "status" }, "发一条微博"),
      h("option", { value: "comment" }, "在别人的微博下评论"))),
  ]);
  return answer && { text: answer.text.trim(), place: answer.place };
}

export async function askComment(account) {
  const answer = await ask("评论", `写在 ${account.name} 的微博下面，不 @ 它`, [
    labelled("内容", h("textarea", { name: "text", rows: "3", maxlength: "140", required: true }, "请问周六可以办理吗？")),
  ]);
  return answer && { text: answer.text.trim() };
}

// The account's profile; `choices` are [words, act, isDanger].
export function showProfile(account, citizen, choices) {
  const sheet = $("sheet");
  const close = () => sheet.close();
  const choose = (act) => () => { close(); act(); };
  sheet.replaceChildren(
    h("div", { class: "profile" }, officeFace(), h("div", {},
      h("strong", {}, account.name),
      h("span", {}, `${account.original_id ?? account.uid} · 当前市民 ${citizen.name}`))),
    h("div", { class: "sheet-list" },
      ...choices.map(([words, act, isDanger]) =>
        h("button", { type: "button", class: isDanger ? "danger" : "", onclick: choose(act) }, words)),
      h("button", { type: "button", onclick: close }, "取消")),
  );
  sheet.showModal();
}

$("sheet").addEventListener("click", (event) => { if (event.target === $("sheet")) $("sheet").close(); });
