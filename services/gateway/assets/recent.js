// The products that this browser has seen last, kept in the browser alone.
(() => {
  "use strict";

  const KEY = "recently-seen";
  const KEPT = 12;
  const SHOWN = 6;
  const section = document.getElementById("recent");
  if (!section) return;

  const read = () => {
    try {
      const seen = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(seen) ? seen.filter((product) => typeof product?.id === "string") : [];
    } catch {
      return [];
    }
  };

  const write = (seen) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(seen.slice(0, KEPT)));
    } catch {
      // Full, or not allowed.
    }
  };

  const cardOf = ({ id, name, picture }) => {
    const card = document.createElement("li");
    card.className = "card";
    const link = document.createElement("a");
    link.className = "card-link";
    link.href = `/p/${encodeURIComponent(id)}`;
    const frame = document.createElement("span");
    frame.className = "picture";
    if (/^(https?:\/\/|\/(?!\/))/.test(picture)) {
      const image = document.createElement("img");
      Object.assign(image, { src: picture, alt: "", width: 400, height: 400, loading: "lazy" });
      image.referrerPolicy = "no-referrer";
      frame.append(image);
    }
    const text = document.createElement("bdi");
    text.className = "card-name";
    text.textContent = name;
    link.append(frame, text);
    card.append(link);
    return card;
  };

  const article = document.querySelector("[data-recent]");
  const id = article?.dataset.recent;
  const others = () => read().filter((product) => product.id !== id);
  const show = (products) => {
    section.querySelector("ul").replaceChildren(...products.slice(0, SHOWN).map(cardOf));
    section.hidden = products.length === 0;
  };
  show(others());
  if (id) write([{ id, name: article.dataset.name, picture: article.dataset.picture }, ...others()]);
  // A page that Back brings out of the browser's memory has not seen what came after it.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) show(others());
  });
  section.querySelector("button").addEventListener("click", () => {
    write([]);
    show([]);
  });
})();
