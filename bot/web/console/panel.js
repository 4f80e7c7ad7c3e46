// One conversation: what was said, what is known, and the field to answer in. What the worker writes is kept until the
// server has it; a line has a key and is shown once, however often it is heard.

import { call, el, fill, Refused } from "./shell.js";
import { foreign, parts, plain } from "./gsm7.js";

const PEN_MS = 4000;
const PEN_GONE_MS = 8000;
const MOST_PARTS = 3;
const clock = new Intl.DateTimeFormat("nb-NO", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Oslo" });
const BY = { user: "Personen", program: "Programmet" };

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Panel {
  /** `on` hears: focus(panel), note, canned, transfer, close, message, gone(panel), refer(contact, name). */
  constructor(id, on, words) {
    Object.assign(this, { id, on, words, last: 0, keys: new Map(), outbox: [], busy: false, open: true, fresh: 0, unmasked: false });
    this.title = el("h3", { id: `title-${id}`, tabindex: "-1" });
    this.known = el("details", { class: "known", open: true });
    this.log = el("div", { class: "log", role: "log", tabindex: "0", "aria-labelledby": `title-${id}` });
    // Whoever reads the newest goes on reading the newest, also when the room for it changes; whoever reads back stays.
    this.low = true;
    this.log.addEventListener("scroll", () => {
      // What has just grown or shrunk has not been scrolled by anybody.
      const { scrollHeight, scrollTop, clientHeight } = this.log;
      if (this.size === `${scrollHeight} ${clientHeight}`) this.low = scrollHeight - scrollTop - clientHeight < 60;
    });
    new ResizeObserver(() => this.settle()).observe(this.log);
    this.pen = el("p", { class: "pen", role: "status" });
    this.count = el("p", { class: "count", role: "status" });
    this.text = el("textarea", { id: `text-${id}`, rows: "3", maxlength: "2000", input: () => this.writes(), keydown: (event) => this.press(event) });
    this.suggest = el("p", { class: "suggest", hidden: true });
    this.form = el("form", { class: "write", submit: (event) => { event.preventDefault(); this.send(); } },
      el("label", { for: this.text.id }, "Svar"), this.text, this.count,
      el("div", { class: "sends" },
        el("button", { type: "button", class: "plain", click: () => on.canned(this) }, "Ferdige svar"), el("button", {}, "Send")));
    this.deeds = el("div", { class: "deeds" },
      this.deed("Merknad", () => on.note(this)), this.deed("Gi videre", () => on.transfer(this)), this.deed("Avslutt", () => on.close(this)));
    this.element = el("section", { class: "panel", "aria-labelledby": this.title.id, focusin: () => on.focus(this) },
      el("div", { class: "panel-head" }, this.title, this.deeds, this.known), this.log, this.pen, this.suggest, this.form);
  }

  deed(title, does) { return el("button", { type: "button", class: "plain", click: does }, title); }

  /** Fetch everything anew and show what is not shown yet. */
  async refresh() {
    let found;
    try {
      found = await call(`saker/${this.id}`);
    } catch (error) {
      if (error instanceof Refused && error.status === 404) this.end("Saken finnes ikke lenger.");
      return;
    }
    if (!this.open) return;
    if (!found.mine) return this.end(this.why(found));
    this.case = found;
    this.head(found);
    this.show(found.lines);
    this.pump();
  }

  /** Fetch the lines after the last that is shown. */
  async more() {
    if (this.fetching) { this.again = true; return; }
    this.fetching = true;
    try {
      this.show((await call(`saker/${this.id}/linjer?etter=${this.last}`)).lines);
    } catch { /* A line that is lost is made good when the stream opens again. */ }
    this.fetching = false;
    if (this.again) { this.again = false; this.more(); }
  }

  why(found) {
    const move = found.moves.at(-1);
    if (found.state === "closed") return move && move.what.includes("slettet") ? "Personen slettet samtalen. Den er borte her også." : "Saken er avsluttet.";
    return found.taken_by ? `${found.taken_by} har saken nå.` : "Saken er tilbake i køen.";
  }

  head(found) {
    fill(this.title, found.name, el("span", { class: `tag ${found.urgency}` }, this.words.urgencies[found.urgency]),
      el("span", { class: "quiet small" }, `${this.words.channels[found.channel] || found.channel}, ${found.team}`));
    if (found.message && !this.deeds.querySelector(".left")) {
      this.deeds.prepend(el("button", { type: "button", class: "left", click: () => this.on.message(this) }, "Les beskjeden"));
    }
    const stood = this.known.open;
    const noted = found.notes.map((note) => el("li", {}, `${note.text} `, el("span", { class: "quiet" }, `${note.by} ${clock.format(new Date(note.at))}`)));
    fill(this.known,
      el("summary", {}, "Det vi vet", found.notes.length > 0 && `, ${found.notes.length} merknad${found.notes.length > 1 ? "er" : ""}`),
      found.carried.length ? el("dl", {}, found.carried.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]).flat())
        : el("p", { class: "quiet" }, "Personen ga ikke noe videre."),
      !found.shared && el("p", { class: "quiet" }, "Personen vil ikke at du leser det som ble skrevet før."),
      found.referrals.length > 0 && el("p", {}, `Henvist til: ${found.referrals.join(", ")}`),
      noted.length > 0 && el("ul", { "aria-label": "Merknader" }, noted));
    this.known.open = stood;
    this.tally();
  }

  show(lines) {
    for (const line of lines) {
      if (line.case === this.id) this.last = Math.max(this.last, line.number);
      const shown = this.keys.get(line.key);
      if (shown) {
        if (shown.text !== line.text && (this.unmasked ? !line.masked : true)) this.fill(shown, line);
        continue;
      }
      const entry = { text: line.text, element: el("div", { class: `entry ${line.by}`, lang: line.language === "nb" ? null : line.language }) };
      this.fill(entry, line);
      this.keys.set(line.key, entry);
      // Lines may come out of order when two are fetched at once.
      const after = [...this.log.querySelectorAll("[data-at]")].find((other) => other.dataset.at > line.at);
      entry.element.dataset.at = line.at;
      if (after) after.before(entry.element);
      else this.log.insertBefore(entry.element, this.log.querySelector("[data-waits]"));
      if (line.by === "user") this.pens(false);
    }
    this.settle();
  }

  settle() {
    if (this.low) this.log.scrollTop = this.log.scrollHeight;
    this.size = `${this.log.scrollHeight} ${this.log.clientHeight}`;
  }

  fill(entry, line) {
    entry.text = line.text;
    fill(entry.element,
      el("p", { class: "who" }, `${line.by === "human" ? line.name || "Menneske" : BY[line.by]} ${clock.format(new Date(line.at))}`),
      el("p", {}, line.text),
      line.masked && el("button", { type: "button", class: "plain", click: () => this.unmask() }, "Vis det som er skjult"));
  }

  /** Deliberately, and the server writes in the log that it was done. */
  async unmask() {
    const { lines } = await call(`saker/${this.id}/vis`, { method: "POST", body: {} });
    this.unmasked = true;
    this.show(lines);
    this.log.focus();
  }

  pens(on) {
    clearTimeout(this.penGone);
    this.pen.textContent = on ? "Personen skriver …" : "";
    if (on) this.penGone = setTimeout(() => this.pens(false), PEN_GONE_MS);
  }

  writes() {
    this.tally();
    if (!this.penOn) this.sign(true);
    clearTimeout(this.penStop);
    this.penStop = setTimeout(() => this.sign(false), PEN_MS);
  }

  sign(on) {
    if (this.penOn === on) return;
    this.penOn = on;
    call(`saker/${this.id}/skriver`, { method: "POST", body: { on } }).catch(() => {});
  }

  tally() {
    if (!this.case || this.case.channel !== "sms") return;
    const text = plain(this.text.value);
    const number = parts(text);
    const odd = foreign(text);
    const said = text ? [`${Array.from(text).length} tegn, ${number} SMS.`] : [];
    if (odd) said.push(`${odd} finnes ikke i SMS-alfabetet: bare 70 tegn i hver.`);
    if (number > MOST_PARTS) said.push("Del den opp: mange telefoner viser ikke så lange meldinger samlet.");
    this.count.textContent = said.join(" ");
    this.count.classList.toggle("dear", Boolean(odd) || number > MOST_PARTS);
  }

  press(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
  }

  /** Put text where the cursor is. */
  insert(text) {
    const { selectionStart: start, selectionEnd: end, value } = this.text;
    const before = start && !/\s$/.test(value.slice(0, start)) ? "\n" : "";
    this.text.setRangeText(before + text, start, end, "end");
    this.text.focus();
    this.writes();
  }

  send() {
    const text = this.text.value.trim();
    if (!text || !this.open) return;
    this.text.value = "";
    clearTimeout(this.penStop);
    this.sign(false);
    this.tally();
    const item = { text, id: newId(), element: el("div", { class: "entry human", "data-waits": true }, el("p", { class: "who" }, "Sendes …"), el("p", {}, text)) };
    this.outbox.push(item);
    this.log.append(item.element);
    this.log.scrollTop = this.log.scrollHeight;
    this.pump();
  }

  /** Send one after another; the same id again acts once, so trying again is safe. */
  async pump() {
    if (this.busy) return;
    this.busy = true;
    while (this.outbox.length && this.open) {
      const item = this.outbox[0];
      try {
        const line = await call(`saker/${this.id}/skriv`, { method: "POST", body: { text: item.text, message_id: item.id } });
        this.outbox.shift();
        item.element.remove();
        // What the person wrote meanwhile comes before it, and would be passed over.
        if (line.number > this.last + 1) await this.more();
        else this.show([line]);
        this.log.scrollTop = this.log.scrollHeight;
      } catch (error) {
        if (error instanceof Refused && error.status < 500 && error.status !== 429) {
          item.element.classList.add("failed");
          item.element.firstChild.textContent = `Ikke sendt. ${error.message}`;
          this.outbox.shift();
        } else {
          item.element.firstChild.textContent = "Ikke sendt ennå. Prøver igjen …";
          await new Promise((done) => setTimeout(done, 1500));
        }
      }
    }
    this.busy = false;
  }

  /** It is no longer ours. What was not sent stays to be copied; what was said is taken off the screen. */
  end(why) {
    if (!this.open) return;
    this.open = false;
    this.pens(false);
    fill(this.log, ...this.outbox.map((item) => item.element));
    this.known.remove();
    this.suggest.remove();
    this.form.remove();
    this.deeds.remove();
    this.element.append(el("p", { class: "over", role: "status" }, `${why} `,
      el("button", { type: "button", class: "plain", click: () => this.on.gone(this) }, "Lukk")));
  }

  offerReferral(contact, name) {
    this.suggest.hidden = false;
    fill(this.suggest, `${name}:`, el("button", { type: "button", class: "plain", click: () => this.refer() }, "Noter som henvist"));
    this.referral = contact;
  }

  async refer() {
    if (!this.referral || !this.open) return;
    const contact = this.referral;
    this.referral = null;
    this.suggest.hidden = true;
    await call(`saker/${this.id}/henvis`, { method: "POST", body: { contact } });
    this.text.focus();
  }
}
