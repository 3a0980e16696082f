// Gaps by two columns: {x: [labels], y: [labels], cells: [{x, y, value, low, high, n, clear}], unit}.
// Every cell says its value and sign; colour and hatching only repeat them.
import { layer, nameAxis } from "./house.js";
import { box, gapFill, sideColor, text, widthOf } from "./marks.js";
import { verdict } from "./words.js";

export function heat(spec, { theme, width, narrow, gapMark, gapSentence }) {
  const named = Math.min(width * 0.34, Math.max(...spec.y.map((name) => widthOf(name, theme))) + 16);
  const grid = { left: named, right: 2, top: 40, bottom: 4 };
  const cell = (width - grid.left - grid.right) / spec.x.length;
  const rowHeight = narrow ? 48 : 44;

  const tiles = layer(spec.cells, (item, at) => {
    const [x, y] = at(item.x, item.y);
    const is = verdict(item);
    const corners = box(x - cell / 2 + 1.5, y - rowHeight / 2 + 1.5, x + cell / 2 - 1.5, y + rowHeight / 2 - 1.5);
    const frame = { type: "polygon", shape: { points: corners }, style: { fill: "none", stroke: theme.line, lineWidth: 1 } };
    const words = gapMark(item);
    const style = { fill: sideColor(is, theme), fontSize: cell < 56 ? 11 : 13, fontWeight: 600, align: "center" };
    // Over the hatching the words get a ground of their own, or they could not be read.
    const ground = is === "unclear" ? { backgroundColor: theme.unclearSoft, padding: [2, 4], borderRadius: 3 } : {};
    return [...(is === "few" ? [frame] : gapFill(corners, is, theme)), text(x, y, words, { ...style, ...ground })];
  });

  const fit = { width: cell - 6, overflow: "truncate", interval: 0, hideOverlap: false };
  const xAxis = { ...nameAxis(theme, { names: spec.x, line: false, ...fit }), position: "top" };
  const yAxis = nameAxis(theme, { names: spec.y, inverse: true, line: false, width: named - 14, overflow: "truncate", interval: 0 });
  return {
    height: spec.y.length * rowHeight + grid.top + grid.bottom,
    reach: "both",
    option: { grid, xAxis, yAxis, series: [tiles] },
    points: spec.cells.map((item) => ({
      text: gapSentence({ ...item, label: `${spec.y[item.y]}, ${spec.x[item.x]}` }),
      at: [item.x, item.y],
      href: item.href,
    })),
  };
}
