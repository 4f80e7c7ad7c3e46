// Turn the page into a shopping list, at once. Writing the word for «back» as a new item brings the page back; the
// page about safe use tells so.

import { words } from "./exit.js";
import { el } from "./show.js";

let shown = null;
let title = "";
let before = null;

export const hidden = () => shown !== null;

export function hide() {
  if (shown) return;
  before = document.activeElement;
  title = document.title;
  document.title = words.list_title;
  for (const child of document.body.children) {
    if (!child.hidden) { child.hidden = true; child.dataset.away = ""; }
  }
  shown = list();
  document.body.append(shown);
  window.scrollTo(0, 0);
  shown.querySelector("h1").focus();
  if (window.speechSynthesis) speechSynthesis.cancel();
}

function show() {
  shown.remove();
  shown = null;
  document.title = title;
  for (const child of document.querySelectorAll("[data-away]")) {
    child.hidden = false;
    delete child.dataset.away;
  }
  if (before) before.focus();
}

function list() {
  const items = el("ul", {}, ...words.list_items.map(item));
  const field = el("input", { id: "item", autocomplete: "off" });
  const add = (event) => {
    event.preventDefault();
    const text = field.value.trim();
    field.value = "";
    if (text.toLowerCase() === words.list_word) show();
    else if (text) items.append(item(text));
  };
  return el(
    "main", { class: "list" },
    el("h1", { tabindex: "-1" }, words.list_title),
    items,
    el("form", { submit: add }, el("label", { for: "item" }, words.list_label), field, el("button", {}, words.list_add)),
  );
}

const item = (text) => el("li", {}, el("label", {}, el("input", { type: "checkbox" }), ` ${text}`));
