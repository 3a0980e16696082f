// How long a page took, for a share of the page loads: told once, when the page is left. No address of a person in it.
const MOST = 60_000;

function watch(type, each, more = {}) {
  try {
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...more });
  } catch {
    // This browser does not measure that.
  }
}

/** Parts of a path that may name a person or an order are left out. */
const plain = (path) =>
  path
    .split("/")
    .map((part) => (/\d|@|%|.{33}/.test(part) ? "*" : part))
    .join("/");

export function vitals(share, send) {
  if (Math.random() >= share) return;
  const found = { page: plain(location.pathname), cls: 0 };
  let isTold = false;
  watch("largest-contentful-paint", (each) => (found.lcp = each.startTime));
  watch("layout-shift", (each) => each.hadRecentInput || (found.cls += each.value));
  watch("event", (each) => each.interactionId && (found.inp = Math.max(found.inp || 0, each.duration)), { durationThreshold: 40 });
  const tell = () => {
    const [way] = performance.getEntriesByType("navigation");
    if (isTold || !found.lcp || found.lcp > MOST) return;
    isTold = true;
    send({ ...found, ttfb: way && way.responseStart, load: way && way.loadEventEnd });
  };
  document.addEventListener("visibilitychange", () => document.hidden && tell());
  addEventListener("pagehide", tell);
}
