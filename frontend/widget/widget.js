// The widget: one function, `mindgap(command, …)`. It never throws into the page that it is on.
import { judge } from "./rules.js";
import * as store from "./store.js";
import { arm, watchRoute } from "./triggers.js";
import { vitals } from "./vitals.js";
import { open as openWindow } from "./window.js";

const script = document.currentScript;
const base = script ? script.src.replace(/\/widget\.js.*$/, "") : "";
const origin = base && new URL(base).origin;
let config = null;
let now = null;
let who = "";
let language = "";
let attributes = {};
let waiting = [];

const find = (code) => config && config.rules.find((rule) => rule.survey === code || rule.name === code);

/** Tell the server, even while the page is being left; what it does not hear is not told again. */
function send(what, body) {
  const text = JSON.stringify(body);
  // Plain text, so that the browser asks for no permission first.
  if (!(navigator.sendBeacon && navigator.sendBeacon(`${base}/${what}`, text)))
    fetch(`${base}/${what}`, { method: "POST", body: text, keepalive: true, credentials: "omit" }).catch(() => {});
}

function verdict(code, asked) {
  return judge(find(code), { config, who, open: now, asked });
}

function address(rule) {
  const url = new URL(`/s/${rule.survey}`, origin);
  const given = { ...attributes, ...(who && { customer: who }), embed: "1" };
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value);
  const spoken = language || document.documentElement.lang;
  if (spoken) url.searchParams.set("lang", spoken);
  return url.href;
}

function show(code, { asked = true, into, mode } = {}) {
  const found = verdict(code, asked);
  if (!found.visible) return found;
  const rule = find(code);
  const how = mode || rule.mode;
  const target = into || rule.into;
  const place = typeof target === "string" && target ? document.querySelector(target) : target;
  if (how === "inline" && !place) return { visible: false, reason: "no_place" };
  const told = (event) => {
    store.note(rule.survey, event);
    if (event === "dismissed" || event === "closed") now = null;
    if (event !== "closed") send("events", [{ survey: rule.survey, event }]);
  };
  const title = rule.title[language] || rule.title[document.documentElement.lang] || Object.values(rule.title)[0];
  const shown = openWindow({ url: address(rule), mode: how, into: place, title, language, told, byHand: asked });
  now = { ...shown, survey: rule.survey };
  told("shown");
  return found;
}

const fire = guarded((rule) => show(rule.survey, { asked: false }));
const ready = () => config && arm(config.rules, fire);

async function setup() {
  if (config || !base) return;
  const answer = await fetch(`${base}/config.json`, { credentials: "omit" });
  if (!answer.ok) return;
  config = await answer.json();
  ready();
  watchRoute(guarded(ready));
  if (config.loads > 0) vitals(config.loads, (body) => send("loads", body));
  for (const each of waiting.splice(0)) each();
}

const later = (does) => (config ? does() : void waiting.push(guarded(does)));

const commands = {
  setup: () => setup().catch(() => {}),
  identify: (id) => void (who = String(id || "").slice(0, 200)),
  setAttributes: (given) => void (attributes = { ...attributes, ...given }),
  setLanguage: (code) => void (language = String(code || "")),
  track: (event) =>
    void later(() => config.rules.filter((rule) => rule.event && rule.event === event).forEach((rule) => fire(rule))),
  show: (code, more) => later(() => show(code, more)),
  canShow: (code, told) => {
    const found = verdict(code, false);
    if (told) later(() => told(verdict(code, false)));
    return found;
  },
  close: () => now && now.close(),
  logout: () => {
    commands.close();
    who = "";
    attributes = {};
    store.forget();
  },
};

function guarded(does) {
  return (...given) => {
    try {
      return does(...given);
    } catch (problem) {
      // Ours, and no business of the page's.
      console.warn("mindgap:", problem);
    }
  };
}

guarded(() => {
  const before = window.mindgap;
  if (before && before.isMindgap) return;
  window.mindgap = guarded((command, ...given) => commands[command] && commands[command](...given));
  window.mindgap.isMindgap = true;
  for (const given of (before && before.q) || []) window.mindgap(...given);
  addEventListener("pagehide", () => now && !now.isFinished() && send("events", [{ survey: now.survey, event: "abandoned" }]));
  if (script && script.dataset.setup !== "later") commands.setup();
})();
