// What the platform's side is built of.

import { h } from "./elements.js";

export const section = (title, note, ...children) =>
  h("section", {}, h("h3", {}, title, note ? h("small", {}, note) : null), ...children);

export const pair = (words, hint, control) =>
  h("div", { class: "pair" }, h("div", {}, words, hint ? h("small", {}, hint) : null), control);

export function choice(options, current, act) {
  return h("div", { class: "choice" }, ...Object.entries(options).map(([value, words]) =>
    h("button", { type: "button", "aria-pressed": String(value === current), onclick: () => act(value) }, words)));
}

export const toggleSwitch = (isOn, words, act) =>
  h("button", { type: "button", class: "switch", role: "switch", "aria-checked": String(isOn), "aria-label": words, onclick: () => act(!isOn) });
