// What happened, counted: {x: [numbers], counts: [], promise, unit, beyond: "after" | "before"}.
// The promise is a dashed line; what lies beyond it was not kept and is filled. `mark` names a line that is no promise.
import { layer, looseEnds, nameAxis, valueAxis } from "./house.js";
import { stroke, text, widthOf } from "./marks.js";

export function distribution(spec, { theme, width, narrow, plain, share, quantity, say }) {
  const total = spec.counts.reduce((sum, count) => sum + count, 0);
  const promised = typeof spec.promise === "number";
  const missed = (x) => promised && (spec.beyond === "before" ? x < spec.promise : x > spec.promise);
  const [, top] = looseEnds(spec.counts, { zero: true });
  const grid = { left: 48, right: 12, top: 34, bottom: 44 };

  const columns = layer(spec.x, (x, at, i, area) => {
    const [middle, ceiling] = at(i, spec.counts[i]);
    const [, floor] = at(i, 0);
    const column = area.width / spec.x.length;
    const body = Math.max(1, column - Math.min(4, column * 0.2));
    const style = missed(x)
      ? { fill: theme.worseMark }
      : { fill: theme.accentSoft, stroke: theme.accent, lineWidth: 1 };
    return [{ type: "rect", shape: { x: middle - body / 2, y: ceiling, width: body, height: floor - ceiling, r: [2, 2, 0, 0] }, style }];
  });

  // The promised value itself keeps the promise: the line stands on the far side of its column.
  const line = layer(promised ? [spec.promise] : [], (promise, _, __, area) => {
    const column = area.width / spec.x.length;
    const before = spec.beyond === "before";
    const within = spec.x.filter((x) => (before ? x < promise : x <= promise)).length;
    const x = area.x + within * column;
    const words = spec.mark ?? say("Promise", { value: quantity(promise) });
    const room = widthOf(words, theme, 13, 600) + 12;
    const left = x + room > width;
    return [
      stroke([[x, area.y - 18], [x, area.y + area.height]], theme.expected, { lineDash: [5, 4], lineCap: "butt" }),
      text(x + (left ? -8 : 8), area.y - 18, words, { fill: theme.ink, fontSize: 13, fontWeight: 600, align: left ? "right" : "left" }),
    ];
  }, { z: 4 });

  const xAxis = nameAxis(theme, { names: spec.x.map((x) => plain(x)) });
  Object.assign(xAxis, { name: spec.unit, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: theme.inkMuted, fontSize: 12 } });
  return {
    height: narrow ? 220 : 280,
    reach: "x",
    option: { grid, xAxis, yAxis: valueAxis(theme, { min: 0, max: top, format: plain }), series: [columns, line] },
    points: spec.x.map((x, i) => ({
      text: say("Bin", { value: quantity(x), n: plain(spec.counts[i]), share: share(total ? spec.counts[i] / total : 0) }),
      at: [i, spec.counts[i]],
    })),
  };
}
