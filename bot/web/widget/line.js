// The line to the server: messages go out one at a time and each acts once; what happens comes in on a stream.
// What was written lies in memory only. The tab remembers the conversation's id and token, and no text.

const ROOT = "/api/v1/conversations";
const KEY = "h";
const ANSWER_MS = 30000;
const SILENT_MS = 45000;
const TRIES = 4;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A random name for a message. `randomUUID` is missing where the page is not served over TLS. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const tab = {
  read(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
  write(key, value) {
    try {
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(value));
    } catch { /* a browser that keeps nothing is as good */ }
  },
};

const isText = (value) => typeof value === "string";

/** Whether a reply is one that can be shown. */
function readable(reply) {
  return Boolean(reply) && Array.isArray(reply.texts) && reply.texts.length > 0 && reply.texts.every(isText);
}

export class Line {
  /**
   * `on` hears: reply(id, reply, past), waiting(id, why), sent(), refused(item, message), failed(item, why), renewed(),
   * event(kind, data, past), gone(), back().
   */
  constructor(on) {
    this.on = on;
    this.queue = [];
    this.answered = new Set();
    this.talk = null;
    this.last = 0;
    // Goes up when the conversation is erased, so that what was under way for it is dropped.
    this.age = 0;
    this.busy = false;
    this.patient = false;
    window.addEventListener("online", () => this.hurry());
  }

  /** Go on with the conversation of this tab. Answers whether there is one. */
  resume() {
    const kept = tab.read(KEY);
    if (!kept || !isText(kept.id) || !isText(kept.token)) return false;
    this.talk = kept;
    this.listen();
    return true;
  }

  send(text, id = newId()) {
    this.queue.push({ id, text, tries: 0 });
    this.pump();
    return id;
  }

  /** End and erase, without waiting for an answer; survives the page. */
  erase() {
    const { talk } = this;
    this.forget();
    this.queue = [];
    if (talk) this.call(`/${talk.id}`, { method: "DELETE", keepalive: true }, talk).catch(() => {});
  }

  /** Tell the human who has the conversation. When it does not get there nothing is lost. */
  typing(on) {
    if (this.talk) this.call(`/${this.talk.id}/typing`, { method: "POST", body: JSON.stringify({ on }) }).catch(() => {});
  }

  forget() {
    this.age += 1;
    this.talk = null;
    this.last = 0;
    tab.write(KEY, null);
    if (this.stop) this.stop.abort();
    this.patient = false;
    this.hurry();
  }

  /** Try again now; but when the server asked us to wait, wait. */
  hurry() { if (this.wake && !this.patient) this.wake(); }

  call(path, options = {}, talk = this.talk) {
    const headers = { ...options.headers };
    if (talk) headers.Authorization = `Bearer ${talk.token}`;
    if (options.body) headers["Content-Type"] = "application/json";
    return fetch(ROOT + path, { ...options, headers, credentials: "omit", cache: "no-store" });
  }

