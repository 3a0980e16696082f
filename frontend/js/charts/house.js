// The one house theme: the tokens of the style sheet, as colours ECharts can use, and axes that look alike.
const TOKENS = [
  "ink", "ink-soft", "ink-muted", "line", "edge", "surface", "sunk", "accent", "accent-soft", "expected",
  "experienced", "better", "better-soft", "better-mark", "worse", "worse-soft", "worse-mark", "unclear-soft",
];

export function house(figure) {
  const probe = document.createElement("i");
  probe.hidden = true;
  figure.append(probe);
  const theme = { font: getComputedStyle(figure).fontFamily };
  for (const token of TOKENS) {
    probe.style.color = `var(--${token})`;
    theme[token.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())] = getComputedStyle(probe).color;
  }
  probe.remove();
  return theme;
}

const label = (theme) => ({ color: theme.inkMuted, fontSize: 12, hideOverlap: true, margin: 10 });

// An axis of numbers; thin lines to read values off, no line of its own.
// Its ends may be any number: lines and figures stand at round steps between them only.
export function valueAxis(theme, { gridIndex = 0, min, max, inverse = false, format, splitNumber = 4, quiet = false, name }) {
  const customValues = roundBetween(min, max, splitNumber);
  return {
    type: "value",
    gridIndex,
    min,
    max,
    inverse,
    name,
    nameLocation: inverse ? "start" : "end",
    nameGap: 12,
    nameTextStyle: { color: theme.inkMuted, fontSize: 12, align: "left", padding: [0, 0, 0, -28] },
    axisLine: { show: false },
    axisTick: { show: false, customValues },
    axisLabel: { ...label(theme), show: !quiet, formatter: format, customValues },
    splitLine: { show: !quiet, lineStyle: { color: theme.line } },
  };
}

// An axis of names.
export function nameAxis(theme, { gridIndex = 0, names, inverse = false, quiet = false, line = true, ...more }) {
  return {
    type: "category",
    gridIndex,
    data: names,
    inverse,
    axisLine: { show: line && !quiet, onZero: false, lineStyle: { color: theme.edge } },
    axisTick: { show: false },
    axisLabel: { ...label(theme), show: !quiet, ...more },
    splitLine: { show: false },
  };
}

// Something of our own, drawn once per item: draw(item, at, index) answers the shapes, at(x, y) gives pixels.
export function layer(items, draw, { grid = 0, z = 2 } = {}) {
  return {
    type: "custom",
    coordinateSystem: "cartesian2d",
    xAxisIndex: grid,
    yAxisIndex: grid,
    silent: true,
    clip: false,
    z,
    data: items.map(() => [0, 0]),
    renderItem: (params, api) => ({
      type: "group",
      children: draw(items[params.dataIndex], (x, y) => api.coord([x, y]), params.dataIndex, params.coordSys),
    }),
  };
}

// The multiples of 1, 2, 5, 10, 20 … between two ends, about so many.
function roundBetween(min, max, about) {
  const least = (max - min) / about;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((x) => x * power).find((x) => x >= least * 0.7);
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

// Ends a little beyond the data, so that no whisker touches the edge.
export function looseEnds(numbers, { zero = false } = {}) {
  const known = numbers.filter((x) => Number.isFinite(x));
  if (zero || !known.length) known.push(0);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return [zero && low === 0 ? 0 : low - room, zero && high === 0 && low < 0 ? 0 : high + room];
}
