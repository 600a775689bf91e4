// What only Weibo's side has: the day's calls, who may be written to, the account's rights.

import { h } from "./elements.js";
import { choice, pair, section, toggleSwitch } from "./panel-parts.js";
import { CONTROL } from "./platform.js";
import { post } from "./requests.js";
import { remaining } from "./times.js";

const FORMATS = { json: "JSON", xml: "XML（微信格式）" };
const TRIGGERS = { contact: "互动后 48 小时内", mention: "被 @ 后" };

export function figures(stats, figure) {
  return [
    figure("推送", stats.pushes),
    figure("被动回复", stats.passive_replies),
    figure("私信接口", stats.api_sends),
    figure("答复无效", stats.malfunctions, true),
  ];
}

export function allowance(windows, citizen) {
  const rows = windows.map((window) => h("div", { class: "window" }, TRIGGERS[window.trigger],
    h("span", {}, window.left === null ? "不限次数" : `还可回复 ${window.left} 次`),
    h("time", { "data-closes": window.closes_at }, remaining(window.closes_at))));
  const none = h("p", { class: "empty" }, "现在不能主动发私信");
  return section("私信窗口", citizen.name, ...(rows.length ? rows : [none]));
}

export function budget(account, stats, changed) {
  const renew = () => post(`${CONTROL}/budget`, { account: account.key }).then(changed);
  return section("接口额度", `API 调用 ${stats.api_calls} 次`,
    pair("今日已用", "每个授权账号每天 100 次，用完返回 10023", h("span", { class: "tag" }, `${account.calls_today} 次`)),
    h("div", { class: "panel-actions" }, h("button", { type: "button", onclick: renew }, "重新计数")));
}

export function rights(account, change) {
  const right = (name, words, hint) =>
    pair(words, hint, toggleSwitch(account[name], words, (on) => change({ [name]: on })));
  return [
    pair("推送格式", null, choice(FORMATS, account.push_format, (format) => change({ push_format: format }))),
    right("pushes_mentions", "推送 @", "关闭后只能轮询才看得到"),
    right("may_comment", "评论权限", "关闭后评论接口返回 10014"),
    right("token_is_expired", "授权已过期", "打开后接口返回 21327"),
  ];
}
