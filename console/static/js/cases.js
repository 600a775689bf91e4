/* The case screens: filters that submit themselves, proposed words, and forms that are not lost
   when the case changes while somebody is typing. */
(() => {
  "use strict";

  /* Filters. */
  for (const form of document.querySelectorAll("[data-submits-itself]")) {
    form.addEventListener("change", (event) => {
      if (event.target.tagName === "SELECT") form.requestSubmit();
    });
    form.addEventListener("formdata", (event) => {
      // Addresses stay short: what was not chosen is not named.
      for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
    });
  }

  /* A reason brings its proposed words, unless somebody has written own ones. */
  document.addEventListener("change", (event) => {
    const select = event.target.closest("[data-proposes]");
    if (!select) return;
    const area = document.getElementById(select.dataset.proposes);
    const proposals = [...select.options].map((option) => option.dataset.words).filter(Boolean);
    const words = select.selectedOptions[0]?.dataset.words ?? "";
    if (!area.value.trim() || proposals.includes(area.value.trim())) area.value = words;
  });

  /* Ticked messages stand in the content; what was typed besides stays. */
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name !== "messages" || box.type !== "checkbox") return;
    const area = document.querySelector("[data-filled-by=messages]");
    const words = box.dataset.words;
    if (box.checked) {
      area.value = area.value.trim() ? `${area.value.trimEnd()}\n${words}` : words;
    } else {
      area.value = area.value.replace(words, "").replace(/\n{2,}/g, "\n").trim();
    }
  });

  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

  /* The steps are refreshed when the case changes; not while somebody is typing in them. */
  const steps = document.getElementById("case-steps");
  if (!steps) return;
  let isTouched = false;
  steps.addEventListener("input", () => { isTouched = true; });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== steps) return;
    const version = event.detail.xhr.getResponseHeader("X-Case-Version");
    if (!version) return;
    if (version === steps.dataset.version) {
      event.detail.shouldSwap = false;
    } else if (isTouched) {
      event.detail.shouldSwap = false;
      document.getElementById("steps-changed").hidden = false;
    } else {
      steps.dataset.version = version;
    }
  });
  steps.addEventListener("click", (event) => {
    if (!event.target.closest("[data-look-again]")) return;
    const forms = [...steps.querySelectorAll("details[open] form")];
    const form = forms.find((each) => isChanged(each)) ?? forms[0];
    const button = form?.querySelector("[name=look_again]");
    if (button) form.requestSubmit(button);
    else window.location.reload();
  });

  function isChanged(form) {
    return [...form.elements].some((field) =>
      field.tagName === "TEXTAREA" && field.value !== field.defaultValue);
  }

  window.addEventListener("beforeunload", (event) => {
    const forms = [...steps.querySelectorAll("form")];
    if (isTouched && forms.some((form) => isChanged(form) && !form.dataset.sent)
        && !forms.some((form) => form.dataset.sent)) event.preventDefault();
  });
})();
