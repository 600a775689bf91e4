/* What every page for staff does: toasts, questions before a step, ticking times, the title. */
(() => {
  "use strict";

  const TOAST_MS = 5000;

  function hideLater(note) {
    setTimeout(() => note.remove(), TOAST_MS);
    note.addEventListener("click", () => note.remove());
  }

  function toast({ text, level = "info" }) {
    const box = document.getElementById("toasts");
    // The same words twice say nothing more.
    for (const note of box.children) if (note.textContent === text) note.remove();
    const note = document.createElement("div");
    note.className = `toast-note is-${level}`;
    note.textContent = text;
    box.append(note);
    hideLater(note);
  }

  document.querySelectorAll("[data-toast]").forEach(hideLater);
  document.body.addEventListener("toast", (event) => toast(event.detail));
  /* A refresh that nobody asked for fails in silence: the sign in the menu tells of it. */
  const isBackground = (event) =>
    event.detail.requestConfig?.triggeringEvent?.type.startsWith("live:");
  document.body.addEventListener("htmx:sendError", (event) => {
    if (isBackground(event)) return;
    toast({ text: "网络不通，请稍后再试；已输入的内容不会丢失。", level: "error" });
  });
  document.body.addEventListener("htmx:timeout", (event) => {
    if (isBackground(event)) return;
    toast({ text: "服务器没有及时回应，请稍后再试。", level: "error" });
  });

  /* A live refresh may take a pressed button away before its answer arrives. What the answer
     tells is then told to the page itself. */
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    event.detail.xhr.wasHeard = true;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    if (!xhr || xhr.wasHeard) return;
    xhr.wasHeard = true;
    const told = xhr.getResponseHeader("HX-Trigger");
    if (!told) return;
    for (const [name, detail] of Object.entries(JSON.parse(told))) {
      htmx.trigger(document.body, name, typeof detail === "object" ? detail : {});
    }
  });

  /* A live refresh leaves alone what somebody has typed into a field that asks for it. */
  if (window.Idiomorph) {
    window.Idiomorph.defaults.callbacks.beforeNodeMorphed = (old) =>
      !(old.dataset?.keepTyped !== undefined && old.value !== old.defaultValue);
  }

  /* hx-confirm asks in a dialog of our own. */
  const dialog = document.getElementById("confirm");
  document.body.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question || !dialog) return;
    event.preventDefault();
    document.getElementById("confirm-text").textContent = event.detail.question;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "yes") event.detail.issueRequest(true);
    }, { once: true });
    dialog.showModal();
    document.getElementById("confirm-yes").focus();
  });

  /* A form that was sent does not send itself again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () =>
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* Open menus close when something else is clicked, and with Escape. */
  const menus = "details.account[open], details.menu[open]";
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(menus)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(menus)) menu.open = false;
  });

  /* Waiting times tick. The browser's own clock may be wrong, so only what has passed counts. */
  function inWords(seconds) {
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor(seconds / 3600) % 24;
    const minutes = Math.floor(seconds / 60) % 60;
    if (days) return `${days}天${hours}小时`;
    if (hours) return `${hours}小时${minutes}分`;
    const rest = String(seconds % 60);
    return minutes ? `${minutes}分${rest.padStart(2, "0")}秒` : `${rest}秒`;
  }

  function tick() {
    for (const place of document.querySelectorAll("[data-waited]")) {
      if (place.shownFor !== place.dataset.waited) {
        place.shownFor = place.dataset.waited;
        place.shownAt = performance.now();
      }
      const seconds = Number(place.dataset.waited)
        + Math.floor((performance.now() - place.shownAt) / 1000);
      const target = Number(place.dataset.target);
      place.textContent = inWords(seconds);
      place.classList.toggle("is-late", seconds >= target);
      place.classList.toggle("is-soon", seconds < target && seconds * 3 >= target * 2);
    }
  }
  setInterval(tick, 1000);

  /* The title tells how many wait, and a newcomer is announced. */
  const plainTitle = document.title;
  let waited = null;
  function countWaiting() {
    const badge = document.querySelector("[data-badge=desk]");
    if (!badge) return;
    const count = Number(badge.dataset.count);
    document.title = count ? `(${count}) ${plainTitle}` : plainTitle;
    if (waited !== null && count > waited) {
      badge.classList.add("is-new");
      toast({ text: `有新的会话等待接入，当前共 ${count} 个。`, level: "info" });
    }
    waited = count;
  }
  countWaiting();
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "menu") countWaiting();
  });

  window.deskToast = toast;
})();
