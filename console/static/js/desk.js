/* The desk: the composer with its two modes, the thread's scrolling, what has been looked at. */
(() => {
  "use strict";

  const NEAR_BOTTOM_PX = 80;
  const WIDE = "(min-width: 1251px)";
  const bytesOf = (text) => new TextEncoder().encode(text).length;
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"));
  const thread = () => document.getElementById("thread");
  const conversationId = () => document.querySelector("[data-conversation]")?.dataset.conversation;

  /* ---- Composer ---- */

  const draftName = (form) =>
    `draft:${form.closest("#composer").dataset.conversation}:${form.dataset.mode}`;

  function setMode(mode) {
    const composer = document.getElementById("composer");
    const tabs = composer.querySelectorAll(".composer-tab");
    if (!tabs.length) return;
    composer.dataset.mode = mode;
    for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.dataset.mode === mode));
  }

  const openForm = () => {
    const composer = document.getElementById("composer");
    return composer?.querySelector(`form[data-mode="${composer.dataset.mode}"]`);
  };

  /* One key per text: the same click sent twice is one message. */
  function renewKey(form) {
    const random = crypto.getRandomValues(new Uint8Array(15));
    form.elements.client_key.value = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function fit(text) {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 240)}px`;
  }

  function count(form) {
    const place = form.querySelector("[data-count]");
    if (!place) return;
    const text = form.elements.text;
    const limit = Number(text.dataset.limit);
    const bytes = bytesOf(text.value);
    place.classList.toggle("is-over", bytes > limit);
    if (bytes > limit) place.textContent = `${bytes} / ${limit} 字节，将分 ${Math.ceil(bytes / limit)} 条发送`;
    else place.textContent = bytes ? `${text.value.length} 字 · ${bytes} / ${limit} 字节` : "";
  }

  function prepareComposer() {
    const composer = document.getElementById("composer");
    if (!composer || composer.dataset.mode) return;
    for (const form of composer.querySelectorAll("form.composer-form")) {
      renewKey(form);
      form.elements.text.value = sessionStorage.getItem(draftName(form)) ?? "";
      count(form);
    }
    setMode("reply");
  }

  /* Browsers give the clipboard to pages over HTTPS only; elsewhere the words can be selected. */
  async function copy(words) {
    try {
      await navigator.clipboard.writeText(words);
      window.deskToast({ text: "已复制。" });
    } catch {
      window.deskToast({ text: `无法自动复制，请手动选取：${words}`, level: "error" });
    }
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest(".composer-tab");
    if (tab) {
      setMode(tab.dataset.mode);
      openForm()?.elements.text.focus();
    }
    const phrase = event.target.closest("[data-phrase]");
    if (phrase) {
      const form = phrase.closest("form");
      const text = form.elements.text;
      text.setRangeText(phrase.dataset.phrase, text.selectionStart, text.selectionEnd, "end");
      phrase.closest("details").open = false;
      text.focus();
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const copied = event.target.closest("[data-copy]");
    if (copied) copy(copied.dataset.copy);
    if (event.target.closest("[data-toggle-context]")) toggleContext();
    if (event.target.closest("#thread-new")) toBottom();
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest(".composer-form");
    if (!form) return;
    const text = form.elements.text;
    fit(text);
    count(form);
    if (text.value) sessionStorage.setItem(draftName(form), text.value);
    else sessionStorage.removeItem(draftName(form));
  });

  document.addEventListener("keydown", (event) => {
    const text = event.target.closest?.(".composer-text");
    if (text) {
      const form = text.closest("form");
      // While an input method composes characters, Enter chooses them.
      const isComposing = event.isComposing || event.keyCode === 229;
      if (event.key === "Enter" && !event.shiftKey && !isComposing) {
        event.preventDefault();
        if (text.value.trim()) form.requestSubmit();
      } else if (event.key === "/" && !text.value && form.querySelector("details.menu")) {
        event.preventDefault();
        form.querySelector("details.menu").open = true;
        form.querySelector(".menu-item").focus();
      } else if (event.key === "Escape" && form.dataset.mode === "note") {
        setMode("reply");
        openForm()?.elements.text.focus();
      }
      return;
    }
    const item = event.target.closest?.(".menu-item");
    if (item && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      (event.key === "ArrowDown" ? item.nextElementSibling : item.previousElementSibling)?.focus();
    }
    const line = event.target.closest?.(".line-link");
    if (line && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const lines = [...document.querySelectorAll(".desk-lists .line-link")];
      lines[lines.indexOf(line) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !document.getElementById("composer")) return;
    const mode = { r: "reply", n: "note" }[event.key.toLowerCase()];
    if (!mode) return;
    event.preventDefault();
    setMode(mode);
    openForm()?.elements.text.focus();
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.(".composer-form");
    if (form) form.elements.text.readOnly = true;
  });

  function afterSending(form, isSent) {
    const sent = form.elements.text.value;
    form.elements.text.readOnly = false;
    if (isSent) sessionStorage.removeItem(draftName(form));
    // Meanwhile the composer may have been replaced by a fresh one.
    const current = form.isConnected ? form
      : document.querySelector(`#composer form[data-mode="${form.dataset.mode}"]`);
    if (!current) return;
    const text = current.elements.text;
    if (isSent && text.value === sent) {
      text.value = "";
      renewKey(current);
      fit(text);
      count(current);
      wasNearBottom = true;
    }
    text.focus();
  }

  document.body.addEventListener("htmx:afterRequest", (event) => {
    // What was pressed, even if a refresh has taken it off the page since.
    const pressed = event.detail.requestConfig?.elt;
    if (!pressed) return;
    if (pressed.matches(".composer-form")) afterSending(pressed, event.detail.successful);
    // Taking over from the list opens the conversation.
    if (pressed.matches("[data-opens]") && event.detail.successful) {
      document.getElementById(pressed.dataset.opens)?.click();
    }
  });

  /* ---- Thread ---- */

  let wasNearBottom = true;
  const isNearBottom = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_BOTTOM_PX;

  function toBottom() {
    const box = thread();
    if (box) box.scrollTop = box.scrollHeight;
    document.getElementById("thread-new")?.setAttribute("hidden", "");
  }

  document.addEventListener("scroll", (event) => {
    if (event.target.id !== "thread") return;
    wasNearBottom = isNearBottom(event.target);
    if (wasNearBottom) {
      document.getElementById("thread-new").hidden = true;
      markSeen();
    }
  }, true);

  /* Pictures arrive after the words and push them up. */
  document.addEventListener("load", (event) => {
    if (event.target.matches?.(".picture") && wasNearBottom) toBottom();
  }, true);

  let shownSeq = 0;
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "conversation") return prepareConversation();
    if (event.target.id === "desk-lists") return showCurrent();
    const cursor = Number(document.getElementById("thread-cursor")?.value ?? 0);
    if (cursor <= shownSeq) return;
    shownSeq = cursor;
    if (wasNearBottom) toBottom();
    else document.getElementById("thread-new").hidden = false;
    markSeen();
  });
  document.body.addEventListener("htmx:oobAfterSwap", prepareComposer);

  /* Earlier messages are put above: what is being read stays where it is. */
  let heightBefore = 0;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "thread-earlier") heightBefore = thread().scrollHeight - thread().scrollTop;
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    if (!heightBefore) return;
    thread().scrollTop = thread().scrollHeight - heightBefore;
    heightBefore = 0;
  });

  /* ---- What has been looked at ---- */

  let seenSeq = 0;
  function markSeen() {
    const id = conversationId();
    const isHolding = document.getElementById("state-mark")?.dataset.mine === "yes";
    if (!id || !isHolding || document.hidden || !wasNearBottom || seenSeq >= shownSeq) return;
    seenSeq = shownSeq;
    fetch(`/desk/${id}/seen`, {
      method: "POST",
      headers: { ...token(), "HX-Request": "true" },
      body: new URLSearchParams({ up_to_seq: shownSeq }),
    }).then((answer) => {
      if (answer.ok) htmx.trigger(document.body, "live:conversation", { type: "seen" });
      else seenSeq = 0;
    }, () => { seenSeq = 0; });
  }
  document.addEventListener("visibilitychange", markSeen);

  /* ---- Opening a conversation ---- */

  function showCurrent() {
    const id = conversationId();
    for (const link of document.querySelectorAll(".desk-lists .line-link")) {
      if (id && link.getAttribute("href") === `/desk/${id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  function toggleContext() {
    const box = document.querySelector(".conversation");
    if (matchMedia(WIDE).matches) {
      const isHidden = box.classList.toggle("is-context-hidden");
      localStorage.setItem("desk-context", isHidden ? "hidden" : "shown");
    } else box.classList.toggle("is-context-shown");
  }

  function prepareConversation() {
    if (!thread()) return;
    shownSeq = Number(document.getElementById("thread-cursor").value);
    seenSeq = 0;
    wasNearBottom = true;
    if (localStorage.getItem("desk-context") === "hidden" && matchMedia(WIDE).matches) {
      document.querySelector(".conversation").classList.add("is-context-hidden");
    }
    prepareComposer();
    toBottom();
    showCurrent();
    markSeen();
    const form = openForm();
    if (form?.dataset.mode === "reply" && matchMedia("(pointer: fine)").matches) form.elements.text.focus();
  }

  prepareConversation();
})();
