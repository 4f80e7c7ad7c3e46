// The conversation on the page. Nothing is kept in the browser: a reload begins anew.

const log = document.getElementById("log");
const status = document.getElementById("status");
const form = document.getElementById("form");
const text = document.getElementById("text");
const exit = document.getElementById("exit");

/** @type {{id: string, token: string} | null} */
let conversation = null;

const api = (path, options = {}) =>
  fetch(`/api/v1/conversations${path}`, {
    ...options,
    headers: {
      ...(options.body ? { "Content-Type": "application/json" } : {}),
      ...(conversation ? { Authorization: `Bearer ${conversation.token}` } : {}),
    },
  });

function show(kind, words) {
  const bubble = document.createElement("p");
  bubble.className = `message ${kind}`;
  bubble.textContent = words;
  log.append(bubble);
  return bubble;
}

function offer(buttons) {
  document.querySelectorAll(".choices").forEach((old) => old.remove());
  if (!buttons.length) return;
  const row = document.createElement("div");
  row.className = "choices";
  for (const { title, payload } of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.addEventListener("click", () => send(payload));
    row.append(button);
  }
  log.append(row);
}

/** The sentence and the numbers that an error carries, or a plain one when it carries nothing. */
async function explain(response) {
  try {
    const { error } = await response.json();
    const numbers = error.emergency.map(({ name, phone }) => `${name}: ${phone}`).join("\n");
    return `${error.message}\n\n${numbers}`;
  } catch {
    return "Vi får ikke svart akkurat nå. Numrene øverst på siden svarer.";
  }
}

async function begin() {
  const response = await api("", { method: "POST" });
  if (!response.ok) throw response;
  conversation = await response.json();
}

let sending = false;

async function send(words) {
  if (sending || !words.trim()) return;
  sending = true;
  status.textContent = "Sender …";
  const bubble = show("own", words);
  const identifier = crypto.randomUUID?.() ?? String(Math.random());
  try {
    if (!conversation) await begin();
    const body = JSON.stringify({ text: words, client_message_id: identifier });
    let response = await api(`/${conversation.id}/messages`, { method: "POST", body });
    if (response.status === 404) {
      // The conversation has expired meanwhile: the message still gets its answer, in a new one.
      conversation = null;
      await begin();
      response = await api(`/${conversation.id}/messages`, { method: "POST", body });
    }
    if (!response.ok) throw response;
    const reply = await response.json();
    if (reply.erased) {
      clear();
      conversation = null;
    }
    const urgent = reply.urgency === "acute" || reply.urgency === "urgent";
    const bubbles = reply.texts.map((line, number) =>
      show(number === 0 && urgent ? "theirs first" : "theirs", line));
    offer(reply.buttons);
    text.value = "";
    status.textContent = "";
    bubbles[0]?.scrollIntoView({ block: "start" });
  } catch (problem) {
    // What was typed stays in the field, so that nothing has to be written twice.
    bubble.remove();
    text.value = words;
    status.textContent = "";
    show("theirs first", problem instanceof Response ? await explain(problem) : await explain({}));
  } finally {
    sending = false;
    text.focus();
  }
}

function clear() {
  log.replaceChildren();
  text.value = "";
}

/** End and erase the conversation without waiting for the answer. */
function erase() {
  if (conversation) api(`/${conversation.id}`, { method: "DELETE", keepalive: true }).catch(() => {});
  conversation = null;
  clear();
}

function leave(event) {
  event.preventDefault();
  document.body.className = "left";
  document.title = " ";
  erase();
  location.replace(exit.href);
}

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(text.value);
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send(text.value);
  }
});
document.getElementById("erase").addEventListener("click", () => {
  erase();
  status.textContent = "Samtalen er slettet. Nettleseren husker fortsatt at du har vært her.";
});
exit.addEventListener("click", leave);
// A page brought back by the back button shows nothing of before.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
