// Keeps the page of a running import current over its event stream. Without this script the page reloads itself.
(() => {
  "use strict";

  const running = document.getElementById("running");
  const read = document.getElementById("read");
  const source = new EventSource(running.dataset.events);

  source.addEventListener("import", (event) => {
    const { state, report = {} } = JSON.parse(event.data);
    if (state !== "QUEUED" && state !== "RUNNING") {
      source.close();
      location.reload();
      return;
    }
    read.max = Number(report.sizeBytes ?? 0) || 1;
    read.value = Number(report.readBytes ?? 0);
    for (const count of document.querySelectorAll("[data-count]")) {
      count.textContent = report[count.dataset.count] ?? "0";
    }
  });
  // Such as the end of the session: the page says what.
  source.addEventListener("problem", () => {
    source.close();
    location.reload();
  });
})();
