// Plain amounts in rows, always from zero: {rows: [{label, value, low, high, n}], unit}
import { looseEnds } from "./house.js";
import { few, whisker } from "./marks.js";
import { rowChart } from "./rows.js";

export function bars(spec, tools) {
  const { theme, amount, number, plain, say } = tools;
  const [min, max] = looseEnds(spec.rows.flatMap((row) => [row.value, row.low, row.high]), { zero: true });
  const known = (row) => row.value !== null;
  const chart = rowChart(spec.rows, tools, {
    min,
    max,
    zero: 0,
    unit: spec.unit,
    says: (row) => (known(row) ? amount(row.value) : ""),
    color: () => theme.ink,
    draw: (row, at, y) => {
      if (!known(row)) return few(at(0), y, say("Few"), theme);
      const [from, to] = [Math.min(at(0), at(row.value)), Math.max(at(0), at(row.value))];
      const bar = { type: "rect", shape: { x: from, y: y - 7, width: to - from, height: 14, r: [0, 3, 3, 0] }, style: { fill: theme.experienced, opacity: 0.85 } };
      const bounded = Number.isFinite(row.low) || Number.isFinite(row.high);
      const interval = bounded ? whisker([at(row.low ?? min), y], [at(row.high ?? max), y], theme.ink, { cap: 5 }) : [];
      return [bar, ...interval];
    },
  });
  const points = spec.rows.map((row, i) => ({
    text: known(row)
      ? say("Row", { label: row.label, value: number(row.value), low: number(row.low), high: number(row.high), n: plain(row.n) })
      : say("TooFew", { label: row.label, n: plain(row.n) }),
    at: [row.value ?? 0, i],
    href: row.href,
  }));
  return { ...chart, points };
}
