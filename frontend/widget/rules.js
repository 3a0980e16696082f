// Whether a survey may be shown here, now, to this visitor; and why not.
import * as store from "./store.js";

const DAY = 86_400_000;

/** Whether one of the patterns is the address's path, or all of it; `*` stands for anything. */
export function matches(patterns, place) {
  if (!patterns || !patterns.length) return true;
  const here = [place.pathname, place.pathname + place.search + place.hash, place.href];
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    const whole = new RegExp(`^${parts.join(".*")}$`);
    return here.some((each) => whole.test(each));
  });
}

/** 0 up to 1, always the same for the same visitor and survey (FNV-1a, mixed once more). */
export function share(visitor, code) {
  let hash = 0x811c9dc5;
  for (const sign of `${visitor} ${code}`) hash = Math.imul(hash ^ sign.codePointAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

/** `{visible, reason}`; with `asked` a person wants it now, so that rules about whom to bother do not count. */
export function judge(rule, { config, who, open, asked }) {
  const no = (reason) => ({ visible: false, reason });
  if (!config) return no("not_ready");
  if (!rule) return no("unknown");
  if (typeof HTMLDialogElement === "undefined") return no("browser");
  if (!rule.open) return no("closed");
  if (open) return no("another_open");
  if (asked) return { visible: true, reason: "" };
  if (!matches(rule.pages, location)) return no("page");
  const past = store.seen(rule.survey);
  const since = (when) => (Date.now() - (when || 0)) / DAY;
  if (past.finished && since(past.finished) < rule.every_days) return no("answered");
  if (past.dismissed && since(past.dismissed) < rule.every_days) return no("dismissed");
  if (past.shown && since(past.shown) < rule.every_days) return no("shown");
  if (since(store.lastShown()) < config.rest_days) return no("resting");
  if (rule.sample < 1 && share(who || store.visitor(), rule.survey) >= rule.sample) return no("not_sampled");
  return { visible: true, reason: "" };
}
