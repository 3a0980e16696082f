// Charts whose things stand in rows: the name, a mark on a common scale, what it says in words.
// On a narrow screen the name stands above its mark, so that the scale gets the whole width.
import { layer, nameAxis, valueAxis } from "./house.js";
import { text, widthOf } from "./marks.js";

export function rowChart(rows, { theme, width, narrow, plain }, { min, max, says, color, draw, zero = null, unit }) {
  const rowHeight = narrow ? 58 : 40;
  const named = Math.min(width * 0.36, Math.max(...rows.map((row) => widthOf(row.label, theme, 13))) + 24);
  const said = Math.max(...rows.map((row, i) => widthOf(says(row, i), theme, 13, 600))) + 18;
  const grid = { left: narrow ? 10 : named, right: narrow ? 10 : said, top: 4, bottom: unit ? 44 : 28 };
  const height = rows.length * rowHeight + grid.top + grid.bottom;

  const words = layer(
    rows,
    (row, at, i, area) => {
      const [, middle] = at(min, i);
      const y = narrow ? middle - 16 : middle;
      const right = area.x + area.width;
      const about = { fill: color(row, i), fontSize: 13, fontWeight: 600, align: narrow ? "right" : "left" };
      const room = narrow ? area.width + 10 - said : named - 18;
      const name = {
        fill: theme.ink,
        fontSize: 13,
        align: narrow ? "left" : "right",
        overflow: "truncate",
        width: Math.min(room, widthOf(row.label, theme, 13) + 4),
        // On a narrow screen the lines of the scale pass behind the names.
        ...(narrow ? { backgroundColor: theme.surface, padding: [2, 4, 2, 0] } : {}),
      };
      return [
        text(narrow ? area.x - 10 : area.x - 14, y, row.label, name),
        text(narrow ? right + 10 : right + 14, y, says(row, i), about),
      ];
    },
    { z: 3 },
  );

  const marks = layer(rows, (row, at, i) => {
    const shift = narrow ? 10 : 0;
    return draw(row, (x) => at(x, i)[0], at(min, i)[1] + shift, i);
  });

  const base = layer([zero].filter((x) => x !== null), (x, at, _, area) => {
    const [px] = at(x, 0);
    return [{ type: "line", shape: { x1: px, x2: px, y1: area.y, y2: area.y + area.height }, style: { stroke: theme.edge, lineWidth: 1 } }];
  }, { z: 1 });

  const x = valueAxis(theme, { min, max, format: plain, splitNumber: narrow ? 3 : 5 });
  Object.assign(x, unit ? { name: unit, nameLocation: "middle", nameGap: 26 } : {});
  x.nameTextStyle = { color: theme.inkMuted, fontSize: 12 };
  const y = nameAxis(theme, { names: rows.map((row) => row.label), inverse: true, quiet: true });
  return { height, reach: "y", option: { grid, xAxis: x, yAxis: y, series: [base, marks, words] } };
}
