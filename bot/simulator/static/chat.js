// The conversation in view.

import { needsDivider, row } from "./bubbles.js";
import { $, h } from "./elements.js";
import { CONTROL } from "./platform.js";
import { get } from "./requests.js";
import { dividerTime } from "./times.js";

const TYPING_MS = 15_000;
const NEAR_THE_END_PX = 120;

let citizen = null;
let account = null;
let last = null;
let typing;

export async function open(nextCitizen, nextAccount) {
  citizen = nextCitizen;
  account = nextAccount;
  last = null;
  setTyping(false);
  $("chat").replaceChildren();
  $("newer").hidden = true;
  const { entries } = await get(`${CONTROL}/transcript?openid=${encodeURIComponent(citizen.openid)}`);
  if (nextCitizen.openid !== citizen.openid) return;
  for (const entry of entries) add(entry);
  toEnd();
}

// Show an entry that has just come.
export function arrive(entry) {
  if (last && entry.seq <= last.seq) return;
  const chat = $("chat");
  const wasAtEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < NEAR_THE_END_PX;
  if (entry.via !== "push") setTyping(false);
  const shown = add(entry);
  shown?.classList.add("fresh");
  if (wasAtEnd || entry.via === "push") toEnd();
  else if (shown) $("newer").hidden = false;
}

function add(entry) {
  const shown = row(entry, citizen);
  if (shown) {
    const chat = $("chat");
    if (needsDivider(entry, last)) chat.append(h("div", { class: "when" }, dividerTime(entry.at)));
    chat.append(shown);
    shown.querySelector("img:not(.face)")?.addEventListener("load", toEnd, { once: true });
    last = entry;
  }
  return shown;
}

function toEnd() {
  const chat = $("chat");
  chat.scrollTop = chat.scrollHeight;
  $("newer").hidden = true;
}

export function setTyping(isTyping) {
  clearTimeout(typing);
  $("title").textContent = isTyping ? "对方正在输入…" : account?.name ?? "";
  if (isTyping) typing = setTimeout(() => setTyping(false), TYPING_MS);
}

$("newer").addEventListener("click", toEnd);
$("chat").addEventListener("scroll", () => {
  const chat = $("chat");
  if (chat.scrollHeight - chat.scrollTop - chat.clientHeight < 8) $("newer").hidden = true;
}, { passive: true });
$("viewer").addEventListener("click", () => $("viewer").close());
new ResizeObserver(() => { if ($("newer").hidden) toEnd(); }).observe($("chat"));
