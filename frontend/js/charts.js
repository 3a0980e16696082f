// Draws every <figure class="chart">, those there now and those htmx brings later.
import { mount, redrawAll } from "./charts/figure.js";

function mountAll(root) {
  for (const figure of root.querySelectorAll("figure.chart[data-spec]")) mount(figure);
}

mountAll(document);
document.addEventListener("htmx:load", () => mountAll(document));

new MutationObserver(redrawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);

// Paper is white: print in the light theme, then go back.
let before;
addEventListener("beforeprint", () => {
  before = document.documentElement.dataset.bsTheme;
  document.documentElement.dataset.bsTheme = "light";
  redrawAll();
});
addEventListener("afterprint", () => {
  if (before) document.documentElement.dataset.bsTheme = before;
  else delete document.documentElement.dataset.bsTheme;
  redrawAll();
});
