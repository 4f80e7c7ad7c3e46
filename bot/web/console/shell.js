// What every page of the console does: call the server with the session's token, and tell of a session that ends.

const WARN_S = 120;
const token = document.querySelector('meta[name="hjemvei-token"]').content;

/** Element `name` with attributes, listeners (functions) and children; false and null children are left out. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...present(children));
  return made;
}

const present = (children) => children.flat().filter((child) => child !== null && child !== undefined && child !== false);

/** Replace what `element` holds; false and null children are left out. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Call the server: the JSON that it answers, or null. Throws Refused, or TypeError when it cannot be reached. */
export async function call(path, { method = "GET", body, signal } = {}) {
  const headers = { "X-Hjemvei-Token": token };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(`/konsoll/${path}`, {
    method, headers, signal, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401) { leave(); }
  if (!response.ok) {
    const { error = {} } = await response.json().catch(() => ({}));
    throw new Refused(response.status, error.code, error.message || "Det gikk ikke. Prøv igjen.");
  }
  return response.status === 204 ? null : response.json();
}

/** To the log-in; what is on the screen goes with it. */
export function leave() {
  document.body.replaceChildren();
  location.assign("/konsoll");
}

let active = true;
for (const kind of ["keydown", "pointerdown", "wheel"]) {
  addEventListener(kind, () => { active = true; }, { passive: true });
}

/** Say that the page is open, and whether somebody uses it. Answers what the server says: seconds left, and more. */
export async function beat(more = {}) {
  const used = active;
  active = false;
  try {
    const said = await call("puls", { method: "POST", body: { active: used, ...more } });
    warn(said.seconds_left);
    return said;
  } catch (error) {
    active = active || used;
    throw error;
  }
}

const ending = document.getElementById("ending");
function warn(left) {
  if (left > WARN_S) {
    if (ending.open) ending.close();
    return;
  }
  document.getElementById("ending-in").textContent = left < 90 ? `${Math.max(1, Math.round(left))} sekunder` : "to minutter";
  if (!ending.open) ending.showModal();
}
ending.addEventListener("close", () => { active = true; beat().catch(() => {}); });

// A page that does more beats by itself, oftener.
if (!document.body.classList.contains("desk")) setInterval(() => beat().catch(() => {}), 30000);
