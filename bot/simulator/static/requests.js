// Talking to the simulator.

import { toast } from "./elements.js";
import { ACCOUNT, CONTROL } from "./platform.js";

const WORDS = {
  not_following: `还没有关注${ACCOUNT}`,
  nothing_to_tap: "这个链接点不动",
  too_many_citizens: "市民太多了，请先重置",
};

export async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// Post, tell the citizen when it is refused, and return null then.
export async function post(path, said, { raw = false } = {}) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": raw ? "application/octet-stream" : "application/json" },
      body: raw ? said : JSON.stringify(said),
    });
    const told = await answer.json();
    if (answer.ok) return told;
    toast(WORDS[told.error] ?? (told.errcode === 40137 ? "只能发送图片" : "没有发出去"));
  } catch {
    toast("网络不可用，模拟器没有回应");
  }
  return null;
}

export const say = (openid, facts) => post(`${CONTROL}/say`, { openid, wait: false, ...facts });
