// The console: the queue, the conversations side by side, and the look-up. Everything is fetched anew when the line
// opens, so a line that was down loses nothing.

import { beat, call, el, fill, leave, Refused } from "./shell.js";
import { lookup } from "./lookup.js";
import { Panel } from "./panel.js";
import { pick } from "./picker.js";
import { closing, keys, noting, sure, wished } from "./sheets.js";

const BEAT_MS = 20000;
const KEPT = "hjemvei-konsoll-lyd";
const title = document.title;
const $ = (id) => document.getElementById(id);
const panels = new Map();
/** Milliseconds. */
const GAP = 1000;
let current = null;
let state = { cases: [], present: [], on: false };
let lists = null;
let known = null;
let sound = true;
try { sound = localStorage.getItem(KEPT) !== "av"; } catch { /* a browser that keeps nothing */ }

const say = (text) => { $("said").textContent = text; };
const trouble = (error) => say(error instanceof Refused ? error.message : "Fikk ikke kontakt. Prøv igjen.");
const waiting = () => state.cases.filter((item) => item.state === "waiting" || item.state === "missed");

// --- the queue

let fetching = null;
let stale = false;
let fetched = 0;
let due = 0;
/** Fetch the queue; calls that come meanwhile are answered by one more. */
function refresh() {
  if (fetching) { stale = true; return fetching; }
  fetched = Date.now();
  fetching = call("tilstand").then((found) => { state = found; drawQueue(); mine(); }).catch(() => {}).finally(() => {
    fetching = null;
    if (stale) { stale = false; refresh(); }
  });
  return fetching;
}

/** Something happened in the queue: fetch it, but on a busy evening no more than once in GAP. */
function hear() {
  if (!due) due = setTimeout(() => { due = 0; refresh(); }, Math.min(GAP, Math.max(0, fetched + GAP - Date.now())));
}

function ticket(item) {
  const takes = !item.taken_by;
  return el("li", { class: `ticket ${item.urgency}`, "data-case": item.id },
    el("p", { class: "first" }, `${lists.urgencies[item.urgency]}`, el("time", { class: "since", datetime: item.since }, ago(item.since))),
    el("p", { class: "small" }, `${item.name}, ${lists.channels[item.channel] || item.channel}`, lists.teams.length > 1 && `, ${item.team}`),
    item.reasons.length > 0 && el("p", { class: "small" }, item.reasons.join(", ")),
    item.escalations > 0 && takes && el("p", { class: "small" }, `Varslet ${item.escalations + 1} ganger`),
    item.taken_by && el("p", { class: "small quiet" }, item.mine ? "Din samtale" : `Hos ${item.taken_by}`),
    takes && el("button", { type: "button", class: item.urgency === "acute" ? null : "plain", click: () => take(item.id) },
      "Ta saken", el("span", { class: "unseen" }, ` ${item.name}`)),
    item.mine && el("button", { type: "button", class: "plain", click: () => open(item.id, true) }, "Vis", el("span", { class: "unseen" }, ` ${item.name}`)));
}

function drawQueue() {
  const focused = document.activeElement?.closest?.("[data-case]")?.dataset.case;
  const groups = [
    ["Venter", state.cases.filter((item) => item.state === "waiting")],
    ["Fikk ikke svar i tide", state.cases.filter((item) => item.state === "missed")],
    ["La igjen en beskjed", state.cases.filter((item) => item.state === "callback")],
    ["I samtale", state.cases.filter((item) => item.state === "active")],
  ];
  fill($("queue"), ...groups.filter(([name, items]) => items.length || name === "Venter").map(([name, items]) => [
    el("h3", {}, `${name} (${items.length})`),
    items.length ? el("ul", {}, items.map(ticket)) : el("p", { class: "quiet small" }, "Ingen venter nå."),
  ]).flat());
  if (focused) $("queue").querySelector(`[data-case="${CSS.escape(focused)}"] button`)?.focus();
  const others = state.present.filter((one) => !one.me).map((one) => one.name);
  $("on-duty").textContent = others.length ? `På vakt: ${others.join(", ")}${state.on ? " og du" : ""}` : state.on ? "Bare du er på vakt." : "Ingen er på vakt.";
  press($("duty"), state.on, state.on ? "På vakt" : "Ikke på vakt");
  $("next").disabled = !waiting().length;
  announce();
}

