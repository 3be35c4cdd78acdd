// What is live on the storefront: pictures that fail, stock that changes, results as you type.
// Every page works without it.
(() => {
  "use strict";

  // Pictures. One that cannot be had leaves the drawing behind it. Heard from the start, for a
  // failure is told once, and on the way down, for it does not rise.
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

  // The words are those of pages/text.rs.
  const FEW = 5;
  const words = (quantity) => {
    if (quantity <= 0) return "Out of stock";
    if (quantity <= FEW) return `Only ${quantity} left`;
    return `${quantity.toLocaleString("en")} in stock`;
  };
  const level = (quantity) => (quantity <= 0 ? "none" : quantity <= FEW ? "few" : "some");

  const shownStock = (productId, which = "") => {
    const product = `[data-revision][data-product-id="${CSS.escape(productId)}"]`;
    return document.querySelectorAll(product + which);
  };

  const show = (element, text, newLevel) => {
    if (element.textContent === text) return;
    element.textContent = text;
    element.dataset.level = newLevel;
    // Begins the highlight anew, even in the middle of one.
    element.classList.remove("changed");
    void element.offsetWidth;
    element.classList.add("changed");
  };

  const showStock = (elements, stockQty, revision) => {
    const at = Number(revision);
    for (const element of elements) {
      if (at < Number(element.dataset.revision)) continue;
      element.dataset.revision = String(at);
      show(element, words(stockQty), level(stockQty));
    }
  };

  const onAvailability = ({ productId, stockQty, revision }) =>
    showStock(shownStock(productId, ":not([data-sku])"), stockQty, revision);

  const onVariants = ({ productId, revision, variants }) => {
    for (const { sku, stockQty } of variants) {
      showStock(shownStock(productId, `[data-sku="${CSS.escape(sku)}"]`), stockQty, revision);
    }
  };

  const onMissing = ({ productId }) => {
    for (const element of shownStock(productId)) {
      // Should it come back, it counts its revisions from the beginning.
      element.dataset.revision = "0";
      show(element, "No longer sold", "none");
    }
  };

  const say = (state) => {
    const live = document.getElementById("live");
    if (!live) return;
    live.dataset.state = state;
    const said = { on: "live", off: "", stale: "may be out of date, reconnecting" };
    live.textContent = said[state];
  };

  // One stream for all products on the page. A hidden page has none: a browser opens but few
  // connections to one host, and what was missed comes with the first events of the next stream.
  const stock = (() => {
    const FIRST_PAUSE = 1000;
    const LONGEST_PAUSE = 30000;
    let source = null;
    let followed = "";
    let timer = 0;
    let pause = FIRST_PAUSE;

    const address = () => {
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
      followed = "";
    };

    const follow = () => {
      const wanted = document.hidden ? "" : address();
      if (wanted === followed) return;
      stop();
      if (wanted === "") return;
      followed = wanted;
      const stream = new EventSource(wanted);
      source = stream;
      const on = (name, act) =>
        stream.addEventListener(name, (event) => {
          pause = FIRST_PAUSE;
          act(JSON.parse(event.data));
        });
      on("availability", (level) => {
        say("on");
        onAvailability(level);
      });
      on("variants", onVariants);
      on("missing", (product) => {
        say("on");
        onMissing(product);
      });
      on("stale", () => say("stale"));
      stream.addEventListener("error", () => {
        say("stale");
        // A cut is mended by the stream itself; a refusal is final, so ask again by and by.
        if (stream !== source || stream.readyState !== EventSource.CLOSED) return;
        stop();
        timer = setTimeout(follow, pause * (0.5 + Math.random()));
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      });
    };

    return { follow, stop };
  })();

  // Results as you type.
  const search = () => {
    const PAUSE = 120;
    const SETTLED = 600;
    const input = document.getElementById("q");
    const results = document.getElementById("results");
    const announcer = document.getElementById("announcer");
    if (!input || !results) return;

    let asking = null;
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

    const addressOf = (path, query) => {
      const asked = params(query);
      return asked === "" ? path : `${path}?${asked}`;
    };

    // Categories keep the words; so does the address.
    const carry = (query) => {
      for (const link of document.querySelectorAll(".menu a[data-category]")) {
        const params = new URLSearchParams();
        if (query !== "") params.set("q", query);
        if (link.dataset.category !== "") params.set("category", link.dataset.category);
        link.href = params.size === 0 ? "/" : `/?${params}`;
      }
      history.replaceState(history.state, "", addressOf("/", query));
    };

    const fail = (text) => {
      results.querySelector(".notice")?.remove();
      const notice = document.createElement("p");
      notice.className = "notice";
      notice.textContent = text;
      results.prepend(notice);
      announcer.textContent = text;
    };

    const ask = async (query) => {
      // Whoever asked before is not heard any more, so an old answer never replaces a newer one.
      asking?.abort();
      const mine = new AbortController();
      asking = mine;
      results.setAttribute("aria-busy", "true");
      try {
        const address = addressOf("/fragments/results", query);
        const headers = { accept: "text/html" };
        const answer = await fetch(address, { headers, signal: mine.signal });
        const html = await answer.text();
        if (asking !== mine) return;
        if (!answer.ok) {
          const id = answer.headers.get("x-request-id") ?? "unknown";
          shown = null;
          fail(`The search is not answering right now. Type on to try again. (Request ${id})`);
          return;
        }
        shown = query;
        results.innerHTML = html;
        const section = results.firstElementChild;
        document.title = `${section.dataset.title} – Catalogue`;
        carry(query);
        if (window.scrollY > results.offsetTop) window.scrollTo({ top: 0 });
        clearTimeout(settling);
        settling = setTimeout(() => {
          announcer.textContent = section.dataset.summary;
          stock.follow();
        }, SETTLED);
      } catch (error) {
        if (asking !== mine || error.name === "AbortError") return;
        shown = null;
        fail("The shop cannot be reached right now. Type on to try again.");
      } finally {
        if (asking === mine) {
          asking = null;
          results.removeAttribute("aria-busy");
        }
      }
    };

    const changed = () => {
      clearTimeout(timer);
      const query = input.value.trim();
      if (query === shown && !asking) return;
      timer = setTimeout(() => ask(query), PAUSE);
    };

    input.addEventListener("input", (event) => {
      if (!event.isComposing) changed();
    });
    input.addEventListener("compositionend", changed);
    // Enter shows what typing shows, without a new page.
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      // On a touch screen the keyboard covers what was found.
      if (window.matchMedia("(pointer: coarse)").matches) input.blur();
      const query = input.value.trim();
      if (query !== shown || asking) ask(query);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    gallery();
    search();
    stock.follow();
    document.addEventListener("visibilitychange", stock.follow);
    window.addEventListener("pagehide", stock.stop);
    window.addEventListener("pageshow", stock.follow);
  });
})();
