// Suggestions while typing: a combobox with a list (ARIA Authoring Practices, "Combobox").
(() => {
  "use strict";

  const PAUSE = 80;
  const LIMIT = 8;
  const texts = JSON.parse(document.documentElement.dataset.texts);
  const input = document.getElementById("q");
  if (!input) return;

  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", texts.suggestions);
  list.hidden = true;
  input.form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let pending = null;
  let timer = 0;
  let active = -1;

  const close = () => {
    clearTimeout(timer);
    pending?.abort();
    pending = null;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  };

  const activate = (index) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[active];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  const hrefOf = ({ productId, categoryId, query }) => {
    if (productId) return `/p/${encodeURIComponent(productId)}`;
    if (categoryId) return `/?category=${encodeURIComponent(categoryId)}`;
    return `/?q=${encodeURIComponent(query)}`;
  };

  const optionOf = (suggestion, index) => {
    const option = document.createElement("li");
    option.id = `suggestion-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.href = hrefOf(suggestion);
    option.dataset.kind = suggestion.productId ? "product" : suggestion.categoryId ? "category" : "query";
    const fragments = suggestion.fragments ?? [];
    for (const { text, match } of fragments.length ? fragments : [{ text: suggestion.text }]) {
      const part = document.createElement(match && match !== "MATCH_UNSPECIFIED" ? "b" : "span");
      part.textContent = text;
      option.append(part);
    }
    return option;
  };

  const load = async (query) => {
    pending?.abort();
    const own = new AbortController();
    pending = own;
    try {
      const response = await fetch(`/v1/suggest?q=${encodeURIComponent(query)}&limit=${LIMIT}`, {
        signal: own.signal,
      });
      if (!response.ok || pending !== own) return;
      const { suggestions = [] } = await response.json();
      if (pending !== own) return;
      activate(-1);
      list.replaceChildren(...suggestions.map(optionOf));
      list.hidden = suggestions.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
    } catch {
      // Suggestions are of use only while they are quick.
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const query = input.value.trim();
    if (query === "") close();
    else timer = setTimeout(() => load(query), PAUSE);
  });
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const count = list.children.length;
    // One place more than there are options: the input itself.
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      activate(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.href);
    }
  });
  // Keeps the focus in the input, whose blur would close the list before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
})();
