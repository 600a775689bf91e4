// Pushes and calls, newest first.

import { h } from "./elements.js";
import { CONTROL } from "./platform.js";
import { get } from "./requests.js";
import { clockTime } from "./times.js";

const KINDS = {
  text: "文本", image: "图片", voice: "语音", video: "视频", location: "位置", link: "链接",
  unsupported: "表情", follow: "关注", unfollow: "取关", click: "菜单", view: "网页", scan: "扫码",
  report_location: "定位", scan_follow: "扫码关注", subscribe: "订阅", unsubscribe: "退订", mention: "@", given: "给定", other: "未知",
};
const OUTCOMES = {
  pending: ["推送中", "warn"], reply: ["被动回复", "good"], silent: ["空回复", ""], malfunction: ["故障", "bad"],
};
const REASONS = {
  no_answer: "每次推送都没有得到答复", not_xml: "答复不是合法的 XML", not_json: "答复不是合法的 JSON",
  duplicate_field: "字段重复（可能是 CDATA 没有转义）", not_swapped: "收发双方没有对调",
  no_create_time: "缺少 CreateTime", unknown_msg_type: "未知的 MsgType", empty_content: "Content 为空",
  text_too_long: "文本过长（微信 2048 字节，微博 300 字）", wrong_article_count: "图文数量不符", no_media: "缺少媒体",
  unknown_media: "媒体不存在或已过期", plain_in_safe_mode: "安全模式下答复没有加密",
  sealed_in_plain_mode: "明文模式下答复加了密", incomplete_envelope: "加密信封不完整",
  no_result: "缺少 result: true", data_not_encoded: "data 不是字符串", data_not_json: "data 解码后不是 JSON",
  unknown_type: "未知的 type", incomplete_article: "图文缺少字段", no_place: "缺少经纬度",
  wrong_msg_signature: "MsgSignature 不对", wrong_app_id: "信封里的 AppID 不对", undecipherable: "解密失败",
};
const ATTEMPTS = { open: "等待中", answered: "已答复", cut: "超时断开", unreachable: "连接不上" };

const reason = (code) => REASONS[code] ?? (code.startsWith("status_") ? `HTTP ${code.slice(7)}` : code);
const milliseconds = (seconds) => `${Math.round(seconds * 1000)} ms`;

function list(title, note, rows, empty) {
  const content = rows.length ? h("ul", { class: "log" }, ...rows) : h("p", { class: "empty" }, empty);
  return h("section", {}, h("h3", {}, title, h("small", {}, note)), content);
}

export function pushList(pushes, opened) {
  return list("推送记录", "点开看正文", pushes.map((push) => pushRow(push, opened.has(push.push_id))), "还没有推送");
}

function pushRow(push, isOpen) {
  const [words, colour] = OUTCOMES[push.outcome];
  const inside = h("div", { class: "inside" });
  const details = h("details", { "data-id": push.push_id },
    h("summary", {},
      h("span", { class: "tag" }, KINDS[push.kind] ?? push.kind),
      h("span", { class: "what" }, push.shown),
      h("span", { class: "ms" }, push.outcome === "pending" ? "" : milliseconds(push.seconds)),
      h("span", { class: `tag ${colour}` }, push.deliveries.length > 1 ? `${words} ×${push.deliveries.length}` : words)),
    inside);
  details.addEventListener("toggle", () => { if (details.open) fill(inside, push); });
  details.open = isOpen;
  return h("li", {}, details);
}

async function fill(inside, push) {
  const { body } = await get(`${CONTROL}/pushes/${encodeURIComponent(push.push_id)}`);
  inside.replaceChildren(
    push.reason ? h("span", { class: "attempt" }, `原因：${reason(push.reason)}`) : "",
    ...push.deliveries.map((attempt) => h("span", { class: "attempt" },
      `第 ${attempt.number} 次 ${clockTime(new Date(attempt.at))} · ${ATTEMPTS[attempt.outcome]} · ${milliseconds(attempt.seconds)}`)),
    h("pre", {}, body.slice(0, 4000)),
  );
}

export function callList(calls) {
  return list("接口调用", "最近 30 次", calls.map(callRow), "网关还没有调用接口");
}

function callRow(call) {
  const isGood = call.errcode === 0;
  const words = isGood ? "ok" : call.errcode === null ? `HTTP ${call.status}` : String(call.errcode);
  return h("li", { class: "line", title: call.fault ? `故障：${call.fault}` : "" },
    h("span", { class: "ms" }, clockTime(new Date(call.at))),
    h("span", { class: "what" }, call.path.replace(/^\/(cgi-bin|2)\//, "")),
    h("span", { class: "ms" }, milliseconds(call.seconds)),
    h("span", { class: `tag ${isGood && !call.fault ? "good" : "bad"}` }, words));
}
