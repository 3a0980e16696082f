// The drawing code is large: only a page that has a chart fetches it, and only once.
let asked = false;

function fetchIfNeeded(root) {
  if (asked || !root.querySelector?.("figure.chart[data-spec]")) return;
  asked = true;
  const script = document.createElement("script");
  script.src = document.body.dataset.charts;
  document.head.append(script);
}

export function fetchCharts() {
  fetchIfNeeded(document);
  document.addEventListener("htmx:load", () => fetchIfNeeded(document));
}
