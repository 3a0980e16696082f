// The worst list: {rows: [{label, post, low, high, raw, n}], unit}. The filled mark with its interval is what is
// believed after pulling small samples towards the whole; the faint dot is the raw value, so the pull can be seen.
import { looseEnds } from "./house.js";
import { filled, stroke } from "./marks.js";
import { rowChart } from "./rows.js";

export function worst(spec, tools) {
  const { theme, amount, number, plain, say } = tools;
  const [min, max] = looseEnds(spec.rows.flatMap((row) => [row.post, row.low, row.high, row.raw]));
  const chart = rowChart(spec.rows, tools, {
    min,
    max,
    unit: spec.unit,
    says: (row) => `${amount(row.post)} · ${say("N", { n: plain(row.n) })}`,
    color: () => theme.ink,
    draw: (row, at, y) => [
      stroke([[at(row.low ?? min), y], [at(row.high ?? max), y]], theme.accent, { lineWidth: 8, opacity: 0.22 }),
      stroke([[at(row.raw), y], [at(row.post), y]], theme.expected, { lineWidth: 1, lineDash: [2, 3] }),
      { type: "circle", shape: { cx: at(row.raw), cy: y, r: 3.5 }, style: { fill: theme.expected, opacity: 0.6 } },
      filled(at(row.post), y, theme),
    ],
  });
  const points = spec.rows.map((row, i) => ({
    text: say("Worst", {
      label: row.label,
      value: number(row.post),
      low: number(row.low),
      high: number(row.high),
      raw: number(row.raw),
      n: plain(row.n),
    }),
    at: [row.post, i],
    href: row.href,
  }));
  return { ...chart, points };
}
