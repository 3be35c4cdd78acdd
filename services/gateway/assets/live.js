// Live prices and stock of all products on the page, over one event stream. Pages work without this script.
(() => {
  "use strict";

  const language = document.documentElement.lang;
  const texts = JSON.parse(document.documentElement.dataset.texts);
  const fill = (message, value) => message.replace("{0}", () => value);

  // The levels and forms of pages/text.rs.
  const LOW = 5;
  const stockText = (quantity) => {
    if (quantity <= 0) return texts.outOfStock;
    if (quantity <= LOW) return fill(texts.onlyLeft, quantity);
    return fill(texts.inStock, quantity.toLocaleString(language));
  };
  const stockLevel = (quantity) => (quantity <= 0 ? "none" : quantity <= LOW ? "few" : "some");

  const SYMBOLS = ["EUR", "GBP", "ILS", "INR", "JPY", "KRW", "PHP", "USD", "VND"];
  const priceText = ({ currencyCode, units = "0", nanos = 0 }) => {
    const amount = Number(units) + nanos / 1e9;
    const currencyDisplay = SYMBOLS.includes(currencyCode) ? "narrowSymbol" : "code";
    const form = { style: "currency", currency: currencyCode, currencyDisplay };
    return new Intl.NumberFormat(language, form).format(amount);
  };

  const show = (element, text, level) => {
    if (element.textContent === text) return;
    element.textContent = text;
    if (level) element.dataset.level = level;
    // Restarts the highlight animation, even while it runs.
    element.classList.remove("changed");
    void element.offsetWidth;
    element.classList.add("changed");
  };

  const stockElements = (productId, filter = "") => {
    const product = `[data-revision][data-product-id="${CSS.escape(productId)}"]`;
    return document.querySelectorAll(product + filter);
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

  const onPrice = ({ productId, revision, lowest, highest, variants }) => {
    const bySku = new Map(variants.map(({ sku, price }) => [sku, price]));
    for (const element of document.querySelectorAll(`[data-price-of="${CSS.escape(productId)}"]`)) {
      if (Number(revision) < Number(element.dataset.priceRevision)) continue;
      element.dataset.priceRevision = revision;
      const sku = element.dataset.priceSku ?? "";
      const price = sku === "" ? lowest : bySku.get(sku);
      const before = element.textContent;
      element.classList.toggle("no-price", !price);
      if (!price) show(element, texts.noPrice);
      else if (sku !== "" || priceText(lowest) === priceText(highest)) show(element, priceText(price));
      else show(element, fill(texts.priceFrom, priceText(lowest)));
      // The struck price was that of another price.
      if (element.textContent !== before) element.parentElement.querySelector(":scope > .was")?.remove();
    }
  };

  const onMissing = ({ productId }) => {
    for (const element of stockElements(productId)) {
      // A product that is created again begins with the first revision.
      element.dataset.revision = "0";
      show(element, texts.notSold, "none");
    }
  };

  const showState = (state) => {
    const live = document.getElementById("live");
    if (!live) return;
    live.dataset.state = state;
    live.textContent = { on: texts.live, off: "", stale: texts.stale }[state];
  };

  // A hidden page closes the stream, because browsers limit the connections to one host; the next stream
  // begins with the current prices and stock.
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
    if (params.length === 0) return "";
    if (document.querySelector("[data-revision][data-sku]")) params.push("variants=true");
    return `/v1/availability?${params.join("&")}&prices=true`;
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
    on("price", onPrice);
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

  start();
  document.addEventListener("results", start);
  document.addEventListener("visibilitychange", start);
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", start);
})();
