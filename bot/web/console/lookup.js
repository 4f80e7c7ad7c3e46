// The look-up: one search field over everything, results as you type. By itself on a page, or beside a conversation.
import { call, el, fill as put, Refused } from "./shell.js";

const WAIT_MS = 60;
const KINDS = { contact: "Kontakt", article: "Artikkel", law: "Lov", country: "Land", statistics: "Tall" };
let built = 0;

/** A source that is only an address is told by its site; the whole address stands among all the sources. */
function siteOf(title) {
  try { return new URL(title).hostname.replace(/^www\./, ""); } catch { return title; }
}

/**
 * Build the search in `root` (which needs lookup.css). `inserts`: a result can be put into the conversation, and
 * `root` then dispatches `hjemvei-insert` (bubbles) with `detail` {text, kind, id}. `prints`: with a button to print.
 * Answers {focus(), ask(text)}.
 */
export function lookup(root, { inserts = false, prints = false } = {}) {
  const number = ++built;
  const id = (name) => `lookup-${number}-${name}`;
  const field = el("input", {
    id: id("text"), type: "search", autocomplete: "off", spellcheck: "false", maxlength: "200", "aria-describedby": id("keys"),
  });
  const age = el("input", { id: id("age"), type: "number", min: "0", max: "120", inputmode: "numeric" });
  const place = el("input", { id: id("place"), autocomplete: "off", maxlength: "200" });
  const language = el("input", { id: id("language"), autocomplete: "off", maxlength: "200" });
  const open = el("input", { id: id("open"), type: "checkbox" });
  const status = el("p", { class: "lookup-status quiet", role: "status" });
  const notes = el("div", { class: "lookup-notes" });
  const list = el("ol", { class: "lookup-results", "aria-label": "Treff" });
  const labelled = (input, label) => el("div", {}, el("label", { for: input.id }, label), input);
  const key = (letter, does) => el("span", {}, el("kbd", {}, letter), ` ${does}`);
  root.classList.add("lookup");
  put(root,
    el("form", { role: "search", submit: (event) => { event.preventDefault(); first(); } },
      labelled(field, "Søk i kontakter, artikler, lover, land og tall"),
      el("div", { class: "lookup-filters" },
        labelled(age, "Alder"), labelled(place, "Sted eller land"), labelled(language, "Språk"),
        el("div", { class: "lookup-check" }, open, el("label", { for: open.id }, "Åpent nå")))),
    el("p", { class: "lookup-keys small quiet", id: id("keys") },
      key("↓", "til treffene"), " ", key("Enter", "vis mer"), " ", key("k", "kopier"), " ", key("s", "som SMS"), " ",
      inserts && key("i", "sett inn i samtalen"), inserts && " ", key("Esc", "tilbake til søket")),
    status, notes, list,
    prints && el("p", { class: "lookup-print" }, el("button", { type: "button", class: "plain", click: () => print() }, "Skriv ut treffene")),
  );

  let asked = null;
  let timer = 0;
  for (const input of [field, age, place, language, open]) {
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, WAIT_MS); });
  }
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); first(); }
    if (event.key === "Escape" && field.value) { event.preventDefault(); field.value = ""; search(); }
  });

  async function search() {
    asked?.abort();
    asked = new AbortController();
    const mine = asked;
    const years = age.value.trim();
    const body = { text: field.value, age: years === "" ? null : Number(years), place: place.value, language: language.value, open_now: open.checked };
    try {
      const found = await call("oppslag/treff", { method: "POST", body, signal: mine.signal });
      if (mine === asked) show(found);
    } catch (error) {
      if (error.name === "AbortError" || mine !== asked) return;
      const wrong = error instanceof Refused && error.status === 400;
      status.textContent = wrong ? "Se over filtrene. Alderen må være et tall fra 0 til 120." : "Søket virker ikke akkurat nå. Prøv igjen.";
    }
  }

  function show({ results, notes: told, question }) {
    const empty = !results.length && !told.length;
    const something = field.value.trim() || age.value || place.value || language.value || open.checked;
    status.textContent = empty ? (something ? "Ingen treff" : "") : `${results.length} treff`;
    notes.replaceChildren(...[...told, question].filter(Boolean).map((note) => el("p", {}, note)));
    list.replaceChildren(...results.map(card));
  }

  function card(result, index) {
    const said = el("span", { class: "quiet small", role: "status" });
    const more = el("div", { class: "lookup-more", hidden: true });
    const sms = el("div", { class: "lookup-sms", hidden: true });
    const opener = el("button", { type: "button", class: "plain", "aria-expanded": "false", click: () => toggle() }, "Vis mer");
    const heading = `${id("r")}-${index}`;
    const item = el("article", { tabindex: "-1", "aria-labelledby": heading, keydown: (event) => press(event) },
      el("h3", { id: heading }, el("span", { class: "lookup-kind" }, KINDS[result.kind]), " ", result.title,
        result.open_now === true && el("span", { class: "lookup-open" }, " Åpent nå"),
        result.open_now === false && el("span", { class: "quiet" }, " Stengt nå")),
      result.lines.map((line) => el("p", {}, line)),
      result.note && el("p", { class: "small" }, result.note),
      el("p", { class: "small quiet" }, dated(result)),
      more, sms,
      el("div", { class: "lookup-deeds" },
        inserts && el("button", { type: "button", click: insert }, "Sett inn"),
        el("button", { type: "button", class: "plain", click: () => copy(result.text) }, "Kopier"),
        el("button", { type: "button", class: "plain", click: asSms }, "Som SMS"),
        opener, said));

    function toggle() {
      if (!more.childElementCount) fill();
      more.hidden = !more.hidden;
      opener.textContent = more.hidden ? "Vis mer" : "Vis mindre";
      opener.setAttribute("aria-expanded", String(!more.hidden));
    }
    function fill() {
      more.append(...result.more.map((line) => el("p", {}, line)));
      if (result.rows) {
        more.append(el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": result.title }, el("table", {},
          el("thead", {}, el("tr", {}, result.columns.map((name) => el("th", { scope: "col" }, name)))),
          el("tbody", {}, result.rows.map((row) => el("tr", {}, row.map((cell, at) => el(at ? "td" : "th", at ? {} : { scope: "row" }, cell))))))));
      }
      more.append(el("h4", {}, "Kilder"), el("ul", {}, result.sources.map((source) => el("li", {}, `${source.title} (${source.date})`))));
    }
    async function copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        said.textContent = "Kopiert";
      } catch {
        said.textContent = "Nettleseren lot oss ikke kopiere. Merk teksten og kopier selv.";
      }
    }
    function asSms() {
      const { text, parts, foreign } = result.sms;
      const size = parts === 1 ? "1 SMS" : `${parts} SMS-er`;
      put(sms,
        el("p", { class: "lookup-message" }, text),
        el("p", { class: "small" }, `${size}, ${[...text].length} tegn.`, foreign && ` Tegnene ${foreign} gjør meldingen dyrere.`),
        el("button", { type: "button", class: "plain", click: () => copy(text) }, "Kopier SMS-teksten"));
      sms.hidden = false;
      copy(text);
    }
    function insert() {
      root.dispatchEvent(new CustomEvent("hjemvei-insert", { bubbles: true, detail: { text: result.text, kind: result.kind, id: result.id } }));
      said.textContent = "Satt inn";
    }
    function press(event) {
      // Keys of one letter only while the result itself has the focus, so that they are in nobody's way.
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const items = [...list.querySelectorAll("article")];
      const at = items.indexOf(item);
      if (event.key === "ArrowDown") items[Math.min(at + 1, items.length - 1)].focus();
      else if (event.key === "ArrowUp") (items[at - 1] || field).focus();
      else if (event.key === "Escape") { field.focus(); field.select(); }
      else if (event.target !== item) return;
      else if (event.key === "Enter") toggle();
      else if (event.key === "k") copy(result.text);
      else if (event.key === "s") asSms();
      else if (event.key === "i" && inserts) insert();
      else return;
      event.preventDefault();
    }
    return el("li", {}, item);
  }

  function dated(result) {
    const source = result.sources[0];
    const more = result.sources.length > 1 ? ` og ${result.sources.length - 1} til` : "";
    const parts = [source && `Kilde: ${siteOf(source.title)} (${source.date})${more}`, result.checked && `Kontrollert ${result.checked}`];
    return parts.filter(Boolean).join(". ");
  }

  function first() {
    list.querySelector("article")?.focus();
  }

  return {
    focus: () => field.focus(),
    ask: (text) => { field.value = text; return search(); },
  };
}
