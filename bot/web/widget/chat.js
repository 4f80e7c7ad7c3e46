// <hjemvei-chat>: the conversation, in a closed shadow tree. The form stays where the server wrote it, so that what is
// typed before the script has come is never moved or lost.

import { framed, whenLeaving, words } from "./exit.js";
import { hidden, hide } from "./hide.js";
import { Line, tab } from "./line.js";
import { bubble, button, cards, el, helped, keep, sources, tools } from "./show.js";

const SEEN = "s";
const SLOW_MS = 7000;
const PEN_MS = 4000;
const STATES = ["offered", "waiting", "active", "closed"];
const SIZES = [100, 125, 150, 175, 200];
const form = document.getElementById("form");
const text = document.getElementById("text");
const said = document.getElementById("said");
const first = document.getElementById("first");
const longest = Number(text.dataset.longest);

class Chat extends HTMLElement {
  connectedCallback() {
    if (this.begun) return;
    this.begun = true;
    this.bubbles = new Map();
    this.log = el("div", { class: "log", role: "log", "aria-label": words.log, tabindex: "-1" });
    this.state = el("p", { class: "state", role: "status" });
    this.typing = el("p", { class: "typing", role: "status" });
    this.size = el("p", { class: "small", role: "status" });
    const root = this.attachShadow({ mode: "closed" });
    dress(root);
    root.append(el("slot", { name: "before" }), this.log, this.typing, this.state, el("slot", { name: "form" }), this.menu());
    this.line = new Line({
      reply: (id, reply, past) => (past ? this.keepBack(() => this.reply(id, reply)) : this.reply(id, reply)),
      event: (kind, data, past) => (past && kind === "message" ? this.keepBack(() => this.hear(kind, data)) : this.hear(kind, data)),
      waiting: (id, why) => this.mark(id, words[why], "waits"),
      sent: (id, reply) => { this.mark(id, ""); this.setState(reply.handoff, reply); },
      refused: (item, message) => this.refused(item, message),
      failed: (item, why) => this.failed(item, why),
      renewed: () => this.note(words.renewed),
      gone: () => { this.clear(); this.tell(words.gone); },
      back: () => { if (said.textContent === words.offline) this.tell(words.online); this.line.hurry(); },
    });
    this.wire();
    if (this.line.resume()) this.note(words.resumed);
  }

