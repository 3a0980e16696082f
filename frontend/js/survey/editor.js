// The editor of surveys: questions move by Alt and the arrows and by dragging, a clash is shown like any other page,
// and after each step one stands where one stood. All of it works without this, by buttons and whole pages.
export function editSurveys() {
  document.addEventListener("keydown", moveByKeys);
  document.addEventListener("dragstart", beginDrag);
  document.addEventListener("dragover", drag);
  document.addEventListener("drop", drop);
  document.addEventListener("dragend", endDrag);
  document.addEventListener("mouseover", makeDraggable);

  // A clash (409) is a page to be read, not an error to be swallowed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409 && event.detail.target?.id === "editor") {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  let before = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const from = event.target.closest?.("#editor");
    before = from && { moved: event.target.closest(".moves")?.elements.code?.value, act: document.activeElement?.value };
  });
  document.addEventListener("htmx:afterSettle", () => {
    const editor = document.getElementById("editor");
    if (!editor || !before) return;
    focusAgain(editor, before);
    before = null;
  });
}

function focusAgain(editor, { moved, act }) {
  const line = moved && [...editor.querySelectorAll(".moves")].find((form) => form.elements.code.value === moved);
  const button = line && [...line.querySelectorAll("button")].find((each) => each.value === act);
  const first = editor.querySelector("[role=alert] h2, .editor-form h2");
  const target = button ?? line?.parentElement.querySelector("a") ?? first;
  if (!target) return;
  if (target === first) target.tabIndex = -1;
  target.focus({ preventScroll: false });
  const saved = editor.querySelector("[role=status]:not([hidden])");
  const voice = document.getElementById("voice");
  if (saved && voice) voice.textContent = saved.textContent.trim();
}

function moveByKeys(event) {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const line = event.target.closest?.(".outline-line");
  const button = line?.querySelector(`.moves button[value="${event.key === "ArrowUp" ? "up" : "down"}"]`);
  if (!button) return;
  event.preventDefault();
  button.focus();
  button.click();
}

let dragged = null;

// Set when a pointer comes near: without a script nothing looks as if it could be dragged.
function makeDraggable(event) {
  const line = event.target.closest?.(".outline-line[data-question]");
  if (line && !line.draggable) line.draggable = true;
}

function beginDrag(event) {
  dragged = event.target.closest?.(".outline-line[data-question]");
  if (!dragged) return;
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.question);
}

function drag(event) {
  const page = dragged && event.target.closest?.(".outline-page");
  if (!page) return;
  event.preventDefault();
  unmark();
  const line = event.target.closest(".outline-line[data-question]");
  if (line) line.classList.add("is-before");
  else page.querySelector(".outline-questions").classList.add("is-over");
}

function drop(event) {
  const page = dragged && event.target.closest?.(".outline-page");
  if (!page) return;
  event.preventDefault();
  const others = [...page.querySelectorAll("[data-question]")].filter((each) => each !== dragged);
  const line = event.target.closest(".outline-line[data-question]");
  if (line === dragged) return;
  const at = line ? others.indexOf(line) : others.length;
  const form = dragged.querySelector(".moves");
  const values = { act: "place", code: dragged.dataset.question, page: page.dataset.page, at: String(at), stay: location.pathname };
  const token = form.elements.csrfmiddlewaretoken.value;
  globalThis.htmx.ajax("POST", form.getAttribute("action"), {
    values: { ...values, csrfmiddlewaretoken: token }, target: "#editor", select: "#editor", swap: "outerHTML",
  });
}

function endDrag() {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  unmark();
}

function unmark() {
  for (const each of document.querySelectorAll(".is-before, .is-over")) each.classList.remove("is-before", "is-over");
}
