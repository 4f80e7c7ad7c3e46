// The forms over the page: closing a case, a note, a message that was left, and the list of keys.

import { el, fill } from "./shell.js";

const dialog = document.getElementById("sheet");
const ASKED = [
  ["concern", "Hovedbekymring", "den mest alvorlige bekymringen"],
  ["age", "Alder", "den det gjelder"],
  ["role", "Hvem skrev", ""],
  ["place", "Fylke eller land", "der personen er nå"],
  ["outcome", "Utfall", "må fylles ut"],
];
export const KEYS = [
  ["N", "ta den neste i køen"], ["K", "til køen"], ["1 – 9", "til samtale 1–9"], ["O", "til oppslag; der setter I treffet inn i samtalen"],
  ["S", "ferdige svar"], ["M", "merknad til kolleger"], ["R", "noter henvisning til det du satte inn sist"], ["V", "gi saken videre"],
  ["L", "avslutt saken"], ["P", "på eller av vakt"], ["U", "lyd og teller i tittelen på eller av"], ["H", "denne lista"],
];

function show(title, ...content) {
  return new Promise((done) => {
    dialog.returnValue = "";
    fill(dialog, el("h2", { id: "sheet-title" }, title), ...content);
    dialog.onclose = () => done(dialog.returnValue);
    dialog.showModal();
  });
}

const cancel = () => el("button", { type: "button", class: "plain", click: () => dialog.close("") }, "Avbryt");

/** How the case ended: {concern, age, role, place, outcome}, or null when it is not to end. */
export async function closing(name, lists) {
  const fields = ASKED.map(([key, title, help]) => {
    const select = el("select", { id: `closing-${key}`, name: key, required: key === "outcome" },
      el("option", { value: "" }, key === "outcome" ? "Velg" : "Vet ikke"),
      lists[key].map((item) => el("option", { value: item.id }, item.name)));
    return [el("label", { for: select.id }, title, help && el("span", { class: "quiet small" }, ` ${help}`)), select];
  });
  const form = el("form", { method: "dialog", class: "stack" }, fields.flat(),
    el("p", { class: "quiet small" }, "Svarene telles, uten navn og uten det som ble skrevet. Personen får vite at programmet svarer igjen."),
    el("div", { class: "row" }, cancel(), el("button", { value: "ok" }, "Avslutt saken")));
  const said = await show(`Avslutt ${name}`, form);
  if (said !== "ok") return null;
  return Object.fromEntries(ASKED.map(([key]) => [key, form.elements[key].value || null]));
}

/** A text for colleagues, or null. */
export async function noting(name) {
  const text = el("textarea", { id: "note", rows: "5", maxlength: "4000", required: true });
  const form = el("form", { method: "dialog", class: "stack" },
    el("label", { for: "note" }, "Merknad ", el("span", { class: "quiet small" }, "bare for kolleger; personen ser den aldri")), text,
    el("div", { class: "row" }, cancel(), el("button", { value: "ok" }, "Lagre merknaden")));
  return (await show(`Merknad i ${name}`, form)) === "ok" ? text.value : null;
}

/** What somebody left for a human, and how it is safe to answer. */
export async function wished(name, wish) {
  const lines = [["Beskjeden", wish.what], ["Slik kan de nås", wish.how], ["Når", wish.when], ["Kodeord", wish.code_word]];
  await show(`Beskjed i ${name}`,
    el("p", {}, "Hold deg til det personen har sagt om når og hvordan. Gjør du noe annet, kan det være farlig for dem."),
    el("dl", {}, lines.filter(([, text]) => text).map(([title, text]) => [el("dt", {}, title), el("dd", {}, text)]).flat()),
    el("form", { method: "dialog", class: "row" }, el("button", {}, "Lukk")));
}

export async function keys() {
  await show("Taster",
    el("p", {}, "Hold ", el("kbd", {}, "Alt"), " og trykk:"),
    el("dl", {}, KEYS.map(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)]).flat()),
    el("p", {}, el("kbd", {}, "Enter"), " sender svaret, ", el("kbd", {}, "Shift"), " ", el("kbd", {}, "Enter"), " gir ny linje, ", el("kbd", {}, "Esc"), " lukker det som ligger over."),
    el("form", { method: "dialog", class: "row" }, el("button", {}, "Lukk")));
}

/** Yes or no to something that cannot be undone. */
export async function sure(title, text, yes) {
  const form = el("form", { method: "dialog", class: "row" }, cancel(), el("button", { value: "ok" }, yes));
  return (await show(title, el("p", {}, text), form)) === "ok";
}
