/* The editor: hints for the line being typed, a preview, and nothing that was typed gets lost. */
(() => {
  "use strict";

  const HINT_MS = 350;
  const PREVIEW_MS = 700;
  const SAVE_MS = 3000;

  /* Lists: a filter is applied as soon as it is chosen. */
  document.querySelectorAll("form[data-submits-itself]").forEach((form) =>
    form.addEventListener("change", (event) => {
      if (event.target.type !== "search") form.requestSubmit();
    }));
  document.body.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick-all]")) return;
    for (const box of document.querySelectorAll("input[name=change]")) box.checked = event.target.checked;
  });

  const form = document.getElementById("entry-form");
  if (!form) return;

  function later(wait, work) {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(work, wait);
    };
  }

  /* Hints for the line in which the caret stands. */
  const variants = document.getElementById("variants");
  const question = document.getElementById("question");
  const line = document.getElementById("hint-line");
  let typedIn = variants;
  function lineAtCaret() {
    if (typedIn === question) return question.value.trim();
    const { value, selectionStart } = variants;
    const begin = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", selectionStart);
    return value.slice(begin, end < 0 ? value.length : end).trim();
  }
  const hint = later(HINT_MS, () => {
    const text = lineAtCaret();
    if (text === line.value) return;
    line.value = text;
    htmx.trigger("#near", "knowledge:line");
    htmx.trigger("#understood", "knowledge:line");
  });
  for (const place of [variants, question]) {
    for (const name of ["input", "keyup", "click"]) {
      place.addEventListener(name, () => {
        typedIn = place;
        hint();
      });
    }
  }

  function countLines() {
    const lines = variants.value.split("\n").map((text) => text.trim()).filter(Boolean);
    const repeated = lines.length - new Set(lines).size;
    document.getElementById("variant-count").textContent =
      `${lines.length} 种${repeated ? `，其中 ${repeated} 种重复，保存时合并` : ""}`;
  }
  variants.addEventListener("input", countLines);
  countLines();

  const preview = later(PREVIEW_MS, () => htmx.trigger("#preview", "knowledge:preview"));

  /* References come and go. */
  const references = document.getElementById("references");
  document.getElementById("add-reference").addEventListener("click", () => {
    references.append(document.getElementById("reference-row").content.cloneNode(true));
    references.lastElementChild.querySelector("input").focus();
  });
  references.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-row]");
    if (!button) return;
    button.closest(".reference-row").remove();
    changed();
  });

  /* Saving by itself; what cannot be saved stays on this machine. */
  const state = document.getElementById("save-state");
  const key = form.dataset.key;
  const fields = () => [...new FormData(form)].filter(([name]) =>
    !["csrf_token", "revision", "change_id", "then"].includes(name));
  const asText = () => JSON.stringify(fields());
  let saved = asText();
  let isSaving = false;

  function tell(text, isWrong = false) {
    state.textContent = text;
    state.classList.toggle("is-wrong", isWrong);
  }

  function keep() {
    try {
      localStorage.setItem(key, asText());
    } catch {
      /* Without a store the server still has the last save. */
    }
  }

  async function save() {
    const text = asText();
    if (isSaving || text === saved) return;
    isSaving = true;
    tell("正在保存…");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new FormData(form), redirect: "manual",
        headers: { Accept: "application/json" },
      });
      if (answer.ok) {
        form.elements.revision.value = (await answer.json()).revision;
        saved = text;
        if (asText() === text) localStorage.removeItem(key);
        tell("已自动保存");
      } else if (answer.status === 422) {
        const { errors } = await answer.json();
        tell(`尚未保存：${Object.values(errors)[0]}`, true);
      } else if (answer.status === 409) {
        tell((await answer.json()).error, true);
      } else {
        tell("登录可能已过期，未能保存；内容留在这台电脑上，请重新登录后恢复。", true);
      }
    } catch {
      tell("网络不通，未能保存；内容留在这台电脑上。", true);
    } finally {
      isSaving = false;
    }
    if (asText() !== saved && asText() !== text) autosave();
  }
  const autosave = later(SAVE_MS, save);

  function changed() {
    keep();
    preview();
    autosave();
  }
  form.addEventListener("input", changed);
  form.addEventListener("submit", () => {
    keep();
    isSaving = true;
  });

  /* What an earlier visit could not save is offered again. */
  const kept = localStorage.getItem(key);
  const offer = document.getElementById("restored");
  if (kept && kept !== saved) {
    offer.hidden = false;
    document.getElementById("restore-kept").addEventListener("click", () => {
      fill(JSON.parse(kept));
      offer.hidden = true;
      changed();
    });
    document.getElementById("drop-kept").addEventListener("click", () => {
      localStorage.removeItem(key);
      offer.hidden = true;
    });
  } else if (kept) {
    localStorage.removeItem(key);
  }

  function fill(values) {
    const rows = values.filter(([name]) => name === "reference_document").length;
    while (references.children.length < rows) {
      references.append(document.getElementById("reference-row").content.cloneNode(true));
    }
    const used = {};
    form.elements.is_people_only.checked = false;
    for (const [name, value] of values) {
      const all = form.querySelectorAll(`[name="${name}"]`);
      if (all[0]?.type === "radio" || all[0]?.type === "checkbox") {
        for (const one of all) if (one.value === value) one.checked = true;
      } else {
        const place = (used[name] = (used[name] ?? -1) + 1);
        if (all[place]) all[place].value = value;
      }
    }
    countLines();
  }
})();
