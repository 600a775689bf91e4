// Switches for misfortunes.

import { h } from "./elements.js";
import { CONTROL, IS_WEIBO } from "./platform.js";
import { post } from "./requests.js";

const FAULTS = [
  ["slow", "接口变慢", "每次调用先等几秒"],
  ["busy", "系统繁忙", "返回 -1"],
  ["daily_quota", "日配额用尽", "返回 45009"],
  ["token_revoked", "令牌被顶替", "所有令牌作废并返回 40001"],
  ["server_error", "网关错误", "返回 HTTP 502"],
  ["html", "返回网页", "HTTP 200，但正文是 HTML"],
  ["drop", "断开连接", "什么也没做就断开"],
  ["lost_answer", "答复丢失", "消息已下发，但答复断在半路"],
  ["out_of_order", "消息乱序", "客服消息晚几秒才显示"],
  ["duplicate_push", "重复推送", "同一推送再投递一次"],
  ["late_push", "推送迟到", "推送晚几秒，后来的先到"],
  ["clashing_ids", "MsgId 相撞", "两位市民的消息同号"],
];
const ON_WEIBO = {
  busy: "返回 10001", daily_quota: "返回 10023", token_revoked: "返回 21327", clashing_ids: null,
};
const PROBABILITIES = [[1, "每次"], [0.5, "一半"], [0.3, "三成"], [0.1, "一成"]];
const COUNTS = [[0, "一直"], [1, "1 次"], [3, "3 次"], [10, "10 次"]];
const SECONDS = [[2, "2 秒"], [5, "5 秒"], [10, "10 秒"], [30, "30 秒"]];
const WITH_SECONDS = new Set(["slow", "out_of_order", "late_push"]);

export function faultSection(switchedOn, struck, changed) {
  const known = FAULTS.map(([name, words, hint]) => [name, words, IS_WEIBO && name in ON_WEIBO ? ON_WEIBO[name] : hint]);
  const rows = known.filter(([, , hint]) => hint).map(([name, words, hint]) => {
    const fault = switchedOn.find((one) => one.name === name);
    return row(name, words, hint, fault, struck[name] ?? 0, changed);
  });
  const note = switchedOn.length ? `${switchedOn.length} 项已打开` : "全部关闭";
  return h("section", {}, h("h3", {}, "故障开关", h("small", {}, note)), ...rows);
}

function row(name, words, hint, fault, times, changed) {
  const put = async (facts) => {
    const told = await post(`${CONTROL}/faults`, { faults: [{ name, seconds: WITH_SECONDS.has(name) ? 2 : 0, ...facts }] });
    if (told) changed();
  };
  const isOn = Boolean(fault);
  const head = h("div", { class: "fault-head" },
    h("div", {}, words, h("small", {}, times ? `${hint} · 已发生 ${times} 次` : hint)),
    h("button", {
      type: "button", class: "switch", role: "switch", "aria-checked": String(isOn), "aria-label": words,
      onclick: () => put({ on: !isOn }),
    }));
  return h("div", { class: "fault" }, head, isOn ? fields(name, fault, put) : null);
}

function fields(name, fault, put) {
  const facts = () => ({
    on: true, probability: fault.probability, seconds: fault.seconds, ...(fault.count ? { count: fault.count } : {}),
  });
  const chosen = (words, options, value, take) => {
    const known = options.some(([number]) => number === value) ? options : [...options, [value, String(value)]];
    const select = h("select", { onchange: () => put(take(Number(select.value))) },
      ...known.map(([number, text]) => h("option", { value: String(number), selected: number === value }, text)));
    return h("label", {}, words, select);
  };
  return h("div", { class: "fault-fields" },
    chosen("概率", PROBABILITIES, fault.probability, (probability) => ({ ...facts(), probability })),
    chosen("还剩", COUNTS, fault.count ?? 0, (count) => {
      const { count: _former, ...others } = facts();
      return count ? { ...others, count } : others;
    }),
    WITH_SECONDS.has(name)
      ? chosen("时长", SECONDS, fault.seconds, (seconds) => ({ ...facts(), seconds }))
      : null);
}
