// The marks of the gap, the same on every page. Hollow and dashed: expected. Filled and solid: experienced.
// The gap between them: teal better, amber worse, hatched when it is not clear. Intervals: whiskers.

// ECharts hands its own font down to axes only; our texts take the page's, set before each drawing.
let fontFamily = "sans-serif";
export function setFont(family) {
  fontFamily = family;
}

export const text = (x, y, words, style = {}) => ({
  type: "text",
  style: { x, y, text: words, fontFamily, fontSize: 12, verticalAlign: "middle", ...style },
});

export const stroke = (points, color, style = {}) => ({
  type: "polyline",
  shape: { points },
  style: { stroke: color, lineWidth: 2, fill: "none", lineJoin: "round", lineCap: "round", ...style },
});

export const hollow = (x, y, theme, r = 5) => ({
  type: "circle",
  shape: { cx: x, cy: y, r },
  style: { fill: theme.surface, stroke: theme.expected, lineWidth: 2 },
});

export const filled = (x, y, theme, r = 5.5) => ({
  type: "circle",
  shape: { cx: x, cy: y, r },
  style: { fill: theme.experienced, stroke: theme.surface, lineWidth: 1.5 },
});

// Too few answers: a grey hollow mark and the words, never a value.
export const few = (x, y, words, theme, style = {}) => [
  { type: "circle", shape: { cx: x, cy: y, r: 4.5 }, style: { fill: theme.surface, stroke: theme.edge, lineWidth: 1.5 } },
  text(x + 10, y, words, { fill: theme.inkMuted, ...style }),
];

export function whisker([x1, y1], [x2, y2], color, { cap = 4, width = 1.5 } = {}) {
  const across = y1 === y2 ? [0, cap] : [cap, 0];
  const line = (a, b) => stroke([a, b], color, { lineWidth: width, lineCap: "butt" });
  return [
    line([x1, y1], [x2, y2]),
    line([x1 - across[0], y1 - across[1]], [x1 + across[0], y1 + across[1]]),
    line([x2 - across[0], y2 - across[1]], [x2 + across[0], y2 + across[1]]),
  ];
}

export const sideColor = (is, theme) => ({ better: theme.better, worse: theme.worse }[is] ?? theme.inkMuted);

// The gap itself, over a convex shape given by its corners in order.
export function gapFill(corners, is, theme, { strong = false } = {}) {
  const colors = strong
    ? { better: theme.betterMark, worse: theme.worseMark }
    : { better: theme.betterSoft, worse: theme.worseSoft };
  const fill = colors[is] ?? theme.unclearSoft;
  // The hair of a stroke closes the seam to a neighbour of the same colour.
  const area = { type: "polygon", shape: { points: corners }, style: { fill, stroke: fill, lineWidth: 0.5 } };
  if (is !== "unclear") return [area];
  const edge = { ...area, style: { fill: "none", stroke: theme.edge, lineWidth: 1, opacity: 0.7 } };
  return strong ? [area, ...hatch(corners, theme.edge), edge] : [area, ...hatch(corners, theme.edge)];
}

export const box = (x1, y1, x2, y2) => [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];

// Slanted lines cut off at the shape's edges: each line x + y = c is clipped against every side in turn.
function hatch(corners, color, step = 7) {
  const sums = corners.map(([x, y]) => x + y);
  const lines = [];
  for (let c = Math.ceil(Math.min(...sums) / step) * step; c < Math.max(...sums); c += step) {
    const ends = [];
    corners.forEach(([x1, y1], i) => {
      const [x2, y2] = corners[(i + 1) % corners.length];
      const [from, to] = [x1 + y1 - c, x2 + y2 - c];
      if ((from <= 0 && to > 0) || (from > 0 && to <= 0)) {
        const share = from / (from - to);
        ends.push([x1 + share * (x2 - x1), y1 + share * (y2 - y1)]);
      }
    });
    if (ends.length === 2) lines.push(stroke(ends, color, { lineWidth: 1, opacity: 0.55, lineCap: "butt" }));
  }
  return lines;
}

let canvas;
// The width of words in pixels, for margins that fit.
export function widthOf(words, theme, size = 12, weight = 400) {
  canvas ??= document.createElement("canvas").getContext("2d");
  canvas.font = `${weight} ${size}px ${theme.font}`;
  return Math.ceil(canvas.measureText(words).width);
}
