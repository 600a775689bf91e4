// The citizens to switch between.

import { $, face, h } from "./elements.js";
import { ACCOUNT } from "./platform.js";
import { listTime } from "./times.js";

const MAX_SHOWN = 200;
const EVENTS = { follow: `关注了${ACCOUNT}`, unfollow: "已取消关注", click: "点击了菜单", scan: "扫描了二维码", scan_follow: "扫码关注了微博" };

export function show(citizens, accounts, current, choose) {
  const list = $("people-list");
  const rows = [];
  for (const account of accounts) {
    if (accounts.length > 1) rows.push(h("div", { class: "people-group" }, account.name));
    const theirs = citizens.filter((citizen) => citizen.account === account.key).sort(lastSpokenFirst);
    const shown = theirs.slice(0, MAX_SHOWN);
    rows.push(...shown.map((citizen) => person(citizen, citizen.openid === current, choose)));
    if (theirs.length > MAX_SHOWN) {
      rows.push(h("div", { class: "people-group" }, `还有 ${theirs.length - MAX_SHOWN} 位市民`));
    }
  }
  list.replaceChildren(...rows);
  const unread = citizens.reduce((sum, citizen) => sum + (citizen.unread ?? 0), 0);
  $("unread").textContent = unread > 99 ? "99+" : String(unread);
  $("unread").hidden = unread === 0;
}

const lastSpokenFirst = (one, other) => (other.last?.at ?? "").localeCompare(one.last?.at ?? "");

function person(citizen, isCurrent, choose) {
  const badge = citizen.unread ? h("span", { class: "badge" }, String(citizen.unread)) : null;
  return h(
    "button",
    { type: "button", class: "person", role: "listitem", "aria-current": String(isCurrent), onclick: () => choose(citizen.openid) },
    h("div", { class: "person-face" }, face(citizen), badge),
    // The end of the OpenID is the name an office can give: WeChat tells it no other.
    h("span", { class: "person-name" }, citizen.name, h("small", {}, citizen.openid.slice(-4))),
    h("span", { class: "person-time" }, citizen.last ? listTime(citizen.last.at) : ""),
    h("span", { class: "person-last" }, citizen.is_following ? citizen.last?.text ?? "还没有说话" : h("b", {}, `未关注${ACCOUNT}`)),
  );
}

export function lastLine(entry) {
  const text = EVENTS[entry.kind] ?? entry.text;
  return { text: text.slice(0, 60), at: entry.at };
}
