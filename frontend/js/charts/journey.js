// The journey map: {stages: [{name, touchpoints: [{label, expected, experienced, low, high, gap, gap_low, gap_high,
// n, moment, peak, end, href}]}], unit, y: {min, max}}. Stages are columns; each touchpoint is a step whose width
// grows with n, from what its name needs.
import { layer, valueAxis } from "./house.js";
import { box, filled, gapFill, hollow, sideColor, stroke, text, whisker, widthOf } from "./marks.js";
import { gapOf, journeyEnds, journeyRows, known, sentenceOf } from "./journey_rows.js";
import { verdict } from "./words.js";

const LABELS = 66;
const LEFT = 40;
const LEAST = 60;

// The width that a name needs when it may break between words; Han characters may part anywhere, four stay together.
function need(label, theme) {
  const words = label.split(/\s+/).map((word) => (/\p{Script=Han}/u.test(word) ? word.slice(0, 4) : word));
  return Math.max(LEAST, ...words.map((word) => widthOf(word, theme, 12, 600) + 10));
}

// Every step gets what its name needs; what is left is shared by n. Answers null when there is not enough.
function steps(spec, theme, width) {
  const all = spec.stages.flatMap((stage, index) => stage.touchpoints.map((point) => ({ ...point, stage: index, need: need(point.label, theme) })));
  const rest = width - all.reduce((sum, point) => sum + point.need, 0);
  if (rest < 0) return null;
  const total = all.reduce((sum, point) => sum + (point.n ?? 0), 0) || 1;
  let x = 0;
  return all.map((point) => {
    const from = x;
    x += point.need + (rest * (point.n ?? 0)) / total;
    return { ...point, from, to: x, middle: (from + x) / 2 };
  });
}

export function journey(spec, tools) {
  const { theme, plain, width } = tools;
  const all = steps(spec, theme, width - LEFT - 4);
  if (!all) return journeyRows(spec, tools);
  const [min, max] = journeyEnds(spec);
  const grid = { left: LEFT, right: 4, top: 40, bottom: LABELS };
  const end = all.at(-1).to;

  const stages = layer(spec.stages, (stage, at, index, area) => {
    const own = all.filter((step) => step.stage === index);
    if (!own.length) return [];
    const [[left], [right]] = [at(own[0].from, min), at(own.at(-1).to, min)];
    const ground = { type: "rect", shape: { x: left, y: area.y - 34, width: right - left, height: area.height + 34 + LABELS }, style: { fill: theme.sunk, opacity: index % 2 ? 0 : 0.75 } };
    return [ground, text(left + 8, area.y - 20, stage.name, { fill: theme.ink, fontSize: 13, fontWeight: 650, width: right - left - 12, overflow: "truncate" })];
  }, { z: 0 });

  const rise = layer(all.slice(1), (step, at, i) => {
    const before = all[i];
    const line = (side, color, style) =>
      Number.isFinite(before[side]) && Number.isFinite(step[side]) ? [stroke([at(step.from, before[side]), at(step.from, step[side])], color, { lineWidth: 1, opacity: 0.55, ...style })] : [];
    return [...line("expected", theme.expected, { lineDash: [3, 3] }), ...line("experienced", theme.experienced)];
  }, { z: 2 });

  return {
    height: 400,
    reach: "x",
    option: {
      grid,
      xAxis: { type: "value", min: 0, max: end, show: false },
      yAxis: { ...valueAxis(theme, { min, max, format: plain, name: spec.unit }), nameGap: 14 },
      series: [stages, rise, layer(all, (step, at, _, area) => drawStep(step, at, area, { ...tools, min, max }), { z: 3 })],
    },
    points: all.map((step) => ({ text: sentenceOf(step, tools), at: [step.middle, step.experienced ?? step.expected ?? min], href: step.href })),
  };
}

// Either side may be missing: nobody was asked what they expected, or too few said how it was.
function drawStep(step, at, area, { theme, say, gapMark, min, max }) {
  const is = verdict(gapOf(step));
  const [left] = at(step.from, min);
  const [right] = at(step.to, min);
  const middle = (left + right) / 2;
  const yOf = (value) => at(step.from, value)[1];
  const shapes = [
    text(middle, area.y + area.height + 10, step.label, {
      fill: theme.inkSoft, fontSize: 12, lineHeight: 16, align: "center", verticalAlign: "top", width: right - left - 6, overflow: "break", fontWeight: step.moment ? 600 : 400,
    }),
  ];
  if (step.moment) shapes.push(text(middle, area.y + 2, "★", { fill: theme.accent, fontSize: 14, align: "center" }));
  if (is !== "few" && known(step.expected) && known(step.experienced)) {
    shapes.push(...gapFill(box(left + 1, yOf(step.expected), right - 1, yOf(step.experienced)), is, theme));
  }
  if (known(step.expected)) {
    const y = yOf(step.expected);
    shapes.push(stroke([[left + 2, y], [right - 2, y]], theme.expected, { lineDash: [5, 4], lineCap: "butt" }), hollow(middle, y, theme));
  }
  if (!known(step.experienced)) {
    const y = known(step.expected) ? yOf(step.expected) + 17 : area.y + area.height - 14;
    if (step.asked !== false) shapes.push(text(middle, y, say("Few"), { fill: theme.inkMuted, fontSize: 12, align: "center" }));
    return shapes;
  }

  const y = yOf(step.experienced);
  const [yLow, yHigh] = [yOf(step.low ?? min), yOf(step.high ?? max)];
  const yExpected = known(step.expected) ? yOf(step.expected) : y;
  shapes.push(
    stroke([[left + 2, y], [right - 2, y]], theme.experienced, { lineWidth: 2.5, lineCap: "butt" }),
    ...whisker([middle, yLow], [middle, yHigh], theme.experienced),
    filled(middle, y, theme),
  );
  if (is !== "few") {
    const mark = { fill: sideColor(is, theme), fontSize: 12, fontWeight: 600, align: "center" };
    shapes.push(text(middle, Math.max(y, yExpected, yLow) + 15, gapMark(gapOf(step)), mark));
  }
  const flag = step.peak ? say("Peak") : step.end ? say("End") : "";
  const sign = { fill: theme.surface, backgroundColor: theme.inkSoft, padding: [2, 6], borderRadius: 8, fontSize: 11, align: "center" };
  if (flag) shapes.push(text(middle, Math.min(y, yExpected, yHigh) - 14, flag, sign));
  return shapes;
}
