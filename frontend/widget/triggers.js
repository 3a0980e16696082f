// What sets a survey off: time on the page, scrolling, the mouse leaving by the top, another page of the same document.
let armed = [];

function scrolled() {
  const whole = document.documentElement.scrollHeight - innerHeight;
  return whole > 0 ? (100 * scrollY) / whole : 100;
}

/** Wait for the triggers of these rules, in place of all that were waited for before. */
export function arm(rules, fire) {
  for (const undo of armed) undo();
  armed = [];
  const on = (target, name, does) => {
    target.addEventListener(name, does, { passive: true });
    armed.push(() => target.removeEventListener(name, does));
  };
  for (const rule of rules) {
    if (rule.delay != null) {
      const timer = setTimeout(() => fire(rule), rule.delay * 1000);
      armed.push(() => clearTimeout(timer));
    }
    if (rule.scroll != null) on(window, "scroll", () => scrolled() >= rule.scroll && fire(rule));
    if (rule.exit) on(document, "mouseout", (event) => !event.relatedTarget && event.clientY <= 0 && fire(rule));
  }
}

/** Call `moved` whenever the address changes without a new document. */
export function watchRoute(moved) {
  let here = location.href;
  const look = () => {
    if (location.href === here) return;
    here = location.href;
    moved();
  };
  for (const name of ["pushState", "replaceState"]) {
    const before = history[name];
    history[name] = function (...given) {
      const result = before.apply(this, given);
      // The host's own work must not wait for ours, nor fail with it.
      setTimeout(look);
      return result;
    };
  }
  addEventListener("popstate", look);
  addEventListener("hashchange", look);
}
