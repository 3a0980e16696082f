// Over time: {x: [labels], series: [{name, role, value, low, high, n, of?}], unit, y: {min, max, better?}}.
// Each experienced series has a picture of its own, with what was expected of it: small multiples, no legend.
import { nameAxis, looseEnds, valueAxis } from "./house.js";
import { widthOf } from "./marks.js";
import { panelLayers } from "./trend_panel.js";

const MANY = 24;

function panelsOf(spec) {
  const experienced = spec.series.filter((series) => series.role !== "expected");
  const expected = spec.series.filter((series) => series.role === "expected");
  if (!experienced.length) return expected.map((series) => ({ expected: series }));
  return experienced.map((series) => ({
    experienced: series,
    expected: expected.find((other) => !other.of || other.of === series.name),
  }));
}

function span(spec) {
  if (Number.isFinite(spec.y?.min) && Number.isFinite(spec.y?.max)) return [spec.y.min, spec.y.max];
  return looseEnds(spec.series.flatMap((series) => [series.value, series.low ?? [], series.high ?? []].flat()));
}

export function trend(spec, tools) {
  const { theme, width, narrow, plain, number, say } = tools;
  const panels = panelsOf(spec);
  const [min, max] = span(spec);
  const inverse = spec.y?.better === "low";
  const columns = panels.length === 1 || narrow ? 1 : width > 860 ? 3 : 2;
  const multiple = panels.length > 1;
  const names = spec.series.map((series) => widthOf(series.name, theme, 12, 600));
  // One line alone is named by the title.
  const labelled = !multiple && spec.series.length > 1;
  const right = labelled && !narrow ? Math.min(150, Math.max(...names) + 16) : 14;
  const left = Math.max(widthOf(plain(min), theme), widthOf(plain(max), theme), 16) + 18;
  const top = 34;
  const plotHeight = multiple ? 120 : narrow ? 170 : 230;
  const slot = top + plotHeight + 30;
  const rows = Math.ceil(panels.length / columns);

  const option = { grid: [], xAxis: [], yAxis: [], series: [] };
  const points = [];
  panels.forEach((panel, index) => {
    const column = index % columns;
    const row = Math.floor(index / columns);
    const slotWidth = width / columns;
    option.grid.push({ left: column * slotWidth + left, width: slotWidth - left - right, top: row * slot + top, height: plotHeight });
    const xAxis = nameAxis(theme, { gridIndex: index, names: spec.x });
    option.xAxis.push({ ...xAxis, boundaryGap: spec.x.length < 3 });
    const low = inverse ? max : min;
    option.yAxis.push({
      ...valueAxis(theme, { gridIndex: index, min, max, inverse, format: plain, splitNumber: 3, name: multiple ? "" : spec.unit }),
      nameLocation: inverse ? "start" : "end",
    });
    option.series.push(
      ...panelLayers({ ...panel, index, floor: low, inverse, many: spec.x.length > MANY, titled: multiple, labelled: labelled && !(narrow && tools.keyed) }, tools),
    );
    for (const series of [panel.expected, panel.experienced]) points.push(...pointsOf(series, index));
  });

  function pointsOf(series, grid) {
    if (!series) return [];
    return spec.x.flatMap((x, i) => {
      const places = { name: series.name, x, n: plain(series.n?.[i] ?? 0) };
      const value = series.value[i];
      if (value === null) return [{ text: say("TooFew", { label: `${series.name}, ${x}`, n: places.n }), at: [i, inverse ? max : min], grid }];
      if (!Number.isFinite(series.low?.[i])) return [{ text: say("Bare", { ...places, value: number(value) }), at: [i, value], grid }];
      const interval = { low: number(series.low[i]), high: number(series.high[i]) };
      return [{ text: say("Point", { ...places, value: number(value), ...interval }), at: [i, value], grid }];
    });
  }

  return { height: rows * slot, reach: columns > 1 || rows > 1 ? "both" : "x", option, points };
}
