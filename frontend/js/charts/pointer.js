// Walking over the points of a chart, alike for mouse, finger and keyboard: a ring on the point and its sentence.
// reach says which distance counts: along "x" (a trend), along "y" (rows), or "both".
const FAR = 48;

export function pointer(plot, figure) {
  const ring = part("chart-ring");
  const tip = part("chart-tip");
  const voice = figure.querySelector("[data-voice]");
  let points = [];
  let reach = "both";
  let current = -1;

  function part(name) {
    const element = document.createElement("div");
    element.className = name;
    element.hidden = true;
    element.setAttribute("aria-hidden", "true");
    return element;
  }

  function hide() {
    current = -1;
    ring.hidden = tip.hidden = true;
  }

  function show(index, aloud) {
    const point = points[index];
    if (!point) return hide();
    current = index;
    ring.hidden = tip.hidden = false;
    ring.style.transform = `translate(${point.x}px, ${point.y}px)`;
    tip.textContent = point.text;
    const left = Math.max(0, Math.min(point.x - tip.offsetWidth / 2, plot.clientWidth - tip.offsetWidth));
    const above = point.y - tip.offsetHeight - 16;
    tip.style.transform = `translate(${left}px, ${above >= 0 ? above : point.y + 16}px)`;
    if (aloud && voice) voice.textContent = point.text;
  }

  function nearest(event) {
    const box = plot.getBoundingClientRect();
    let best = -1;
    let least = Infinity;
    points.forEach((point, index) => {
      const x = point.x - (event.clientX - box.left);
      const y = point.y - (event.clientY - box.top);
      const main = reach === "x" ? Math.abs(x) : reach === "y" ? Math.abs(y) : Math.hypot(x, y);
      const distance = main + Math.hypot(x, y) / 1000;
      if (main < FAR && distance < least) [best, least] = [index, distance];
    });
    return best;
  }

  plot.addEventListener("pointermove", (event) => show(nearest(event), false));
  plot.addEventListener("pointerdown", (event) => show(nearest(event), false));
  plot.addEventListener("pointerleave", hide);
  plot.addEventListener("blur", hide);
  plot.addEventListener("focus", () => plot.matches(":focus-visible") && show(Math.max(current, 0), true));
  plot.addEventListener("click", (event) => follow(nearest(event)));

  function follow(index) {
    const href = points[index]?.href;
    if (href) location.assign(href);
  }

  plot.addEventListener("keydown", (event) => {
    const last = points.length - 1;
    const next = {
      ArrowRight: Math.min(current + 1, last),
      ArrowDown: Math.min(current + 1, last),
      ArrowLeft: Math.max(current - 1, 0),
      ArrowUp: Math.max(current - 1, 0),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Enter") follow(current);
    if (event.key === "Escape") hide();
    if (next === undefined) return;
    event.preventDefault();
    show(next, true);
  });

  return {
    place(fresh, how = "both") {
      points = fresh;
      reach = how;
      plot.append(ring, tip);
      plot.classList.toggle("has-links", fresh.some((point) => point.href));
      hide();
    },
  };
}
