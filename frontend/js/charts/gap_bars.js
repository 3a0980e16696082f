// Gaps in rows from the zero line: {rows: [{label, value, low, high, n, clear}], unit}
import { looseEnds } from "./house.js";
import { box, few, gapFill, sideColor, whisker } from "./marks.js";
import { rowChart } from "./rows.js";
import { verdict } from "./words.js";

export function gapBars(spec, tools) {
  const { theme, gapMark, gapSentence, say } = tools;
  const [min, max] = looseEnds(spec.rows.flatMap((row) => [row.value, row.low, row.high]), { zero: true });
  const unit = (value) => (spec.unit && spec.unit.length < 9 ? say("Quantity", { value, unit: spec.unit }) : value);
  const chart = rowChart(spec.rows, tools, {
    min,
    max,
    zero: 0,
    unit: spec.unit,
    says: (row) => (verdict(row) === "few" ? "" : unit(gapMark(row))),
    color: (row) => sideColor(verdict(row), theme),
    draw: (row, at, y) => {
      const is = verdict(row);
      if (is === "few") return few(at(0), y, say("Few"), theme);
      return [
        ...gapFill(box(at(0), y - 8, at(row.value), y + 8), is, theme, { strong: true }),
        ...whisker([at(row.low ?? min), y], [at(row.high ?? max), y], theme.ink, { cap: 5 }),
      ];
    },
  });
  const points = spec.rows.map((row, i) => ({ text: gapSentence(row), at: [row.value ?? 0, i], href: row.href }));
  return { ...chart, points };
}
