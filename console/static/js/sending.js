/* Beside the reply box: how long the platform still lets us send, and that we are writing. */
(() => {
  "use strict";

  const pad = (number) => String(number).padStart(2, "0");

  function tick() {
    for (const place of document.querySelectorAll("[data-remaining]")) {
      if (place.shownAt === undefined) place.shownAt = performance.now();
      const gone = Math.floor((performance.now() - place.shownAt) / 1000);
      const seconds = Number(place.dataset.remaining) - gone;
      const minutes = Math.max(0, Math.ceil(seconds / 60));
      place.textContent = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
      if (seconds <= 0 && !place.isOver) {
        place.isOver = true;
        htmx.trigger(document.body, "live:catch-up", {});
      }
    }
  }
  setInterval(tick, 1000);

  /* The citizen sees that somebody is writing. The desk decides how often that is told. */
  const TOLD_EVERY_MS = 10_000;
  let toldAt = -TOLD_EVERY_MS;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form.composer-form.is-reply");
    if (!form || !event.target.value || performance.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = performance.now();
    const id = form.closest("#composer").dataset.conversation;
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
    fetch(`/desk/${id}/typing`, { method: "POST", headers }).catch(() => {});
  });
})();
