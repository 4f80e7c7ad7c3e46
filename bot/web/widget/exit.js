// Leave the page at once, and leave nothing on it. Works on every page; in a frame the page around it leaves too.

export const words = JSON.parse(document.getElementById("words").textContent);
export const framed = window.parent !== window;

const WITHIN_MS = 5000;
const exit = document.getElementById("exit");
const keys = document.getElementById("keys");

/** What must be done between the painting over and the leaving: end the conversation, forget it. */
const last = [];
export const whenLeaving = (work) => last.push(work);

/** Paint over everything, this instant. */
export function cover() {
  document.documentElement.classList.add("left");
  document.title = "…";
}

export function leave() {
  cover();
  for (const work of last) {
    // Whatever fails here, the page is left.
    try { work(); } catch { /* nothing more can be done */ }
  }
  document.body.replaceChildren();
  if (framed) window.parent.postMessage({ hjemvei: "left" }, "*");
  else location.replace(exit.href);
}

exit.addEventListener("click", (event) => { event.preventDefault(); leave(); });
exit.addEventListener("auxclick", (event) => { if (event.button === 1) { event.preventDefault(); leave(); } });

/**
 * Shift three times, left and right alike, at most five seconds apart. A press counts when the key comes up and
 * nothing else happened while it was down, so Shift for a capital letter never does. A keyboard on the screen sends
 * no `code`, or takes a part of the window while it is open.
 */
export class ShiftPresses {
  constructor(done, say = () => {}) {
    this.done = done;
    this.say = say;
    this.count = 0;
    this.alone = false;
  }

  watch(target) {
    target.addEventListener("keydown", (event) => this.down(event), true);
    target.addEventListener("keyup", (event) => this.up(event), true);
    for (const kind of ["pointerdown", "compositionstart", "blur"]) target.addEventListener(kind, () => this.forget(), true);
  }

  down(event) {
    const real = event.code === "ShiftLeft" || event.code === "ShiftRight";
    if (event.key !== "Shift" || !real || event.isComposing || onScreenKeyboard()) return this.forget();
    if (!event.repeat) this.alone = !event.ctrlKey && !event.altKey && !event.metaKey;
  }

  up(event) {
    if (event.key !== "Shift" || !this.alone) return;
    this.alone = false;
    clearTimeout(this.timer);
    this.count += 1;
    if (this.count === 3) return this.done();
    this.say(this.count === 1 ? words.exit_two : words.exit_one);
    this.timer = setTimeout(() => { this.forget(); this.say(words.exit_none); }, WITHIN_MS);
  }

  forget() {
    clearTimeout(this.timer);
    if (this.count) this.say("");
    this.count = 0;
    this.alone = false;
  }
}

function onScreenKeyboard() {
  const view = window.visualViewport;
  return Boolean(view) && view.height * view.scale < window.innerHeight * 0.75;
}

new ShiftPresses(() => { keys.textContent = words.leaving; leave(); }, (text) => { keys.textContent = text; }).watch(window);

// A page that the browser keeps for the back button is kept blank, and begins anew when it is shown.
window.addEventListener("pagehide", (event) => { if (event.persisted) cover(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) { cover(); location.reload(); } });

if (framed) {
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data && event.data.hjemvei === "leave") leave();
  });
}
