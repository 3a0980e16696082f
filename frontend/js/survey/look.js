// Colours of a survey: the contrast is shown while one chooses; what is published is checked again by the server.
const NEEDED = 4.5;

export function showContrast() {
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-colour]")) show(event.target.form);
  });
  document.addEventListener("htmx:afterSettle", showAll);
  showAll();
}

function showAll() {
  for (const form of document.querySelectorAll("form[data-part=theme]")) show(form);
}

function show(form) {
  const told = form.querySelector("[data-contrast]");
  const back = form.querySelector("[data-colour=background]");
  if (!told || !back) return;
  const ratios = ["text", "accent"].map((name) => contrast(form.querySelector(`[data-colour=${name}]`).value, back.value));
  told.hidden = false;
  told.className = `message ${Math.min(...ratios) < NEEDED ? "error" : "success"}`;
  const numbers = ratios.map((ratio) => ratio.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }));
  told.textContent = `${told.dataset.words}: ${numbers.join(" · ")} (≥ ${NEEDED})`;
}

// Relative luminance and contrast as WCAG 2.2 defines them.
function luminance(colour) {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}