  wire() {
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    });
    text.addEventListener("input", () => { this.grow(); this.writes(); if (text.value.length <= longest) this.tell(""); });
    for (const [kind, files] of [["paste", (event) => event.clipboardData], ["drop", (event) => event.dataTransfer]]) {
      text.addEventListener(kind, (event) => {
        const given = files(event);
        if (given && given.files.length && !given.getData("text")) { event.preventDefault(); this.tell(words.picture); }
      });
    }
    window.addEventListener("offline", () => this.tell(words.offline));
    window.addEventListener("online", () => this.tell(words.online));
    const seen = document.getElementById("seen");
    seen.hidden = false;
    seen.addEventListener("click", () => { tab.write(SEEN, 1); first.hidden = true; text.focus(); });
    if (tab.read(SEEN)) first.hidden = true;
    const away = document.getElementById("hide");
    away.hidden = false;
    away.addEventListener("click", hide);
    // The rule of the browser's own form would stop what we explain better.
    form.noValidate = true;
    whenLeaving(() => { this.line.erase(); tab.write(SEEN, null); text.value = ""; this.log.replaceChildren(); });
    if (navigator.onLine === false) this.tell(words.offline);
  }

  menu() {
    const sized = (step) => () => {
      const now = SIZES.indexOf(this.percent || 100);
      this.percent = SIZES[Math.min(SIZES.length - 1, Math.max(0, now + step))];
      document.documentElement.style.fontSize = `${this.percent}%`;
      document.documentElement.classList.toggle("large", this.percent > 125);
      this.size.textContent = words.size.replace("{size}", this.percent);
    };
    return el(
      "div", { class: "menu", role: "group", "aria-label": words.menu },
      button(words.erase, () => { this.line.erase(); this.clear(); text.value = ""; this.tell(words.erased); text.focus(); }),
      button(words.smaller, sized(-1)), button(words.bigger, sized(1)), this.size,
    );
  }

  submit() {
    const written = text.value;
    if (!written.trim()) return this.tell(words.empty);
    if (written.length > longest) {
      return this.tell(words.too_long.replace("{count}", written.length).replace("{longest}", longest), true);
    }
    text.value = "";
    this.grow();
    this.tell("");
    this.say(written);
  }

  say(written) {
    this.dropChoices();
    const id = this.line.send(written);
    const made = bubble("own", words.you, [written], null);
    made.append(el("p", { class: "small mark" }));
    this.bubbles.set(id, made);
    this.log.append(made);
    document.documentElement.classList.add("talking");
    if (!made.querySelector(".mark").textContent) this.mark(id, words.sending);
    this.expect(true);
    this.reveal(made);
  }

  mark(id, label, kind = "") {
    const place = this.bubbles.get(id)?.querySelector(".mark");
    if (!place) return;
    place.textContent = label;
    place.className = `small mark ${kind}`;
    if (kind) { this.expect(false); this.tell(label); }
    else if (!label) this.expect(false);
  }

  /** The sign that an answer is coming, and a word when it takes long. */
  expect(coming) {
    clearTimeout(this.slow);
    this.typing.textContent = coming ? words.typing : "";
    if (coming) this.slow = setTimeout(() => { this.typing.textContent = words.slow; }, SLOW_MS);
  }

  reply(id, reply) {
    if (reply.erased) {
      this.line.forget();
      this.clear();
    } else if (id && !this.bubbles.has(id)) this.note(words.elsewhere);
    this.mark(id, "");
    this.expect(false);
    if ([words.offline, words.online, words.unreachable, words.busy].includes(said.textContent)) this.tell("");
    const urgent = reply.urgency === "acute" || reply.urgency === "urgent";
    const made = bubble(urgent ? "theirs urgent" : "theirs", words.program, reply.texts, reply.language);
    if (reply.contacts?.length) cards(made, reply.contacts, reply.language);
    if (typeof reply.keep?.text === "string") made.append(keep(reply.keep, reply.language, (label) => this.tell(label)));
    const foot = el("div", { class: "foot" });
    if (reply.topic && !reply.topic.startsWith("bot.") && !reply.erased) foot.append(helped((value) => this.vote(reply.topic, value)));
    if (reply.sources?.length) foot.append(sources(reply.sources));
    foot.append(tools(reply.texts, reply.language, (label) => this.tell(label)));
    this.dropChoices();
    this.log.append(made, foot);
    if (reply.buttons?.length) this.log.append(this.choices(reply.buttons, reply.language));
    this.setState(reply.handoff);
    this.reveal(made);
  }

  choices(buttons, language) {
    const press = (payload) => () => { this.log.focus({ preventScroll: true }); this.say(payload); };
    const offered = buttons.map(({ title, payload }) => button(String(title), press(String(payload))));
    return el("div", { class: "choices", role: "group", "aria-label": words.choices, lang: language }, ...offered);
  }

  dropChoices() { this.log.querySelectorAll(".choices").forEach((old) => old.remove()); }

  hear(kind, data) {
    if (kind === "typing") this.typing.textContent = data.on ? (data.by === "human" ? words.typing_human : words.typing) : "";
    else if (kind === "message" && typeof data.text === "string") {
      this.expect(false);
      // The program too tells what becomes of the talk with a human, outside a reply.
      const human = data.by !== "program";
      const name = typeof data.name === "string" && data.name ? `${words.human}: ${data.name}` : words.human;
      const made = bubble(human ? "human" : "theirs", human ? name : words.program, [data.text], data.language || null);
      this.log.append(made);
      this.reveal(made);
    } else if (kind === "state") this.setState(data.handoff, data);
  }

  /** The human sees that something is being written; nothing of what. */
  writes() {
    if (this.was !== "active") return;
    if (!this.pen) this.line.typing(true);
    clearTimeout(this.pen);
    this.pen = setTimeout(() => { this.pen = 0; this.line.typing(false); }, PEN_MS);
  }

  setState(state, { place, name } = {}) {
    if (!STATES.includes(state)) state = "";
    if (this.was === "active" && state === "closed") this.askAboutTheHuman();
    // A reply says the state alone; the place and the name hold until it changes.
    if (state === this.was) { place = place || this.place; name = name || this.name; }
    Object.assign(this, { was: state, place, name });
    let label = state ? words[`state_${state}`] : "";
    if (state === "waiting" && place) label += ` ${words.state_place.replace("{place}", Number(place))}`;
    if (state === "active" && typeof name === "string" && name) label = words.state_active_name.replace("{name}", name);
    if (this.state.textContent !== label) this.state.textContent = label;
    this.state.className = `state ${state}`;
  }

  refused(item, message) {
    this.expect(false);
    this.bubbles.get(item.id)?.remove();
    const kept = text.value ? "" : ` ${words.back}`;
    if (!text.value) { text.value = item.text; this.grow(); }
    this.tell(`${message || words.refused}${kept}`, true);
  }

  failed(item, why) {
    this.mark(item.id, words[why], "failed");
    const place = this.bubbles.get(item.id)?.querySelector(".mark");
    if (!place) return;
    place.append(" ", button(words.retry, () => {
      text.focus({ preventScroll: true });
      this.mark(item.id, words.sending);
      this.expect(true);
      this.line.send(item.text, item.id);
    }));
  }

  askAboutTheHuman() {
    this.log.append(el("div", { class: "foot" },
      helped((value) => this.vote("bot.menneske", value), words.helped_human, words.thanks_no_human)));
  }

  vote(topic, helpful) {
    const { talk } = this.line;
    if (talk) this.line.call(`/${talk.id}/feedback`, { method: "POST", body: JSON.stringify({ topic, helpful }) }).catch(() => {});
  }

  /** What was said before the page was opened anew is shown when it is asked for. */
  keepBack(work) {
    if (!this.earlier) {
      const place = el("div", { class: "choices" }, button(words.show_last, () => {
        const all = this.earlier;
        this.earlier = null;
        place.remove();
        all.forEach((one) => one());
        this.log.focus();
      }));
      this.earlier = [];
      this.log.append(place);
    }
    this.earlier.push(work);
  }

  note(label) { this.log.append(el("p", { class: "note" }, label)); }

  tell(label, alarming = false) {
    said.textContent = label;
    text.setAttribute("aria-invalid", String(alarming));
  }

  clear() {
    this.log.replaceChildren();
    this.bubbles.clear();
    this.earlier = null;
    this.expect(false);
    this.setState("");
  }

  reveal(made) { if (!hidden()) made.scrollIntoView({ block: made.classList.contains("own") ? "nearest" : "start" }); }

  grow() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, window.innerHeight * 0.3)}px`;
  }
}

/** The page's own style sheet, in the shadow tree too. */
function dress(root) {
  const style = document.querySelector("style").textContent;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // The same text has the same hash, so the policy lets it through.
    root.append(el("style", {}, style));
  }
}

customElements.define("hjemvei-chat", Chat);

if (framed) {
  const named = /^--h-(paper|ink|quiet|line|own|accent|human|bar)$/;
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !event.data || event.data.hjemvei !== "theme") return;
    for (const [name, value] of Object.entries(event.data.colours || {})) {
      if (named.test(name) && CSS.supports("color", value)) document.documentElement.style.setProperty(name, value);
    }
  });
  window.addEventListener("keydown", (event) => { if (event.key === "Escape") window.parent.postMessage({ hjemvei: "close" }, "*"); });
  window.parent.postMessage({ hjemvei: "ready" }, "*");
}
