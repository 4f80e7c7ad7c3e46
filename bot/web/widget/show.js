// What is shown. Everything is built as text nodes and elements: no text of a message is ever read as HTML.

import { words } from "./exit.js";

export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export const button = (label, press, kind = "quiet") => el("button", { type: "button", class: kind, click: press }, label);

/** Only addresses that a browser opens safely. */
const safe = (address, schemes = ["https:", "http:"]) => {
  try { return schemes.includes(new URL(address).protocol) ? address : null; } catch { return null; }
};

const outside = (address, text) => el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
const tel = (number, text = number) => el("a", { href: `tel:${number.replace(/[^\d+]/g, "")}` }, text);

/** Numbers that may be called from the text: those of the page, and those of the cards that were shown. */
const known = new Set(Array.from(document.querySelectorAll(".numbers b"), (number) => number.textContent));

const LINK = "\\[([^\\]]+)\\]\\((https?://[^\\s)]+)\\)|(https://[^\\s)]+[^\\s).,;:!?])";
// Numbers as the directory writes them; amounts and years do not look like these.
const SHAPES = ["\\+\\d{2}(?: \\d{2}){4}", "\\+\\d{2} \\d{3} \\d{2} \\d{3}", "\\d{2}(?: \\d{2}){3}", "\\d{3} \\d{2} \\d{3}", "116 \\d{3}(?! kr)"];

function inline(line) {
  const numbers = [...known].sort((a, b) => b.length - a.length).map((n) => n.replace(/[+]/g, "\\+"));
  const wanted = new RegExp([LINK, ...numbers, ...SHAPES].join("|"), "g");
  const found = [];
  let from = 0;
  for (const match of line.matchAll(wanted)) {
    const until = match.index + match[0].length;
    const inside = /[\d+]/.test(line[match.index - 1] || "") || /\d/.test(line[until] || "");
    const address = safe(match[2] || match[3] || "");
    if (inside && !address) continue;
    found.push(line.slice(from, match.index));
    found.push(address ? outside(address, match[1] || match[3]) : match[1] ? match[0] : tel(match[0]));
    from = until;
  }
  return [...found, line.slice(from)];
}

/** Plain text as paragraphs and lists; the same rules as `blocks.py`. */
export function blocks(text) {
  const made = [];
  for (const line of text.split("\n").map((part) => part.trim())) {
    if (!line) continue;
    const item = /^(?:(\d+)\.|-) +(.*)$/.exec(line);
    if (!item) {
      made.push(el("p", {}, ...(line.endsWith(":") ? [el("b", {}, line)] : inline(line))));
      continue;
    }
    const name = item[1] ? "ol" : "ul";
    if (made[made.length - 1]?.localName !== name) made.push(el(name));
    made[made.length - 1].append(el("li", {}, ...inline(item[2])));
  }
  return made;
}

export function bubble(kind, who, texts, language) {
  const made = el("article", { class: `message ${kind}` }, el("h3", { class: "who" }, who));
  for (const [place, text] of texts.entries()) {
    made.append(el("div", { class: place === 0 && kind.includes("urgent") ? "part first-line" : "part", lang: language }, ...blocks(text)));
  }
  return made;
}

/** A contact with every way to reach it. Absent where the server does not tell of it. */
export async function contact(id) {
  try {
    const response = await fetch(`/api/v1/contacts/${encodeURIComponent(id)}`, { credentials: "omit", cache: "no-store" });
    const found = response.ok ? await response.json() : null;
    return found && typeof found.name === "string" ? found : null;
  } catch { return null; }
}

export function card(found, language) {
  if (found.phone) known.add(found.phone);
  const abroad = typeof found.from_abroad === "string" ? found.from_abroad : "";
  const number = /^\+?[\d ]+$/.test(abroad) ? abroad : "";
  const ways = [
    found.phone && tel(found.phone, `${words.call} ${found.phone}`),
    number && number !== found.phone && tel(number, `${words.call_abroad} ${number}`),
    found.sms && el("a", { href: `sms:${found.sms.replace(/[^\d+]/g, "")}` }, `${words.sms} ${found.sms}`),
    safe(found.chat) && outside(found.chat, words.chat),
    safe(found.url) && found.url !== found.chat && outside(found.url, words.web),
  ].filter(Boolean);
  for (const way of ways) way.setAttribute("aria-label", `${way.textContent}, ${found.name}`);
  const state = found.open_now === true ? "open" : found.open_now === false ? "closed" : "";
  const hours = [state && el("b", { class: state }, words[`${state}_now`]), found.hours].filter(Boolean);
  if (hours.length === 2) hours.splice(1, 0, ". ");
  const made = el("li", { class: "card" }, el("h4", { lang: language }, found.name));
  if (hours.length) made.append(el("p", { class: "small", lang: language }, ...hours));
  if (found.phone) made.append(el("p", { class: "small" }, abroad ? words.from_abroad : words.not_abroad));
  made.append(el("p", { class: "ways" }, ...ways));
  return made;
}

