// How many SMS parts a text takes, as bot/language/gsm7.py counts them (3GPP TS 23.038 and 23.040); a test compares.

const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED = "\f^{}\\[~]|€";
const PLAIN = {
  "«": "\"", "»": "\"", "“": "\"", "”": "\"", "’": "'", "‘": "'", "–": "-", "—": "-", "…": "...", "•": "-",
  "„": "\"", "‚": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "−": "-", "\u00ad": "", "\t": " ", "\u00a0": " ",
  "\u2009": " ", "\u202f": " ",
};

/** Typography that would make the message dearer, replaced as the server does before it sends. */
export function plain(text) {
  return Array.from(text, (character) => PLAIN[character] ?? character).join("");
}

/** The characters that make it UCS-2, each once, in order. */
export function foreign(text) {
  return [...new Set(Array.from(text).filter((character) => !BASIC.includes(character) && !EXTENDED.includes(character)))].join("");
}

export function parts(text) {
  const ucs2 = foreign(text) !== "";
  // A character of two units is never divided between parts.
  const sizes = Array.from(text, (character) => (ucs2 ? character.length : EXTENDED.includes(character) ? 2 : 1));
  const [single, joined] = ucs2 ? [70, 67] : [160, 153];
  if (sizes.reduce((sum, size) => sum + size, 0) <= single) return 1;
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > joined) { count += 1; used = 0; }
    used += size;
  }
  return count;
}
