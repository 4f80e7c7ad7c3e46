// Choosing from a list with the keyboard: type to narrow it, arrows to move, Enter to choose, Escape to leave.

import { el, fill } from "./shell.js";

const dialog = document.getElementById("picker");

/** Ask for one of `items` ({id, title, text}); answers it, or null. The focus goes back to where it was. */
export function pick(title, items) {
  return new Promise((done) => {
    let at = 0;
    let shown = [];
    let chosen = null;
    const list = el("ul", { role: "listbox", id: "picker-list", "aria-label": title });
    const field = el("input", {
      type: "search", autocomplete: "off", role: "combobox", "aria-expanded": "true", "aria-controls": "picker-list",
      "aria-label": "Skriv for å finne", placeholder: "Skriv for å finne", input: () => { at = 0; draw(); }, keydown: press,
    });
    const status = el("p", { class: "unseen", role: "status" });

    function draw() {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      shown = items.filter((item) => words.every((word) => `${item.title} ${item.text || ""}`.toLowerCase().includes(word)));
      at = Math.max(0, Math.min(at, shown.length - 1));
      fill(list, ...shown.map((item, index) => el(
        "li", { role: "option", id: `picker-${index}`, "aria-selected": String(index === at), click: () => choose(item) },
        el("b", {}, item.title), item.text && el("span", { class: "quiet small" }, item.text),
      )));
      status.textContent = `${shown.length} treff`;
      if (shown.length) field.setAttribute("aria-activedescendant", `picker-${at}`);
      else field.removeAttribute("aria-activedescendant");
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }
    function press(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); at = (at + step + shown.length) % Math.max(1, shown.length); draw(); }
      if (event.key === "Enter") { event.preventDefault(); if (shown[at]) choose(shown[at]); }
    }
    function choose(item) { chosen = item; dialog.close(); }

    fill(dialog, el("h2", { id: "picker-title" }, title), field, status, list,
      el("div", { class: "row" }, el("button", { type: "button", class: "plain", click: () => dialog.close() }, "Avbryt")));
    dialog.onclose = () => done(chosen);
    draw();
    dialog.showModal();
    field.focus();
  });
}