/** Cards for the contacts of a reply; a list of theirs in the text gives way to them. */
export async function cards(message, ids, language) {
  const found = (await Promise.all(ids.slice(0, 6).map(contact))).filter(Boolean);
  if (!found.length) return;
  const list = el("ul", { class: "cards" }, ...found.map((one) => card(one, language)));
  for (const part of message.querySelectorAll(".part")) {
    const lines = Array.from(part.querySelectorAll("ul > li"), (line) => line.textContent);
    if (lines.length && lines.every((line) => found.some((one) => line.startsWith(`${one.name}:`)))) {
      part.querySelector("ul").replaceWith(list);
      return;
    }
  }
  message.append(list);
}

export function sources(ids) {
  const list = el("ul", { lang: "nb" });
  const fold = el("details", {}, el("summary", {}, words.sources), list);
  fold.addEventListener("toggle", async () => {
    if (!fold.open || list.childElementCount) return;
    try {
      const query = new URLSearchParams({ ids: ids.join(",") });
      const response = await fetch(`/api/v1/sources?${query}`, { credentials: "omit", cache: "no-store" });
      for (const { title, publisher, dated, url } of (await response.json()).sources) {
        list.append(el("li", {}, safe(url) ? outside(url, title) : title, `. ${publisher}, ${dated}.`));
      }
    } catch { list.replaceChildren(el("li", { lang: document.documentElement.lang }, words.sources_failed)); }
  });
  return fold;
}

/** Save, print and copy a text: nothing leaves the browser. `say` tells what became of it. */
function taking(text, name, language, say) {
  const made = [
    button(words.save, () => {
      const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
      el("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    }),
    button(words.print, () => {
      const sheet = el("div", { id: "sheet", lang: language }, ...blocks(text));
      document.body.append(sheet);
      window.print();
      sheet.remove();
    }),
  ];
  if (navigator.clipboard) {
    made.push(button(words.copy, () => navigator.clipboard.writeText(text).then(() => say(words.copied), () => say(words.copy_failed))));
  }
  return made;
}

/** What a plan ends in, to take along under a name that tells nothing. */
export function keep({ name, text }, language, say) {
  const file = /^[\w-]+\.txt$/.test(name) ? name : words.file;
  const row = el("p", { class: "ways" }, ...taking(String(text), file, language, say));
  row.querySelectorAll("button").forEach((one) => one.setAttribute("aria-label", `${one.textContent}: ${words.keep}`));
  return el("div", { class: "keep" }, el("p", { class: "small" }, words.save_note), row);
}

/** Copy, read aloud, save and print one answer. */
export function tools(texts, language, say) {
  const all = texts.join("\n\n");
  const row = el("p", { class: "ways" }, ...taking(all, words.file, language, say));
  const made = el("details", { class: "tools" }, el("summary", {}, words.tools), row, el("p", { class: "small" }, words.save_note));
  if (window.speechSynthesis && window.SpeechSynthesisUtterance) {
    const listen = button(words.listen, () => {
      const going = speechSynthesis.speaking;
      speechSynthesis.cancel();
      if (going) return;
      const speech = new SpeechSynthesisUtterance(all);
      speech.lang = language === "en" ? "en" : "nb-NO";
      speech.onstart = () => { listen.textContent = words.stop; };
      speech.onend = speech.onerror = () => { listen.textContent = words.listen; };
      speechSynthesis.speak(speech);
    });
    row.append(listen);
  }
  return made;
}

export function helped(answer, question = words.helped, sorry = words.thanks_no) {
  const row = el("p", { class: "helped" }, el("span", {}, question));
  for (const [label, value] of [[words.yes, true], [words.no, false]]) {
    row.append(button(label, () => {
      const done = el("span", { tabindex: "-1", role: "status" }, value ? words.thanks : sorry);
      row.replaceChildren(done);
      done.focus();
      answer(value);
    }));
  }
  row.querySelectorAll("button").forEach((one) => one.setAttribute("aria-label", `${question} ${one.textContent}`));
  return row;
}
