// The journey on a narrow screen: one row a touchpoint, read downwards; the two marks with the gap between them.
import { layer, nameAxis, looseEnds, valueAxis } from "./house.js";
import { box, filled, gapFill, hollow, sideColor, stroke, text, whisker } from "./marks.js";
import { verdict } from "./words.js";

const ROW = 62;

export const known = (x) => Number.isFinite(x);

// What is said of a touchpoint: its gap, or how it was where nobody was asked what they had expected.
export function sentenceOf(touchpoint, { gapSentence, say, number, plain }) {
  if (known(touchpoint.gap) || !known(touchpoint.experienced)) return gapSentence(gapOf(touchpoint));
  const [low, high] = [touchpoint.low, touchpoint.high].map((end) => (known(end) ? number(end) : "–"));
  return say("Row", { label: touchpoint.label, value: number(touchpoint.experienced), low, high, n: plain(touchpoint.n ?? 0) });
}

export function gapOf(touchpoint) {
  return { label: touchpoint.label, value: touchpoint.gap, low: touchpoint.gap_low, high: touchpoint.gap_high, n: touchpoint.n };
}

export function journeyEnds(spec) {
  if (Number.isFinite(spec.y?.min) && Number.isFinite(spec.y?.max)) return [spec.y.min, spec.y.max];
  const all = spec.stages.flatMap((stage) => stage.touchpoints);
  return looseEnds(all.flatMap((point) => [point.expected, point.experienced, point.low, point.high]));
}

export function journeyRows(spec, tools) {
  const { theme, plain } = tools;
  const rows = spec.stages.flatMap((stage) => [{ stage: stage.name }, ...stage.touchpoints]);
  const [min, max] = journeyEnds(spec);
  const grid = { left: 8, right: 8, top: 0, bottom: 26 };

  const draw = (row, at, i, area) => {
    const [, y] = at(min, i);
    if (row.stage) {
      const line = stroke([[area.x - 8, y + 26], [area.x + area.width + 8, y + 26]], theme.edge, { lineWidth: 1 });
      return [text(area.x - 8, y + 12, row.stage, { fill: theme.ink, fontSize: 14, fontWeight: 650 }), line];
    }
    return drawRow(row, (value) => at(value, i)[0], y, area, { ...tools, min, max });
  };

  const names = rows.map((row, i) => row.label ?? `${i}`);
  return {
    height: rows.length * ROW + grid.bottom,
    reach: "y",
    option: {
      grid,
      xAxis: valueAxis(theme, { min, max, format: plain, splitNumber: 3 }),
      yAxis: nameAxis(theme, { names, inverse: true, quiet: true }),
      series: [layer(rows, draw)],
    },
    points: rows.flatMap((row, i) => (row.stage ? [] : [{ text: sentenceOf(row, tools), at: [row.experienced ?? row.expected ?? min, i], href: row.href }])),
  };
}

function drawRow(row, at, y, area, { theme, say, gapMark, min, max }) {
  const gap = gapOf(row);
  const is = verdict(gap);
  const line = y + 12;
  const signs = [row.moment ? "★" : "", row.label, row.peak ? `· ${say("Peak")}` : row.end ? `· ${say("End")}` : ""];
  const shapes = [text(area.x - 8, y - 14, signs.filter(Boolean).join(" "), { fill: theme.ink, fontSize: 13, width: area.width - 70, overflow: "truncate" })];
  const verdictAt = (words, style) => text(area.x + area.width + 8, y - 14, words, { fontSize: 13, align: "right", ...style });
  const both = known(row.expected) && known(row.experienced);
  if (is !== "few") shapes.push(verdictAt(gapMark(gap), { fill: sideColor(is, theme), fontWeight: 600 }));
  else if (!known(row.experienced) && row.asked !== false) shapes.push(verdictAt(say("Few"), { fill: theme.inkMuted }));
  if (is !== "few" && both) shapes.push(...gapFill(box(at(row.expected), line - 7, at(row.experienced), line + 7), is, theme));
  if (both) shapes.push(stroke([[at(row.expected), line], [at(row.experienced), line]], theme.expected, { lineDash: [4, 3], lineWidth: 1 }));
  if (known(row.experienced)) shapes.push(...whisker([at(row.low ?? min), line], [at(row.high ?? max), line], theme.experienced));
  if (known(row.expected)) shapes.push(hollow(at(row.expected), line, theme));
  if (known(row.experienced)) shapes.push(filled(at(row.experienced), line, theme));
  return shapes;
}
