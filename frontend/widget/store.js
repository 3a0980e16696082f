// What the browser remembers: a made-up visitor for sampling, and when each survey was shown. No cookie, nothing of who they are.
const NAME = "mindgap";
let held = {};

function load() {
  try {
    held = JSON.parse(localStorage.getItem(NAME)) || {};
  } catch {
    // Storage is closed to us or broken: this page alone remembers.
  }
  held.seen = held.seen || {};
  return held;
}

function save() {
  try {
    localStorage.setItem(NAME, JSON.stringify(held));
  } catch {
    // See above.
  }
}

export function visitor() {
  if (!load().visitor) {
    held.visitor = Array.from(crypto.getRandomValues(new Uint32Array(4)), (each) => each.toString(36)).join("");
    save();
  }
  return held.visitor;
}

/** When each event of a survey last happened, in milliseconds since 1970. */
export const seen = (code) => load().seen[code] || {};

/** When any survey was last shown. */
export const lastShown = () => Math.max(0, ...Object.values(load().seen).map((each) => each.shown || 0));

export function note(code, event) {
  load().seen[code] = { ...held.seen[code], [event]: Date.now() };
  save();
}

export function forget() {
  held = {};
  try {
    localStorage.removeItem(NAME);
  } catch {
    // See above.
  }
}
