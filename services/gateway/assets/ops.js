// Keeps the page current over one event stream. The page works without this script.
(() => {
  "use strict";

  const MAX_ROWS = 200;
  const FIRST_PAUSE = 1000;
  const LONGEST_PAUSE = 30000;
  // Snapshots come every second.
  const LATE = 5000;
  const board = document.getElementById("board");
  const rows = document.getElementById("rows");
  const live = document.getElementById("live");

  const showState = (isLive) => {
    const text = isLive ? live.dataset.live : live.dataset.lost;
    if (live.textContent === text) return;
    live.textContent = text;
    live.classList.toggle("lost", !isLive);
  };

  const parse = (html, tag) => {
    const parsed = document.createElement(tag);
    parsed.innerHTML = html;
    return parsed;
  };

  // Makes one tree like another in place: what has the focus, is selected or scrolled stays.
  const morph = (from, to) => {
    for (const { name, value } of to.attributes ?? []) {
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
    const wanted = [...to.childNodes];
    while (from.childNodes.length > wanted.length) from.lastChild.remove();
    wanted.forEach((next, at) => {
      const now = from.childNodes[at];
      if (!now) from.append(next);
      else if (now.nodeName !== next.nodeName) now.replaceWith(next);
      else if (now.nodeType === Node.TEXT_NODE) {
        if (now.data !== next.data) now.data = next.data;
      } else morph(now, next);
    });
  };

  const took = (row) => Number(row.dataset.us);
  const addRows = (html) => {
    const table = parse(`<table><tbody>${html}</tbody></table>`, "div");
    const added = [...table.querySelectorAll("tr")];
    if (rows.dataset.order === "slowest") {
      for (const row of added) {
        const next = [...rows.children].find((other) => took(other) < took(row));
        rows.insertBefore(row, next ?? null);
      }
    } else rows.prepend(...added);
    // The oldest leaves, as at the gateway.
    const number = (row) => Number(row.id.slice(1));
    while (rows.children.length > MAX_ROWS) {
      [...rows.children].reduce((oldest, row) => (number(row) < number(oldest) ? row : oldest)).remove();
    }
  };

  let source = null;
  let pause = FIRST_PAUSE;
  let retry = 0;
  let late = 0;
  let last = "";

  const stop = () => {
    clearTimeout(retry);
    clearTimeout(late);
    source?.close();
    source = null;
  };

  const alive = () => {
    pause = FIRST_PAUSE;
    showState(true);
    clearTimeout(late);
    late = setTimeout(() => showState(false), LATE);
  };

  const start = () => {
    // A hidden page needs no snapshots, and browsers limit the connections to one host.
    if (document.hidden || source) return;
    const url = document.getElementById("main").dataset.events;
    const stream = new EventSource(last ? url.replace(/after=\d+/, `after=${last}`) : url);
    source = stream;
    stream.addEventListener("board", (event) => {
      alive();
      morph(board, parse(event.data, "div"));
    });
    stream.addEventListener("rows", (event) => {
      last = event.lastEventId;
      addRows(event.data);
    });
    stream.addEventListener("reset", () => rows.replaceChildren());
    stream.addEventListener("error", () => {
      showState(false);
      // EventSource reconnects a lost connection itself, but gives up after an error response.
      if (stream !== source || stream.readyState !== EventSource.CLOSED) return;
      stop();
      retry = setTimeout(start, pause * (0.5 + Math.random()));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  };

  start();
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", start);
})();