  /** A call that is given up after a while. */
  async timely(path, options) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER_MS);
    try {
      const response = await this.call(path, { ...options, signal: stop.signal });
      // The body belongs to what is waited for.
      return { response, text: await response.text() };
    } finally {
      clearTimeout(timer);
    }
  }

  async pump() {
    if (this.busy) return;
    this.busy = true;
    while (this.queue.length) {
      const item = this.queue[0];
      const age = this.age;
      let wait = 0;
      try {
        wait = await this.deliver(item);
      } catch {
        item.tries += 1;
        wait = Math.min(30000, 1000 * 2 ** item.tries);
        if (age === this.age) this.on.waiting(item.id, navigator.onLine === false ? "offline" : "unreachable");
      }
      if (age !== this.age) continue;
      if (wait) {
        await Promise.race([pause(wait), new Promise((done) => { this.wake = done; })]);
        this.wake = null;
        this.patient = false;
      } else this.drop(item.id);
    }
    this.busy = false;
  }

  drop(id) { this.queue = this.queue.filter((item) => item.id !== id); }

  /** One try. Answers how many milliseconds to wait before the next, 0 when the message is done with. */
  async deliver(item) {
    const age = this.age;
    if (!this.talk) {
      const { response, text } = await this.timely("", { method: "POST" });
      const talk = response.ok ? parsed(text) : null;
      if (age !== this.age) {
        if (talk) this.call(`/${talk.id}`, { method: "DELETE", keepalive: true }, talk).catch(() => {});
        return 0;
      }
      if (!response.ok) return this.stumble(item, response, text);
      if (!talk || !isText(talk.id) || !isText(talk.token)) return this.stumble(item, null, text);
      this.talk = { id: talk.id, token: talk.token };
      tab.write(KEY, this.talk);
      this.listen();
    }
    const body = JSON.stringify({ text: item.text, client_message_id: item.id });
    const { response, text } = await this.timely(`/${this.talk.id}/messages`, { method: "POST", body });
    if (age !== this.age) return 0;
    if (response.status === 404 && !item.renewed) {
      // It has expired meanwhile: the message gets its answer in a new one.
      item.renewed = true;
      this.talk = null;
      this.last = 0;
      if (this.stop) this.stop.abort();
      this.on.renewed();
      return this.deliver(item);
    }
    if (!response.ok) return this.stumble(item, response, text);
    const reply = parsed(text);
    // A human has the conversation, and the program is silent: nothing to show, and all is well.
    if (reply && Array.isArray(reply.texts) && !reply.texts.length && isText(reply.handoff)) this.on.sent(item.id, reply);
    else if (readable(reply)) this.reply(item.id, reply, false);
    else return this.stumble(item, null, text);
    return 0;
  }

  reply(id, reply, past) {
    if (id && this.answered.has(id)) return;
    if (id) this.answered.add(id);
    this.drop(id);
    this.on.reply(id, reply, past);
  }

  /** The server answered, and not with a reply. */
  stumble(item, response, text) {
    const status = response ? response.status : 0;
    const error = parsed(text)?.error;
    const said = isText(error?.message) ? error.message : "";
    if (status === 429) {
      this.on.waiting(item.id, "busy");
      this.patient = true;
      return 1000 * Math.min(60, Number(response.headers.get("Retry-After")) || 5);
    }
    if (status >= 400 && status < 500) {
      this.on.refused(item, said);
      return 0;
    }
    item.tries += 1;
    if (item.tries < TRIES) {
      this.on.waiting(item.id, "unreachable");
      return 1000 * 2 ** (item.tries - 1);
    }
    this.on.failed(item, response ? "failed" : "garbled");
    return 0;
  }

  async listen() {
    const { talk } = this;
    let wait = 1000;
    while (talk && this.talk && this.talk.id === talk.id) {
      this.stop = new AbortController();
      try {
        const headers = { "Last-Event-ID": String(this.last) };
        const response = await this.call(`/${talk.id}/events`, { headers, signal: this.stop.signal });
        if (response.status === 404) {
          if (this.talk === talk) { this.forget(); this.on.gone(); }
          return;
        }
        if (!response.ok || !response.body) throw new TypeError("no stream");
        const old = this.last ? 0 : Number(response.headers.get("Hjemvei-Last-Event")) || 0;
        this.on.back();
        wait = 1000;
        for await (const event of events(response.body, this.stop)) {
          if (this.talk !== talk) return;
          if (event.number) this.last = event.number;
          this.hear(event, event.number <= old);
        }
      } catch { /* the line broke; it is taken up again below */ }
      await Promise.race([pause(wait), new Promise((done) => window.addEventListener("online", done, { once: true }))]);
      wait = Math.min(30000, wait * 2);
    }
  }

  hear({ kind, data }, past) {
    if (kind === "reply") {
      if (readable(data)) this.reply(data.client_message_id, data, past);
    } else if (kind === "erased") {
      // A reply that erases says so itself; this is for what another tab did.
      this.forget();
      this.queue = [];
      this.on.gone();
    } else this.on.event(kind, data, past);
  }
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}

/** Server-sent events as they come. Gives up when the line is silent for too long; the server says something often. */
async function* events(body, stop) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const timer = setTimeout(() => stop.abort(), SILENT_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const fields = {};
      for (const line of part.split("\n")) {
        const colon = line.indexOf(": ");
        if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
      }
      const data = fields.data && parsed(fields.data);
      if (fields.event && data) yield { number: Number(fields.id) || 0, kind: fields.event, data };
    }
  }
}
