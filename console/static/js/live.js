/* Live events. A page listens with hx-trigger="live:conversation from:body" and fetches what is
   new; events carry no content. Topics: live:<kind>, live:<kind>-<id>, and live:catch-up when
   something may have been missed.

   Browsers allow six connections to one address over HTTP/1.1, so of all open pages only one
   holds the stream and tells the others. */
(() => {
  "use strict";

  const SILENT_MS = 40000; // the server says "alive" every 15 s
  const POLL_MS = 5000;
  const FLUSH_MS = 150;
  const BROAD_MS = 900;
  const FIRST_RETRY_MS = 1000;
  const LAST_RETRY_MS = 10000;

  const address = document.body.dataset.live;
  if (!address) return;
  const others = new BroadcastChannel("desk-live");
  let connected = false;
  let isLeading = false;
  let source = null;
  let silence = null;
  let retry = null;
  let retryMs = FIRST_RETRY_MS;

  /* Events come in bursts. What is open is told at once; lists of everything, which each word
     of anybody changes, at most once a second. A page nobody sees only counts who waits. */
  const waiting = new Map();
  const lastTold = new Map();

  function announce(topic, type) {
    if (document.hidden && topic !== "queue") return;
    waiting.set(topic, type);
    const isBroad = !topic.includes("-");
    const since = performance.now() - (lastTold.get(topic) ?? -BROAD_MS);
    const due = isBroad ? Math.max(FLUSH_MS, BROAD_MS - since) : FLUSH_MS;
    setTimeout(flush, due, topic);
  }

  function flush(topic) {
    if (!waiting.has(topic)) return;
    const type = waiting.get(topic);
    waiting.delete(topic);
    lastTold.set(topic, performance.now());
    htmx.trigger(document.body, `live:${topic}`, { type });
  }

  function hear(message) {
    if (message.kind === "notice") {
      for (const topic of message.topics) announce(topic, message.type);
    } else if (message.kind === "state") {
      show(message.connected);
    } else if (message.kind === "who-leads" && isLeading) {
      others.postMessage({ kind: "state", connected });
    }
  }

  function tell(message) {
    hear(message);
    others.postMessage(message);
  }

  function show(isConnected) {
    const place = document.getElementById("live-state");
    if (place) {
      place.dataset.state = isConnected ? "connected" : "disconnected";
      place.title = isConnected ? "实时更新已连接" : "实时连接中断，每 5 秒自动刷新";
      place.querySelector(".live-state-text").textContent = isConnected ? "实时" : "轮询";
    }
    const changed = connected !== isConnected;
    connected = isConnected;
    // Between the fetch of the page, or the break, and now, anything may have happened.
    if (isConnected || changed) announce("catch-up", "state");
  }

  function open() {
    clearTimeout(retry);
    source?.close();
    source = new EventSource(address);
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(broken, SILENT_MS);
    };
    heard();
    source.addEventListener("alive", heard);
    source.addEventListener("state", (event) => {
      heard();
      const { state } = JSON.parse(event.data);
      if (state === "ended") return broken();
      retryMs = FIRST_RETRY_MS;
      tell({ kind: "state", connected: state === "connected" });
    });
    source.addEventListener("notice", (event) => {
      heard();
      tell({ kind: "notice", ...JSON.parse(event.data) });
    });
    source.onerror = broken;
  }

  function broken() {
    clearTimeout(silence);
    source.close();
    // A planned end is followed by a new stream at once; only a longer break is worth telling.
    setTimeout(() => {
      if (!source || source.readyState !== EventSource.OPEN) tell({ kind: "state", connected: false });
    }, FIRST_RETRY_MS);
    clearTimeout(retry);
    retry = setTimeout(open, retryMs / 2 + Math.random() * retryMs / 2);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }

  /* The browser knows that the line is gone, and back, before the silence tells. */
  window.addEventListener("offline", () => { if (isLeading) broken(); });
  window.addEventListener("online", () => { if (isLeading) open(); });

  /* What could not be fetched is asked for again, even if nothing else happens. */
  function askAgain(event) {
    const cause = event.detail.requestConfig?.triggeringEvent;
    const isRefused = event.detail.xhr.status >= 400 && event.detail.xhr.status < 500;
    if (cause?.type.startsWith("live:") && !isRefused) setTimeout(announce, POLL_MS, "catch-up", "missed");
  }
  document.body.addEventListener("htmx:sendError", askAgain);
  document.body.addEventListener("htmx:responseError", askAgain);

  setInterval(() => {
    if (!connected) announce("catch-up", "poll");
  }, POLL_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) announce("catch-up", "visible");
  });

  /* What refreshes by itself must not keep an abandoned session alive. */
  document.body.addEventListener("htmx:configRequest", (event) => {
    const cause = event.detail.triggeringEvent;
    if (cause && cause.type.startsWith("live:")) event.detail.headers["X-Background"] = "1";
  });

  others.onmessage = (event) => hear(event.data);
  if (navigator.locks) {
    others.postMessage({ kind: "who-leads" });
    navigator.locks.request("desk-live", () => {
      isLeading = true;
      open();
      return new Promise(() => {}); // until this page is closed
    });
  } else {
    isLeading = true; // without https there are no locks: every page has its own stream
    open();
  }
  window.addEventListener("pagehide", () => source?.close());
})();
