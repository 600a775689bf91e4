/* Copying the address that the platform is to push to. */
(() => {
  "use strict";

  const SHOWN_MS = 2000;

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copies);
    const words = button.querySelector("span");
    select(source);
    try {
      await navigator.clipboard.writeText(source.textContent);
      words.textContent = "已复制";
    } catch {
      // Without HTTPS browsers give no clipboard: the address is marked, to be copied by hand.
      words.textContent = "已选中，请按 Ctrl+C";
    }
    setTimeout(() => { words.textContent = "复制"; }, SHOWN_MS);
  });
})();
