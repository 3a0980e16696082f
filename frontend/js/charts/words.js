// Words and numbers. Every sentence comes from the template, as a data-say-… attribute with {places} to fill.
export function words(figure, spec) {
  const lang = document.documentElement.lang || undefined;
  const digits = spec.digits ?? 1;
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const value = new Intl.NumberFormat(lang, fixed);
  const sign = new Intl.NumberFormat(lang, { ...fixed, signDisplay: "exceptZero" });
  const loose = new Intl.NumberFormat(lang, { maximumFractionDigits: digits });
  const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 1 });
  // A real minus sign is as wide as a plus: figures in a column stay in line.
  const minus = (text) => text.replace("-", "−");

  function say(name, places = {}) {
    const sentence = figure.dataset[`say${name}`] ?? "";
    return sentence.replace(/\{(\w+)\}/g, (_, place) => places[place] ?? "");
  }

  // A limit may be open: then the answers do not bound the value on that side.
  const known = (x, format) => (Number.isFinite(x) ? minus(format.format(x)) : "…");
  const number = (x) => known(x, value);
  const signed = (x) => known(x, sign);

  return {
    say,
    number,
    signed,
    plain: (x) => minus(loose.format(x)),
    share: (x) => percent.format(x),
    // Beside a mark, with all its decimals; a long unit stands at the axis alone.
    amount: (x) => (spec.unit && spec.unit.length < 9 && Number.isFinite(x) ? say("Quantity", { value: number(x), unit: spec.unit }) : number(x)),
    quantity: (x) => (spec.unit ? say("Quantity", { value: minus(loose.format(x)), unit: spec.unit }) : minus(loose.format(x))),
    // The sentence about one gap: which one of three depends on whether its interval leaves zero out.
    gapSentence: (row) =>
      say({ better: "Better", worse: "Worse", unclear: "Unclear", few: "TooFew" }[verdict(row)], {
        label: row.label,
        value: signed(row.value),
        low: signed(row.low),
        high: signed(row.high),
        n: loose.format(row.n ?? 0),
      }),
    gapMark: (row) => {
      const is = verdict(row);
      if (is === "few") return say("Few");
      return `${{ better: "▲", worse: "▼", unclear: "≈" }[is]} ${signed(row.value)}`;
    },
  };
}

// Better or worse only when the interval says so; few when there is no value to speak of.
export function verdict(row) {
  if (row.value === null || row.value === undefined) return "few";
  const clear = row.clear ?? (row.low > 0 || row.high < 0);
  if (!clear) return "unclear";
  return row.value > 0 ? "better" : "worse";
}
