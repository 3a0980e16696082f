// The promise advisor: finds the moved value in the table the server has worked out, says its sentence, moves the line.
function nearest(rows, value) {
  return rows.reduce((best, row) => (Math.abs(row.value - value) < Math.abs(best.value - value) ? row : best));
}

function state(slider) {
  const rows = JSON.parse(document.getElementById(slider.dataset.table).textContent).rows;
  const row = nearest(rows, Number(slider.value));
  const output = document.getElementById(slider.dataset.output);
  output.textContent = row.sentence;
  slider.setAttribute("aria-valuetext", row.sentence);
  document
    .getElementById(slider.dataset.chart)
    ?.dispatchEvent(new CustomEvent("mindgap:promise", { detail: row.value }));
}

export function moveSliders() {
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("input[data-advisor]")) state(event.target);
  });
}
