// The answering page: everything works without this script; with it nothing typed is lost on a bad connection.
import { keep } from "./keep.js";
import { framed, tell } from "./framed.js";
import { send } from "./send.js";
import { rank } from "./rank.js";
import { count } from "./count.js";

const form = () => document.querySelector("form");
let since = performance.now();
let seen = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) seen += performance.now() - since;
  since = performance.now();
});

/** Seconds for which the page was in sight. */
function seconds() {
  return ((seen + (document.hidden ? 0 : performance.now() - since)) / 1000).toFixed(1);
}

function dress() {
  tell();
  seen = 0;
  since = performance.now();
  const leave = document.querySelector("[data-leave]");
  if (leave) location.replace(leave.href);
  if (!form()) return keep.forget();
  rank(form());
  count(form());
  keep.watch(form());
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    go(event.submitter);
  });
}

async function go(button, { back = false } = {}) {
  const here = form();
  if (!here || here.dataset.busy) return;
  here.dataset.busy = "1";
  here.elements._t.value = seconds();
  const fields = new FormData(here);
  if (button && button.name) fields.append(button.name, button.value);
  const page = here.dataset.page;
  const fresh = await send(here, fields);
  show(fresh);
  const now = form();
  if (!back && (!now || now.dataset.page !== page)) history.pushState({ n: depth() + 1 }, "");
  last = depth();
}

function show(text, { again = false } = {}) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const root = document.documentElement;
  for (const name of ["lang", "dir"]) root.setAttribute(name, fresh.documentElement.getAttribute(name));
  document.title = fresh.title;
  document.querySelector("main").replaceWith(fresh.querySelector("main"));
  if (again && form()) keep.fill(form());
  dress();
  const find = (selector) => document.querySelector(selector);
  const first = find("#faults") || find("#end") || find("h2") || find("h1");
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  scrollTo(0, 0);
}

const depth = () => (history.state && history.state.n) || 0;
let last = depth();
addEventListener("popstate", () => {
  const forward = depth() > last;
  last = depth();
  const button = document.querySelector(`[name=_go][value=${forward ? "next" : "back"}]`);
  if (button) go(button, { back: true });
});

framed();

// A reload brings the first page; what was begun in this tab goes on where it was.
const begun = form() && keep.begun(form());
if (begun) {
  const fields = new FormData();
  fields.append("_s", begun);
  fields.append("_go", "resume");
  send(form(), fields).then((text) => show(text, { again: true }));
} else {
  if (form()) keep.fill(form());
  dress();
}
