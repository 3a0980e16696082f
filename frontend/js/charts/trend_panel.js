// One picture of a trend: the gap as a band, the interval as whiskers (or, alone or crowded, as a soft band), both lines.
import { layer } from "./house.js";
import { few, filled, gapFill, hollow, stroke, text, whisker } from "./marks.js";

const known = (x) => Number.isFinite(x);

// Stretches of neighbouring points that all have a value: a line never jumps over a hole.
function runs(values) {
  const found = [];
  values.forEach((value, i) => {
    if (!known(value)) return;
    if (i > 0 && known(values[i - 1])) found.at(-1).push(i);
    else found.push([i]);
  });
  return found;
}

function sideAt(i, { experienced, expected, inverse }) {
  const better = experienced.value[i] > expected.value[i] !== inverse;
  const open = known(experienced.low?.[i]) && experienced.low[i] <= expected.value[i] && expected.value[i] <= experienced.high[i];
  return open ? "unclear" : better ? "better" : "worse";
}

// From one point half-way to the next belongs to the point: its verdict colours that half.
function half(from, to, is, theme) {
  const [a, b] = [from.experienced - from.expected, to.experienced - to.expected];
  const corner = (p) => [[p.x, p.expected], [p.x, p.experienced]];
  if (a * b >= 0) return gapFill([...corner(from), ...corner(to).reverse()], is, theme);
  const share = a / (a - b);
  const cross = [from.x + share * (to.x - from.x), from.expected + share * (to.expected - from.expected)];
  return [...gapFill([...corner(from), cross], is, theme), ...gapFill([...corner(to), cross], "unclear", theme)];
}

function gapBand(panel, at, theme) {
  const { experienced, expected } = panel;
  const both = experienced.value.map((value, i) => (known(value) && known(expected.value[i]) ? value : null));
  return runs(both).flatMap((run) => {
    const spots = run.map((i) => ({ x: at(i, 0)[0], expected: at(i, expected.value[i])[1], experienced: at(i, experienced.value[i])[1], is: sideAt(i, panel) }));
    return spots.slice(1).flatMap((to, k) => {
      const from = spots[k];
      const middle = { x: (from.x + to.x) / 2, expected: (from.expected + to.expected) / 2, experienced: (from.experienced + to.experienced) / 2 };
      return [...half(from, middle, from.is, theme), ...half(to, middle, to.is, theme)];
    });
  });
}

function softBand(series, at, color) {
  const usable = series.value.map((value, i) => (known(series.low?.[i]) ? value : null));
  return runs(usable).map((run) => ({
    type: "polygon",
    shape: { points: [...run.map((i) => at(i, series.high[i])), ...run.toReversed().map((i) => at(i, series.low[i]))] },
    style: { fill: color, opacity: 0.14 },
  }));
}

function curve(series, at, color, style = {}) {
  return runs(series.value).map((run) => stroke(run.map((i) => at(i, series.value[i])), color, style));
}

function endLabels(panel, at, area, { theme, narrow }) {
  const sides = [
    { series: panel.expected, fill: theme.expected },
    { series: panel.experienced, fill: theme.experienced },
  ].filter(({ series }) => series && runs(series.value).length);
  const spots = sides.map(({ series, fill }) => {
    const last = runs(series.value).at(-1).at(-1);
    return { x: at(last, 0)[0], y: at(last, series.value[last])[1], words: series.name, fill };
  });
  const [upper, lower] = spots.toSorted((a, b) => a.y - b.y);
  if (narrow) {
    upper.y -= 18;
    if (lower) lower.y += 18;
  } else if (lower && lower.y - upper.y < 16) {
    const middle = (upper.y + lower.y) / 2;
    [upper.y, lower.y] = [middle - 8, middle + 8];
  }
  return spots.map(({ x, y, words, fill }) =>
    text(narrow ? area.x + area.width : x + 12, y, words, { fill, fontWeight: 600, align: narrow ? "right" : "left" }),
  );
}

export function panelLayers(panel, tools) {
  const { theme, say, narrow } = tools;
  const { experienced, expected, index, floor, many, titled, labelled } = panel;

  const draw = (_, at, __, area) => {
    const shapes = [];
    if (experienced && expected) shapes.push(...gapBand(panel, at, theme));
    if (experienced && (many || !expected)) shapes.push(...softBand(experienced, at, theme.experienced));
    if (expected) {
      shapes.push(...curve(expected, at, theme.expected, { lineDash: [5, 4], lineCap: "butt" }));
      if (!many) expected.value.forEach((value, i) => known(value) && shapes.push(hollow(...at(i, value), theme, 4)));
    }
    if (experienced) {
      if (!many && expected) {
        experienced.value.forEach((value, i) => {
          if (known(value) && known(experienced.low?.[i])) shapes.push(...whisker(at(i, experienced.low[i]), at(i, experienced.high[i]), theme.experienced, { cap: 3, width: 1.25 }));
        });
      }
      shapes.push(...curve(experienced, at, theme.experienced, { lineWidth: 2.25 }));
      experienced.value.forEach((value, i) => {
        if (known(value) && (!many || i === experienced.value.length - 1)) shapes.push(filled(...at(i, value), theme, titled ? 4 : 5));
        if (value === null && experienced.n?.[i] !== 0) shapes.push(...few(at(i, 0)[0], at(i, floor)[1] - 10, narrow ? "" : say("Few"), theme, { fontSize: 11 }));
      });
    }
    if (titled) shapes.push(text(area.x, area.y - 18, (experienced ?? expected).name, { fill: theme.ink, fontSize: 13, fontWeight: 600 }));
    if (labelled) shapes.push(...endLabels(panel, at, area, tools));
    return shapes;
  };

  return [layer([panel], draw, { grid: index })];
}
