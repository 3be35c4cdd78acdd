// Live parts of the storefront: fallbacks for broken pictures, stock updates, and search as you type.
// Every page works without this script.
(() => {
  "use strict";

  // Pictures. A broken one is hidden and shows the placeholder behind it. The listeners are added
  // before pictures load, and capture the events, which do not bubble.
  document.addEventListener("error", ({ target }) => {
    if (target instanceof HTMLImageElement) target.classList.add("broken");
  }, true);
  document.addEventListener("load", ({ target }) => {
    if (target instanceof HTMLImageElement) {
      target.classList.remove("broken");
      target.classList.add("loaded");
    }
  }, true);

  const gallery = () => {
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
  };

  // Stock.

  // The texts of pages/text.rs.
  const FEW = 5;
  const stockText = (quantity) => {
    if (quantity <= 0) return "Out of stock";
    if (quantity <= FEW) return `Only ${quantity} left`;
    return `${quantity.toLocaleString("en")} in stock`;
  };
  const stockLevel = (quantity) => (quantity <= 0 ? "none" : quantity <= FEW ? "few" : "some");

  const stockElements = (productId, filter = "") => {
    const product = `[data-revision][data-product-id="${CSS.escape(productId)}"]`;
    return document.querySelectorAll(product + filter);
  };

  const show = (element, text, level) => {
    if (element.textContent === text) return;
    element.textContent = text;
    element.dataset.level = level;
    // Restarts the highlight animation, even while it runs.
    element.classList.remove("changed");
    void element.offsetWidth;
    element.classList.add("changed");
  };

  const showStock = (elements, stockQty, revision) => {
    for (const element of elements) {
      if (Number(revision) < Number(element.dataset.revision)) continue;
      element.dataset.revision = revision;
      show(element, stockText(stockQty), stockLevel(stockQty));
    }
  };

  const onAvailability = ({ productId, stockQty, revision }) =>
    showStock(stockElements(productId, ":not([data-sku])"), stockQty, revision);

  const onVariants = ({ productId, revision, variants }) => {
    for (const { sku, stockQty } of variants) {
      showStock(stockElements(productId, `[data-sku="${CSS.escape(sku)}"]`), stockQty, revision);
    }
  };

  const onMissing = ({ productId }) => {
    for (const element of stockElements(productId)) {
      // A product that is created again begins with the first revision.
      element.dataset.revision = "0";
      show(element, "No longer sold", "none");
    }
  };

  const showState = (state) => {
    const live = document.getElementById("live");
    if (!live) return;
    live.dataset.state = state;
    const texts = { on: "live", off: "", stale: "may be out of date, reconnecting" };
    live.textContent = texts[state];
  };

  // One event stream for all products on the page. A hidden page closes it, because browsers limit
  // the connections to one host; the next stream begins with the current stock.
  const stock = (() => {
    const FIRST_PAUSE = 1000;
    const LONGEST_PAUSE = 30000;
    let source = null;
    let current = "";
    let timer = 0;
    let pause = FIRST_PAUSE;

    const streamUrl = () => {
      const elements = document.querySelectorAll("[data-revision][data-product-id]");
      const ids = new Set([...elements].map((element) => element.dataset.productId));
      const params = [...ids].slice(0, 60).map((id) => `productId=${encodeURIComponent(id)}`);
      if (document.querySelector("[data-revision][data-sku]")) params.push("variants=true");
      return params.length === 0 ? "" : `/v1/availability?${params.join("&")}`;
    };

    const stop = () => {
      clearTimeout(timer);
      source?.close();
      source = null;
      current = "";
    };

    const start = () => {
      const url = document.hidden ? "" : streamUrl();
      if (url === current) return;
      stop();
      if (url === "") return;
      current = url;
      const stream = new EventSource(url);
      source = stream;
      const on = (name, handle) =>
        stream.addEventListener(name, (event) => {
          pause = FIRST_PAUSE;
          handle(JSON.parse(event.data));
        });
      on("availability", (level) => {
        showState("on");
        onAvailability(level);
      });
      on("variants", onVariants);
      on("missing", (product) => {
        showState("on");
        onMissing(product);
      });
      on("stale", () => showState("stale"));
      stream.addEventListener("error", () => {
        showState("stale");
        // EventSource reconnects a lost connection itself, but gives up after an error response.
        if (stream !== source || stream.readyState !== EventSource.CLOSED) return;
        stop();
        timer = setTimeout(start, pause * (0.5 + Math.random()));
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      });
    };

    return { start, stop };
  })();

  // Search as you type.
  const search = () => {
    // Milliseconds after the last keystroke: to send the search, and to announce its results.
    const PAUSE = 120;
    const SETTLED = 600;
    const input = document.getElementById("q");
    const results = document.getElementById("results");
    const announcer = document.getElementById("announcer");
    if (!input || !results) return;

    let pending = null;
    let timer = 0;
    let settling = 0;
    let shown = input.value.trim();

    const params = (query) => {
      const params = new URLSearchParams();
      if (query !== "") params.set("q", query);
      const category = input.form.elements.namedItem("category")?.value ?? "";
      if (category !== "") params.set("category", category);
      return params.toString();
    };

    const urlOf = (path, query) => {
      const encoded = params(query);
      return encoded === "" ? path : `${path}?${encoded}`;
    };

    // Puts the query into the category links and the page's URL.
    const updateLinks = (query) => {
      for (const link of document.querySelectorAll(".menu a[data-category]")) {
        const params = new URLSearchParams();
        if (query !== "") params.set("q", query);
        if (link.dataset.category !== "") params.set("category", link.dataset.category);
        link.href = params.size === 0 ? "/" : `/?${params}`;
      }
      history.replaceState(history.state, "", urlOf("/", query));
    };

    const showError = (text) => {
      results.querySelector(".notice")?.remove();
      const notice = document.createElement("p");
      notice.className = "notice";
      notice.textContent = text;
      results.prepend(notice);
      announcer.textContent = text;
    };

    const load = async (query) => {
      // Cancels the previous request, so that an old response never replaces a newer one.
      pending?.abort();
      const own = new AbortController();
      pending = own;
      results.setAttribute("aria-busy", "true");
      try {
        const url = urlOf("/fragments/results", query);
        const headers = { accept: "text/html" };
        const response = await fetch(url, { headers, signal: own.signal });
        const html = await response.text();
        if (pending !== own) return;
        if (!response.ok) {
          const id = response.headers.get("x-request-id") ?? "unknown";
          shown = null;
          showError(`The search is not responding right now. Keep typing to try again. (Request ${id})`);
          return;
        }
        shown = query;
        results.innerHTML = html;
        const section = results.firstElementChild;
        document.title = `${section.dataset.title} – Catalogue`;
        updateLinks(query);
        if (window.scrollY > results.offsetTop) window.scrollTo({ top: 0 });
        clearTimeout(settling);
        settling = setTimeout(() => {
          announcer.textContent = section.dataset.summary;
          stock.start();
        }, SETTLED);
      } catch (error) {
        if (pending !== own || error.name === "AbortError") return;
        shown = null;
        showError("The shop cannot be reached right now. Keep typing to try again.");
      } finally {
        if (pending === own) {
          pending = null;
          results.removeAttribute("aria-busy");
        }
      }
    };

    const changed = () => {
      clearTimeout(timer);
      const query = input.value.trim();
      if (query === shown && !pending) return;
      timer = setTimeout(() => load(query), PAUSE);
    };

    input.addEventListener("input", (event) => {
      if (!event.isComposing) changed();
    });
    input.addEventListener("compositionend", changed);
    // Enter loads the results without a new page.
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      // On a touch screen the keyboard would cover the results.
      if (window.matchMedia("(pointer: coarse)").matches) input.blur();
      const query = input.value.trim();
      if (query !== shown || pending) load(query);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    gallery();
    search();
    stock.start();
    document.addEventListener("visibilitychange", stock.start);
    window.addEventListener("pagehide", stock.stop);
    window.addEventListener("pageshow", stock.start);
  });
})();
