/* The chat on the office's site. The page asks for what is new: often while an answer is on its
   way, seldom when nothing happens or nobody looks. Nothing typed is lost when the line breaks. */
(() => {
  "use strict";

  const SOON_MS = 1000; // an answer is being written
  const CALM_MS = 3000; // a talk is going on
  const IDLE_MS = 12000; // nothing was said for a while
  const HIDDEN_MS = 30000;
  const TALKING_MS = 3 * 60 * 1000;
  const LONGEST_RETRY_MS = 20000;

  const talk = document.getElementById("talk");
  const lines = document.getElementById("talk-lines");
  const form = document.getElementById("say");
  const entry = document.getElementById("text");
  const typing = document.getElementById("talk-typing");
  const status = document.getElementById("talk-status");
  const broken = document.getElementById("talk-broken");
  const refusal = document.getElementById("talk-refusal");
  const fresh = document.getElementById("talk-new");
  const count = document.getElementById("talk-count");
  const limit = Number(entry.dataset.limit);
  const others = new BroadcastChannel("desk-chat"); // other tabs of the same talk

  let after = Number(talk.dataset.after);
  let isTyping = !typing.hidden;
  let withPeople = false;
  let lastWordsAt = after ? Date.now() : 0;
  let failures = 0;
  let timer = null;
  let asking = null;

  const token = () => form.elements.csrf_token.value;
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const isAtEnd = () => lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80;

  function toEnd() {
    lines.scrollTop = lines.scrollHeight;
    fresh.hidden = true;
  }

  function pause() {
    if (failures) return Math.min(LONGEST_RETRY_MS, SOON_MS * 2 ** failures);
    if (isTyping) return SOON_MS;
    if (document.hidden) return HIDDEN_MS;
    return withPeople || Date.now() - lastWordsAt < TALKING_MS ? CALM_MS : IDLE_MS;
  }

  function askLater(ms = pause()) {
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  }

  async function ask() {
    clearTimeout(timer);
    if (asking) return asking;
    asking = fetchNews().catch(showBroken).finally(() => {
      asking = null;
      askLater();
    });
    return asking;
  }

  async function fetchNews() {
    const address = new URL(talk.dataset.news, location.href);
    address.searchParams.set("after", after);
    address.searchParams.set("read", document.hidden ? 0 : after);
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    failures = 0;
    broken.hidden = true;
    if (answer.status === 204) return;
    const news = await answer.json();
    const wasAtEnd = isAtEnd();
    const hasNew = add(news.lines);
    after = Math.max(after, news.after);
    isTyping = news.is_typing;
    withPeople = news.with_people;
    typing.hidden = !isTyping;
    if (status.textContent !== news.status) status.textContent = news.status;
    if (hasNew) lastWordsAt = Date.now();
    if (wasAtEnd) toEnd();
    else if (hasNew) fresh.hidden = false;
  }

  function add(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    let hasNew = false;
    for (const node of [...box.content.children]) {
      const isKnown = node.id ? document.getElementById(node.id) : node.dataset.day && lines.querySelector(`[data-day="${node.dataset.day}"]`);
      if (isKnown) continue;
      // What was shown before the desk had it is replaced by what the desk has.
      if (node.classList.contains("is-own")) lines.querySelector(".is-waiting")?.remove();
      lines.insertBefore(node, typing);
      hasNew ||= node.matches("article:not(.is-own)");
    }
    return hasNew;
  }

  function showBroken() {
    failures += 1;
    if (failures > 1) broken.hidden = false;
  }

  function refuse(words) {
    refusal.textContent = words;
    refusal.hidden = !words;
  }

  function showWaiting(text) {
    const line = document.createElement("article");
    line.className = "talk-line is-own is-waiting";
    const words = document.createElement("div");
    words.className = "talk-words";
    words.textContent = text;
    line.append(words);
    lines.insertBefore(line, typing);
    toEnd();
    return line;
  }

  async function send(text, key) {
    refuse("");
    const line = showWaiting(text);
    const body = new URLSearchParams({ csrf_token: token(), key, text });
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
      if (answer.ok) {
        isTyping = true;
        lastWordsAt = Date.now();
        others.postMessage("said");
        await (asking ?? null);
        await ask();
        return true;
      }
      line.remove();
      const isOurs = answer.headers.get("Content-Type")?.includes("json");
      refuse(isOurs ? (await answer.json()).refusal : "没有发送成功，请刷新页面后再试。您输入的内容没有丢失。");
    } catch {
      line.remove();
      showBroken();
      refuse("网络不通，消息没有发出。您输入的内容没有丢失，请稍后再点“发送”。");
    }
    return false;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = entry.value.trim();
    if (!text) return;
    if (text.length > limit) return refuse(`内容过长：${text.length} 字，最多 ${limit} 字。请分几条发送，或使用“我要留言”。`);
    const key = form.elements.key.value;
    const typed = entry.value;
    entry.value = "";
    grow();
    if (await send(text, key)) {
      form.elements.key.value = newKey();
    } else if (!entry.value) {
      // The same key again: should the first have arrived after all, it stays one message.
      entry.value = typed;
      grow();
    }
    entry.focus();
  });

  lines.addEventListener("click", (event) => {
    const choice = event.target.closest(".talk-choice");
    if (!choice) return;
    event.preventDefault();
    send(choice.value, newKey());
  });

  function grow() {
    entry.rows = Math.min(5, Math.max(1, entry.value.split("\n").length, Math.ceil(entry.value.length / 22)));
    const length = entry.value.trim().length;
    count.hidden = length < limit * 0.8;
    count.textContent = `${length} / ${limit} 字`;
    count.classList.toggle("is-over", length > limit);
  }

  entry.addEventListener("input", () => { grow(); refuse(""); });
  entry.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  fresh.addEventListener("click", toEnd);
  lines.addEventListener("scroll", () => { if (isAtEnd()) fresh.hidden = true; });
  others.addEventListener("message", () => ask());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  window.addEventListener("online", () => { failures = 0; ask(); });
  window.addEventListener("pagehide", () => {
    navigator.sendBeacon(talk.dataset.left, new URLSearchParams({ csrf_token: token() }));
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });

  grow();
  toEnd();
  askLater(isTyping ? SOON_MS : 300);
})();
