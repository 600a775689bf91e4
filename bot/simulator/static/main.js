// Puts the page together and keeps it live.

import * as chat from "./chat.js";
import * as composer from "./composer.js";
import { $, toast } from "./elements.js";
import * as panel from "./panel.js";
import * as people from "./people.js";
import { CONTROL, PAGE } from "./platform.js";
import { get, post } from "./requests.js";
import * as sheets from "./sheets.js";

const state = { accounts: [], citizens: new Map(), openid: decodeURIComponent(location.hash.slice(1)) };

const current = () => state.citizens.get(state.openid);
const accountOf = (citizen) => state.accounts.find(({ key }) => key === citizen.account);

// A burst of messages costs one drawing of the list, not one each.
let drawing = 0;
function showPeople() {
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    people.show([...state.citizens.values()], state.accounts, state.openid, choose);
  });
}

async function load() {
  const { accounts, citizens } = await get(`${PAGE}/state`);
  const former = state.citizens;
  state.accounts = accounts;
  state.citizens = new Map(citizens.map((citizen) =>
    [citizen.openid, { ...citizen, unread: former.get(citizen.openid)?.unread ?? 0 }]));
  if (!current() && citizens.length) state.openid = citizens[0].openid;
  if (current()) await choose(state.openid);
  else showPeople();
}

async function choose(openid) {
  state.openid = openid;
  history.replaceState(null, "", `#${encodeURIComponent(openid)}`);
  // Pages that this chat leads to are opened on the same phone.
  document.cookie = `simulated_phone=${encodeURIComponent(openid)}; path=/connect; SameSite=Lax`;
  const citizen = current();
  citizen.unread = 0;
  openPeople(false);
  showPeople();
  composer.setCitizen(citizen, accountOf(citizen));
  panel.setCitizen(citizen, accountOf(citizen));
  await chat.open(citizen, accountOf(citizen));
}

const HAPPENINGS = {
  entry({ entry }) {
    const citizen = state.citizens.get(entry.openid);
    if (!citizen) return;
    citizen.last = people.lastLine(entry);
    if (entry.openid === state.openid) chat.arrive(entry);
    else if (entry.via !== "push") citizen.unread += 1;
    showPeople();
    panel.refresh();
  },
  citizen({ citizen }) {
    const known = state.citizens.get(citizen.openid);
    if (known) Object.assign(known, citizen);
    else state.citizens.set(citizen.openid, { ...citizen, unread: 0, last: null });
    if (citizen.openid === state.openid) composer.setCitizen(known, accountOf(known));
    showPeople();
  },
  typing({ openid, is_typing: isTyping }) {
    if (openid === state.openid) chat.setTyping(isTyping);
  },
  menu({ account, menu, group_menus: groupMenus }) {
    const changed = state.accounts.find(({ key }) => key === account);
    Object.assign(changed, { menu, group_menus: groupMenus });
    if (current()?.account === account) composer.setMenu(composer.menuOf(current(), changed));
  },
  push: () => panel.refresh(),
  call: () => panel.refresh(),
  faults: () => panel.refresh(),
  account: () => panel.refresh(),
  start_again: () => load(),
};

function listen() {
  let isFirst = true;
  const events = new EventSource(`${PAGE}/events`);
  events.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    HAPPENINGS[event.type]?.(event);
  });
  events.addEventListener("open", () => {
    if (!isFirst) load();
    isFirst = false;
  });
}

function showProfile() {
  const citizen = current();
  const leave = () => post(`${CONTROL}/unfollow`, { openid: citizen.openid, wait: false });
  const choices = [["平台侧面板", () => openPanel(true), false]];
  if (citizen.is_following) choices.push(["不再关注", leave, true]);
  sheets.showProfile(accountOf(citizen), citizen, choices);
}

async function addCitizen() {
  const asked = await sheets.askName();
  if (!asked?.name) return;
  const account = current()?.account ?? state.accounts[0].key;
  const made = await post(`${CONTROL}/citizens`, { account, names: [asked.name], following: asked.isFollowing });
  if (!made) return;
  const [{ openid }] = made.citizens;
  if (!state.citizens.has(openid)) HAPPENINGS.citizen({ citizen: made.citizens[0] });
  await choose(openid);
}

function openPeople(willOpen) {
  $("people").classList.toggle("open", willOpen);
  shade();
}

function openPanel(willOpen) {
  panel.toggle(willOpen);
  shade();
}

// Only on a phone do the lists lie over the chat.
function shade() {
  const isPhone = window.matchMedia("(max-width: 819px)").matches;
  $("shade").hidden = !(isPhone && (panel.isOpen() || $("people").classList.contains("open")));
}

composer.start();
$("open-people").addEventListener("click", () => openPeople(true));
$("open-profile").addEventListener("click", showProfile);
$("open-panel").addEventListener("click", () => openPanel(true));
$("close-panel").addEventListener("click", () => openPanel(false));
$("add-citizen").addEventListener("click", addCitizen);
$("shade").addEventListener("click", () => { openPeople(false); openPanel(false); });
if (window.matchMedia("(min-width: 1180px)").matches) panel.toggle(true);
listen();
load().catch(() => toast("模拟器没有回应"));
