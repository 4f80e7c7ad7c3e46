import { lookup } from "./lookup.js";

const built = lookup(document.getElementById("lookup"), { prints: true });
built.focus();
