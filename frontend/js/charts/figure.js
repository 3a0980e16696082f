// One figure: reads its specification, draws it, draws it again when its width or the theme changes.
import { init, use } from "echarts/core";
import { CustomChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { bars } from "./bars.js";
import { distribution } from "./distribution.js";
import { gapBars } from "./gap_bars.js";
import { heat } from "./heat.js";
import { house } from "./house.js";
import { journey } from "./journey.js";
import { setFont } from "./marks.js";
import { pointer } from "./pointer.js";
import { trend } from "./trend.js";
import { words } from "./words.js";
import { worst } from "./worst.js";

use([CustomChart, GridComponent, SVGRenderer]);

const KINDS = { bars, distribution, "gap-bars": gapBars, heat, journey, trend, worst };
const NARROW = 560;
const drawn = new Map();

export function mount(figure) {
  const plot = figure.querySelector("[data-plot]");
  if (drawn.has(plot)) return;
  const spec = JSON.parse(document.getElementById(figure.dataset.spec).textContent);
  const draw = KINDS[spec.kind];
  if (!draw) throw new Error(`No chart of kind ${spec.kind}`);
  const width = Math.round(plot.clientWidth);
  const one = { figure, plot, spec, draw, width, chart: null, points: pointer(plot, figure) };
  drawn.set(plot, one);
  redraw(one);
  new ResizeObserver((_, observer) => {
    if (!plot.isConnected) {
      observer.disconnect();
      one.chart.dispose();
      drawn.delete(plot);
    } else if (Math.abs(plot.clientWidth - one.width) >= 1 && plot.clientWidth > 0) {
      one.width = Math.round(plot.clientWidth);
      redraw(one);
    }
  }).observe(plot);
  figure.addEventListener("mindgap:promise", (event) => {
    one.spec = { ...one.spec, promise: event.detail };
    redraw(one);
  });
}

export function redrawAll() {
  for (const one of drawn.values()) redraw(one);
}

function redraw(one) {
  if (!one.width) return;
  const { figure, plot, spec, width } = one;
  const theme = house(figure);
  setFont(theme.font);
  const tools = { theme, width, narrow: width < NARROW, keyed: Boolean(figure.querySelector(".gap-key")), ...words(figure, spec) };
  const { option, height, points, reach } = one.draw(spec, tools);
  plot.style.height = `${height}px`;
  one.chart ??= init(plot, null, { renderer: "svg", width, height });
  one.chart.resize({ width, height });
  one.chart.setOption({ animation: false, textStyle: { fontFamily: theme.font }, ...option }, true);
  const svg = plot.querySelector("svg");
  // The picture is described by title, summary and table; its shapes are no help to a screen reader.
  svg.setAttribute("aria-hidden", "true");
  // Paper has another width: with a view box the drawing shrinks to it.
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  one.points.place(
    points.map((point) => {
      const [x, y] = one.chart.convertToPixel({ gridIndex: point.grid ?? 0 }, point.at);
      return { text: point.text, href: point.href, x, y };
    }),
    reach,
  );
}