function announce() {
  const ids = new Set(waiting().map((item) => item.id));
  const fresh = known && [...ids].some((id) => !known.has(id));
  known = ids;
  if (fresh) { if (sound) ring(); say("Ny sak i køen"); }
  retitle();
}

function retitle() {
  const unread = [...panels.values()].reduce((sum, panel) => sum + panel.fresh, 0);
  const count = waiting().length + unread;
  document.title = sound && count ? `(${count}) ${title}` : title;
}

function ago(iso) {
  const minutes = Math.floor((Date.now() - new Date(iso)) / 60000);
  if (minutes < 1) return "nå";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} t ${minutes % 60} min`;
}
setInterval(() => { for (const time of document.querySelectorAll("time.since")) time.textContent = ago(time.dateTime); }, 20000);

let audio = null;
/** Two soft notes, made here: nothing is fetched for them. */
function ring() {
  try {
    audio = audio || new AudioContext();
    [660, 880].forEach((pitch, index) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const at = audio.currentTime + index * 0.18;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.12, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.35);
    });
  } catch { /* the title and the line for screen readers tell it too */ }
}

function press(button, on, label) {
  button.setAttribute("aria-pressed", String(on));
  button.textContent = label;
}

// --- the conversations

/** Open what is ours and not open yet, as after the page was loaded anew. */
function mine() {
  for (const item of state.cases) if (item.mine && item.state === "active" && !panels.has(item.id)) open(item.id);
}

async function take(id) {
  try {
    await call(`saker/${id}/ta`, { method: "POST", body: {} });
    open(id, true);
    await heartbeat();
  } catch (error) {
    trouble(error);
    if (error instanceof Refused && error.code === "case_taken") notice(error.message);
  }
  refresh();
}

/** Something that went otherwise than the worker thought, in sight for a while. */
function notice(text) {
  $("line-state").textContent = text;
  $("line-state").hidden = false;
  setTimeout(() => { if ($("line-state").textContent === text) $("line-state").hidden = true; }, 6000);
}

function open(id, focus = false) {
  let panel = panels.get(id);
  if (panel && !panel.open) { gone(panel); panel = null; }
  if (!panel) {
    panel = new Panel(id, { focus: choose, canned, note, transfer, close, message, gone }, lists);
    panels.set(id, panel);
    $("talks").append(panel.element);
    $("nothing").hidden = true;
    panel.refresh();
  }
  if (focus || !current) choose(panel);
  if (focus) panel.text.focus();
}

function choose(panel) {
  current = panel;
  panel.fresh = 0;
  for (const other of panels.values()) other.element.classList.toggle("current", other === panel);
  retitle();
}

function gone(panel) {
  panel.element.remove();
  panels.delete(panel.id);
  if (current === panel) current = null;
  const next = panels.values().next().value;
  if (next) { choose(next); next.text.focus(); } else $("queue-title").focus();
  $("nothing").hidden = panels.size > 0;
  retitle();
}

async function canned(panel) {
  // In the language that the person writes, where it is there.
  const items = lists.canned.map((one) => ({ ...one, text: one.texts[panel.case.language] ?? one.texts.nb }));
  const chosen = await pick("Ferdige svar", items);
  if (chosen) panel.insert(chosen.text);
  else panel.text.focus();
}

async function note(panel) {
  const text = await noting(panel.case.name);
  if (text && text.trim()) await call(`saker/${panel.id}/notat`, { method: "POST", body: { text } }).catch(trouble);
  panel.text.focus();
}

async function transfer(panel) {
  const people = state.present.filter((one) => !one.me).map((one) => ({ title: one.name, text: "får samtalen med en gang", body: { worker: one.id } }));
  const teams = lists.teams.map((team) => ({ title: `Køen til ${team.name}`, text: "den neste på vakt tar den", body: { team: team.id } }));
  const chosen = await pick(`Gi ${panel.case.name} videre`, [...people, ...teams]);
  if (chosen) await call(`saker/${panel.id}/overfor`, { method: "POST", body: chosen.body }).catch(trouble);
  else panel.text.focus();
  refresh();
}

async function close(panel) {
  if (panel.text.value.trim() && !(await sure("Svaret er ikke sendt", "Det står noe i feltet som ikke er sendt.", "Avslutt likevel"))) return panel.text.focus();
  const body = await closing(panel.case.name, lists.closing);
  if (!body) return panel.text.focus();
  try {
    await call(`saker/${panel.id}/lukk`, { method: "POST", body });
    gone(panel);
    say("Saken er avsluttet");
  } catch (error) { trouble(error); }
  return refresh();
}

async function message(panel) {
  try {
    await wished(panel.case.name, await call(`saker/${panel.id}/beskjed`, { method: "POST", body: {} }));
  } catch (error) { trouble(error); }
  panel.text.focus();
}

$("lookup").addEventListener("hjemvei-insert", (event) => {
  const { text, kind, id } = event.detail;
  if (!current || !current.open) return say("Du har ingen samtale å sette det inn i.");
  current.insert(text);
  if (kind === "contact") current.offerReferral(id, text.split("\n")[0]);
  return undefined;
});

// --- the line

let down = 0;
function listen() {
  const stream = new EventSource("/konsoll/strom");
  stream.addEventListener("open", () => {
    clearTimeout(down);
    down = 0;
    if ($("line-state").dataset.down) { $("line-state").hidden = true; delete $("line-state").dataset.down; }
    refresh();
    for (const panel of panels.values()) if (panel.open) panel.refresh();
  });
  stream.addEventListener("error", () => {
    if (!down) down = setTimeout(() => {
      $("line-state").textContent = "Mistet kontakten. Prøver igjen. Det du sender nå, går ut når kontakten er tilbake.";
      $("line-state").dataset.down = "1";
      $("line-state").hidden = false;
    }, 2500);
    // A stream that was refused is not tried again by the browser itself.
    if (stream.readyState === EventSource.CLOSED) { stream.close(); setTimeout(listen, 2000); heartbeat(); }
  });
  stream.addEventListener("over", () => { stream.close(); leave(); });
  const heard = (kind, does) => stream.addEventListener(kind, (event) => does(JSON.parse(event.data)));
  heard("queue", hear);
  heard("presence", hear);
  heard("case", ({ case: id }) => panels.get(id)?.refresh());
  heard("typing", ({ case: id, on }) => panels.get(id)?.pens(on));
  heard("line", ({ case: id, number }) => {
    const panel = panels.get(id);
    if (!panel || number <= panel.last) return;
    panel.more();
    if (panel !== current || document.hidden) { panel.fresh += 1; retitle(); if (sound && document.hidden) ring(); }
  });
}

async function heartbeat() {
  const cases = [...panels.values()].filter((panel) => panel.open).map((panel) => panel.id);
  await beat({ cases }).catch(() => {});
}

// --- keys and buttons

async function duty() {
  await call("vakt", { method: "POST", body: { on: !state.on } }).catch(trouble);
  refresh();
}

function toggleSound() {
  sound = !sound;
  try { localStorage.setItem(KEPT, sound ? "på" : "av"); } catch { /* only for this visit, then */ }
  press($("sound"), sound, sound ? "Lyd på" : "Lyd av");
  retitle();
}

function next() {
  const first = waiting()[0];
  if (first) take(first.id);
  else say("Ingen venter nå.");
}

const inTalk = (does) => () => { if (current && current.open && current.case) does(current); else say("Velg en samtale først."); };
const DEEDS = {
  KeyN: next,
  KeyK: () => ($("queue").querySelector("button") || $("queue-title")).focus(),
  KeyO: () => aid.focus(),
  KeyS: inTalk(canned),
  KeyM: inTalk(note),
  KeyR: inTalk((panel) => panel.refer()),
  KeyV: inTalk(transfer),
  KeyL: inTalk(close),
  KeyP: duty,
  KeyU: toggleSound,
  KeyH: keys,
};
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const number = /^Digit([1-9])$/.exec(event.code);
  const panel = number && [...panels.values()][number[1] - 1];
  const does = panel ? () => { choose(panel); (panel.open ? panel.text : panel.element.querySelector("button")).focus(); } : DEEDS[event.code];
  if (!does) return;
  event.preventDefault();
  does();
});
$("duty").addEventListener("click", duty);
$("sound").addEventListener("click", toggleSound);
$("help").addEventListener("click", keys);
$("next").addEventListener("click", next);
addEventListener("beforeunload", (event) => {
  // The browser asks before what is not sent is lost.
  if ([...panels.values()].some((panel) => panel.open && panel.outbox.length)) event.preventDefault();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && current) choose(current); });

press($("sound"), sound, sound ? "Lyd på" : "Lyd av");
const aid = lookup($("lookup"), { inserts: true });
lists = await call("lister");
listen();
heartbeat();
setInterval(heartbeat, BEAT_MS);
