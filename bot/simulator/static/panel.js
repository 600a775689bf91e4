// The platform's side: figures, allowance, pushes, calls, tokens, misfortunes, the account.

import { $, h } from "./elements.js";
import { faultSection } from "./panel-faults.js";
import { callList, pushList } from "./panel-logs.js";
import { choice, pair, section, toggleSwitch } from "./panel-parts.js";
import * as weibo from "./panel-weibo.js";
import { ACCOUNT, CONTROL, IS_WEIBO, PAGE } from "./platform.js";
import { get, post } from "./requests.js";
import { remaining } from "./times.js";

const TRIGGERS = { message: ["发消息", 5], menu_click: ["点菜单", 3], follow: ["关注", 3], scan: ["扫码", 3] };
const MODES = { plain: "明文", compatible: "兼容", safe: "安全" };
const FORMATS = { xml: "XML", json: "JSON" };
const REFRESH_MS = 250;

let citizen = null;
let account = null;
let waiting = null;

export const isOpen = () => $("panel").classList.contains("open");

export function setCitizen(nextCitizen, nextAccount) {
  citizen = nextCitizen;
  account = nextAccount;
  refresh();
}

export function toggle(willOpen = !isOpen()) {
  $("panel").classList.toggle("open", willOpen);
  refresh();
}

// Draw again soon; many events in a row cost one drawing.
export function refresh() {
  if (!isOpen() || waiting || !citizen) return;
  waiting = setTimeout(async () => {
    waiting = null;
    const [told, { accounts }] = await Promise.all([
      get(`${PAGE}/panel?openid=${encodeURIComponent(citizen.openid)}`),
      get(`${CONTROL}/accounts`),
    ]);
    account = accounts.find(({ key }) => key === citizen.account) ?? account;
    draw(told);
  }, REFRESH_MS);
}

function draw(told) {
  const body = $("panel-body");
  const opened = new Set([...body.querySelectorAll("details[open]")].map((e) => e.dataset.id));
  const scrolled = [...body.querySelectorAll(".log")].map((e) => e.scrollTop);
  body.replaceChildren(
    figures(told.stats),
    IS_WEIBO ? weibo.allowance(told.windows, citizen) : allowance(told.windows),
    pushList(told.pushes, opened),
    callList(told.calls),
    IS_WEIBO ? weibo.budget(account, told.stats, refresh) : tokens(account.tokens, told.stats),
    faultSection(told.faults, told.struck, refresh),
    settings(),
  );
  body.querySelectorAll(".log").forEach((e, place) => { e.scrollTop = scrolled[place] ?? 0; });
}

function figures(stats) {
  const figure = (words, number, isBad) =>
    h("div", { class: isBad && number ? "figure bad" : "figure" }, h("b", {}, String(number)), words);
  const note = `共 ${stats.citizens} 位市民`;
  if (IS_WEIBO) return section("概况", note, h("div", { class: "figures" }, ...weibo.figures(stats, figure)));
  return section("概况", note, h("div", { class: "figures" },
    figure("推送", stats.pushes),
    figure("被动回复", stats.passive_replies),
    figure("客服消息", stats.api_sends),
    figure("故障提示", stats.malfunctions, true)));
}

function allowance(windows) {
  const rows = windows.map((w) => {
    const [words, total] = TRIGGERS[w.trigger];
    const dots = Array.from({ length: total }, (_, n) => h("i", { class: n < w.left ? "on" : "" }));
    return h("div", { class: "window" }, words, h("span", { class: "dots", title: `还可下发 ${w.left} 条` }, ...dots),
      h("time", { "data-closes": w.closes_at }, remaining(w.closes_at)));
  });
  const none = h("p", { class: "empty" }, "现在不能主动下发客服消息（45015）");
  return section("客服消息额度", citizen.name, ...(rows.length ? rows : [none]));
}

function tokens(list, stats) {
  const names = { token: "access_token", stable_token: "稳定版 token" };
  return section("令牌", `API 调用 ${stats.api_calls} 次`, ...list.map((token) =>
    h("div", { class: "pair" },
      h("div", {}, names[token.family], h("small", {}, `今日获取 ${token.calls_today} 次`)),
      token.is_valid
        ? h("span", { class: "tag good" }, `有效 ${Math.floor(token.expires_in_seconds / 60)} 分钟`)
        : h("span", { class: "tag" }, "无有效令牌"))));
}

async function change(facts) {
  if (await post(`${CONTROL}/accounts`, { account: account.key, ...facts })) refresh();
}

function settings() {
  const verify = async () => {
    const told = await post(`${CONTROL}/verify`, { account: account.key });
    if (told) $("verify-result").textContent = told.is_verified ? "验证通过" : "没有通过";
  };
  const reset = async () => {
    if (window.confirm("清空全部聊天、令牌、记录与故障？")) await post(`${CONTROL}/reset`, {});
  };
  const revoke = () => post(`${CONTROL}/tokens/revoke`, { account: account.key }).then(refresh);
  return section(ACCOUNT, account.app_id ?? `UID ${account.uid}`,
    ...(IS_WEIBO ? weibo.rights(account, change) : rights()),
    pair("服务器地址", account.push_url, h("span", { class: "tag", id: "verify-result" }, "未验证")),
    h("div", { class: "panel-actions" },
      h("button", { type: "button", onclick: verify }, "验证服务器地址"),
      IS_WEIBO ? null : h("button", { type: "button", onclick: revoke }, "作废令牌"),
      h("button", { type: "button", class: "danger", onclick: reset }, "重置")));
}

function rights() {
  return [
    pair("消息加解密方式", null, choice(MODES, account.mode, (mode) => change({ mode }))),
    pair("推送格式", null, choice(FORMATS, account.push_format, (format) => change({ push_format: format }))),
    pair("已认证", "关闭后客服接口返回 48001", toggleSwitch(account.is_verified, "已认证", (on) => change({ is_verified: on }))),
    pair("测试号", "菜单消息返回 40200", toggleSwitch(account.is_test_account, "测试号", (on) => change({ is_test_account: on }))),
  ];
}

setInterval(() => {
  if (!isOpen()) return;
  for (const time of document.querySelectorAll("time[data-closes]")) {
    time.textContent = remaining(time.dataset.closes);
    if (new Date(time.dataset.closes) <= Date.now()) refresh();
  }
}, 1000);
