// Search as you type. Each search gets a place in the history, so that Back leads to the one before.
(() => {
  "use strict";

  // Milliseconds after the last keystroke: to send the search, and to announce its results.
  const PAUSE = 120;
  const SETTLED = 600;
  const texts = JSON.parse(document.documentElement.dataset.texts);
  const input = document.getElementById("q");
  const results = document.getElementById("results");
  const announcer = document.getElementById("announcer");
  if (!input || !results) return;

  let pending = null;
  let timer = 0;
  let settling = 0;
  let shown = input.value.trim();
  // Whether the current place in the history is a search that is still being typed.
  let typing = false;

  const category = () => input.form.elements.namedItem("category")?.value ?? "";

  const parameters = (query) => {
    const params = new URLSearchParams();
    if (query !== "") params.set("q", query);
    if (category() !== "") params.set("category", category());
    return params.size === 0 ? "" : `?${params}`;
  };

  const record = (parameters) => {
    const url = `/${parameters}`;
    if (typing) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
    typing = true;
    const other = document.querySelector("a[hreflang]");
    if (!other) return;
    const link = new URL(location.href);
    link.searchParams.set("lang", other.hreflang);
    other.href = link;
  };

  const showError = (text) => {
    results.querySelector(".failed")?.remove();
    const notice = document.createElement("p");
    notice.className = "notice failed";
    notice.textContent = text;
    (results.querySelector(".results") ?? results).prepend(notice);
    announcer.textContent = text;
  };

  // What was opened or closed stays so.
  const replace = (html) => {
    const panels = () => results.querySelectorAll("details[data-keep]");
    const open = new Map([...panels()].map((panel) => [panel.dataset.keep, panel.open]));
    results.innerHTML = html;
    for (const panel of panels()) panel.open = open.get(panel.dataset.keep) ?? panel.open;
  };

  const load = async (query, parameters, onShown) => {
    // Cancels the previous request, so that an old response never replaces a newer one.
    pending?.abort();
    const own = new AbortController();
    pending = own;
    results.setAttribute("aria-busy", "true");
    try {
      const headers = { accept: "text/html" };
      const response = await fetch(`/fragments/results${parameters}`, { headers, signal: own.signal });
      const html = await response.text();
      if (pending !== own) return;
      if (!response.ok) {
        const id = response.headers.get("x-request-id") ?? "?";
        shown = null;
        showError(texts.searchFailed.replace("{0}", () => id));
        return;
      }
      shown = query;
      replace(html);
      const section = results.querySelector(".results");
      document.title = `${section.dataset.title} – ${texts.site}`;
      onShown(parameters);
      if (window.scrollY > results.offsetTop) window.scrollTo({ top: 0 });
      clearTimeout(settling);
      settling = setTimeout(() => {
        announcer.textContent = section.dataset.summary;
        document.dispatchEvent(new Event("results"));
      }, SETTLED);
    } catch (error) {
      if (pending !== own || error.name === "AbortError") return;
      shown = null;
      showError(texts.unreachable);
    } finally {
      if (pending === own) {
        pending = null;
        results.removeAttribute("aria-busy");
      }
    }
  };

  const search = (query) => load(query, parameters(query), record);

  const changed = () => {
    clearTimeout(timer);
    const query = input.value.trim();
    if (query === shown && !pending) return;
    timer = setTimeout(() => search(query), PAUSE);
  };

  input.addEventListener("input", (event) => {
    if (!event.isComposing) changed();
  });
  input.addEventListener("compositionend", changed);
  // What is typed later is another search.
  input.addEventListener("blur", () => {
    typing = false;
  });
  // Enter loads the results without a new page.
  input.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    // On a touch screen the keyboard would cover the results.
    if (window.matchMedia("(pointer: coarse)").matches) input.blur();
    const query = input.value.trim();
    if (query !== shown || pending) await search(query);
    typing = false;
  });
  window.addEventListener("popstate", () => {
    const params = new URLSearchParams(location.search);
    if (location.pathname !== "/" || (params.get("category") ?? "") !== category()) {
      location.reload();
      return;
    }
    clearTimeout(timer);
    typing = false;
    input.value = params.get("q") ?? "";
    load(input.value, location.search, () => {});
  });
})();
