// Building elements. Text always goes in as text: nothing here or elsewhere writes HTML.

export const $ = (id) => document.getElementById(id);

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

const COLOURS = ["#5b8def", "#e0875a", "#48a999", "#b56fc4", "#d9a441", "#6b7fd7", "#cf6679", "#5f9e55"];

export function face(citizen) {
  let sum = 0;
  for (const letter of citizen.name + citizen.openid) sum = (sum * 33 + letter.codePointAt(0)) % 65_521;
  const element = h("div", { class: "face", "aria-hidden": "true" }, citizen.name.slice(0, 1));
  element.style.background = COLOURS[Math.floor(sum / 7) % COLOURS.length];
  return element;
}

export function officeFace() {
  return h("img", { class: "face", src: "/static/office.svg", alt: "" });
}

let hiding;
export function toast(words) {
  const element = $("toast");
  element.textContent = words;
  element.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { element.hidden = true; }, 1900);
}
