// Pictures: fallbacks for broken ones, and the gallery of a product. Pages work without this script.
(() => {
  "use strict";

  // A broken picture is hidden and shows the placeholder behind it. The listeners are added before pictures
  // load, and capture the events, which do not bubble.
  document.addEventListener("error", ({ target }) => {
    if (target instanceof HTMLImageElement) target.classList.add("broken");
  }, true);
  document.addEventListener("load", ({ target }) => {
    if (target instanceof HTMLImageElement) {
      target.classList.remove("broken");
      target.classList.add("loaded");
    }
  }, true);

  document.addEventListener("DOMContentLoaded", () => {
    const main = document.getElementById("picture");
    const thumbs = document.querySelectorAll(".thumbs a");
    for (const thumb of thumbs) {
      thumb.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        main.classList.remove("broken", "loaded");
        main.src = thumb.href;
        main.alt = thumb.firstElementChild.alt;
        for (const other of thumbs) other.removeAttribute("aria-current");
        thumb.setAttribute("aria-current", "true");
      });
    }
  });
})();
