// <hjemvei-chat> for other sites' pages: one script tag, and the conversation lies in a frame of ours, where neither
// the page's scripts nor its styles reach. The shadow tree keeps the page's styles off the button and the panel.
//
//   <script type="module" src="…/widget/hjemvei-chat.js"></script>
//   <hjemvei-chat mode="corner" lang="nb"></hjemvei-chat>        mode: corner (default), inline or full

const HOME = new URL(import.meta.url).origin;
const NUMBERS = "NUMBERS";
const WORDS = "WORDS";
const EXIT = "EXIT";
const READY_MS = 15000;
const WITHIN_MS = 5000;
const COLOURS = ["paper", "ink", "quiet", "line", "own", "accent", "human", "bar"];

const STYLE = `
:host { all: initial !important; display: block !important; font: 16px/1.5 system-ui, sans-serif !important; color-scheme: light dark !important; }
:host([mode="inline"]) { height: var(--h-height, 40rem) !important; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button { min-height: 48px; padding: 0 20px; border: 0; border-radius: 24px; background: var(--h-accent, #175a4c); color: #fff; font: 600 16px/1.2 system-ui, sans-serif; cursor: pointer; }
button:focus-visible, a:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #1c2a2b; }
.open { position: fixed; right: 16px; bottom: 16px; z-index: 2147483646; box-shadow: 0 2px 12px #0004; }
.panel { display: flex; flex-direction: column; height: 100%; overflow: hidden; border: 1px solid #8a9a9a; border-radius: 12px; background: #faf9f6; color: #1c2a2b; }
.corner .panel { position: fixed; right: 16px; bottom: 16px; z-index: 2147483647; width: 400px; height: min(680px, calc(100dvh - 32px)); box-shadow: 0 6px 30px #0005; }
.full .panel { position: fixed; inset: 0; z-index: 2147483647; border: 0; border-radius: 0; }
.close { min-height: 44px; border-radius: 0; background: #e8ecea; color: #1c2a2b; }
iframe { flex: 1; width: 100%; border: 0; }
.blocked { padding: 16px; }
a { color: #175a4c; }
@media (max-width: 480px), (max-height: 400px) { .corner .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; } }
@media (forced-colors: active) { button { border: 1px solid; } }
`;

function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

class Chat extends HTMLElement {
  #frame = null;
  #panel = null;
  #open = null;

  connectedCallback() {
    if (this.#panel) return;
    const mode = ["inline", "full"].includes(this.getAttribute("mode")) ? this.getAttribute("mode") : "corner";
    const language = Object.hasOwn(WORDS, this.lang) ? this.lang : "nb";
    const words = WORDS[language];
    const root = this.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#panel = el("div", { class: "panel", role: "region", "aria-label": words.title, lang: language });
    this.#open = el("button", { type: "button", class: "open", "aria-expanded": "false", lang: language, click: () => this.#show() }, words.open);
    const close = el("button", { type: "button", class: "close", lang: language, click: () => this.#close() }, words.close);
    this.#panel.hidden = true;
    root.append(el("div", { class: mode }, this.#open, this.#panel));
    this.#prepare = () => {
      this.#frame = el("iframe", { src: `${HOME}/ramme?sprak=${language}`, title: words.title, referrerpolicy: "no-referrer", allow: "clipboard-write" });
      this.#panel.append(this.#frame);
      if (mode !== "inline") this.#panel.append(close);
      this.#late = setTimeout(() => this.#blocked(words), READY_MS);
    };
    window.addEventListener("message", (event) => this.#hear(event));
    this.#watchShift();
    if (mode !== "corner") this.#show();
  }

  #prepare = () => {};
  #late = 0;

  #show() {
    if (!this.#frame) this.#prepare();
    this.#panel.hidden = false;
    this.#open.hidden = true;
    this.#open.setAttribute("aria-expanded", "true");
    if (this.#frame) this.#frame.focus();
  }

  #close() {
    this.#panel.hidden = true;
    this.#open.hidden = false;
    this.#open.setAttribute("aria-expanded", "false");
    this.#open.focus();
  }

  #hear(event) {
    if (!this.#frame || event.source !== this.#frame.contentWindow || event.origin !== HOME || !event.data) return;
    if (event.data.hjemvei === "ready") {
      clearTimeout(this.#late);
      const given = getComputedStyle(this);
      const colours = Object.fromEntries(COLOURS.map((name) => [`--h-${name}`, given.getPropertyValue(`--h-${name}`).trim()]));
      this.#frame.contentWindow.postMessage({ hjemvei: "theme", colours }, HOME);
    } else if (event.data.hjemvei === "left") away();
    else if (event.data.hjemvei === "close" && this.#panel.lastElementChild !== this.#frame) this.#close();
  }

  /** Shift three times on the page around, as in the frame: there it is exit.js that listens. */
  #watchShift() {
    let count = 0;
    let alone = false;
    let since = 0;
    const forget = () => { count = 0; alone = false; };
    window.addEventListener("keydown", (event) => {
      const view = window.visualViewport;
      const onScreen = view && view.height * view.scale < window.innerHeight * 0.75;
      if (event.key !== "Shift" || !event.code || event.isComposing || onScreen || !this.#frame) forget();
      else if (!event.repeat) alone = !event.ctrlKey && !event.altKey && !event.metaKey;
    }, true);
    window.addEventListener("keyup", (event) => {
      if (event.key !== "Shift" || !alone) return;
      alone = false;
      const now = performance.now();
      count = now - since < WITHIN_MS ? count + 1 : 1;
      since = now;
      if (count < 3) return;
      // The frame ends its conversation; the page does not wait for it to say so.
      this.#frame.contentWindow.postMessage({ hjemvei: "leave" }, HOME);
      cover();
      setTimeout(away, 100);
    }, true);
    for (const kind of ["pointerdown", "compositionstart", "blur"]) window.addEventListener(kind, forget, true);
  }

  #blocked(words) {
    clearTimeout(this.#late);
    const lines = Object.values(NUMBERS).flatMap((number) => [el("a", { href: `tel:${number.replaceAll(" ", "")}` }, number), " · "]);
    const own = el("a", { href: `${HOME}/`, target: "_blank", rel: "noopener noreferrer" }, words.own);
    this.#frame.replaceWith(el("div", { class: "blocked", role: "alert" }, el("p", {}, words.blocked), el("p", {}, own), el("p", {}, ...lines.slice(0, -1))));
  }
}

function cover() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("html, html * { visibility: hidden !important; background: #fff !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  document.title = "…";
}

function away() {
  cover();
  location.replace(EXIT);
}

if (!customElements.get("hjemvei-chat")) customElements.define("hjemvei-chat", Chat);
