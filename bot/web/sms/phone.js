// A telephone on the screen: each message is sent to this service as if it came by SMS. Nothing is stored here.
const byId = (name) => document.getElementById(name);
const [thread, form, text, count, locked, problem] = ["thread", "form", "text", "count", "locked", "problem"].map(byId);
let person = crypto.randomUUID();

const added = (message, mine) => {
  const item = document.createElement("div");
  const said = document.createElement("p");
  const about = document.createElement("small");
  said.textContent = message.text;
  about.textContent = `${mine ? "Du" : "Hjemvei"} · ${message.parts} ${message.parts === 1 ? "del" : "deler"} · ${message.alphabet} · ${message.characters} tegn`;
  item.className = mine ? "mine" : "theirs";
  item.append(said, about);
  thread.append(item);
  thread.scrollTop = thread.scrollHeight;
};

const silent = () => {
  const item = document.createElement("div");
  item.className = "silence";
  item.textContent = "Ingen SMS sendes.";
  thread.append(item);
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const written = text.value.trim();
  if (!written) return;
  problem.textContent = "";
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch("/dev/sms", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ person, id: crypto.randomUUID(), text: written }),
    });
    if (!response.ok) throw new Error(String(response.status));
    const { sent, messages } = await response.json();
    added(sent, true);
    messages.forEach((message) => added(message, false));
    if (messages.length) locked.textContent = messages[0].text.split("\n")[0];
    else silent();
    text.value = "";
    counted();
  } catch (error) {
    problem.textContent = `Meldingen kom ikke fram (${error.message}). Prøv igjen.`;
  } finally {
    button.disabled = false;
    text.focus();
  }
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

const counted = () => {
  count.textContent = `${[...text.value].length} tegn`;
};
text.addEventListener("input", counted);

byId("anew").addEventListener("click", () => {
  person = crypto.randomUUID();
  thread.replaceChildren();
  locked.textContent = "–";
  problem.textContent = "";
  text.focus();
});
text.focus();
