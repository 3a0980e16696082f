// How many characters of those allowed are used; said when typing pauses, not at each key.
export function count(form) {
  for (const field of form.querySelectorAll("[data-most]")) {
    const line = document.createElement("p");
    line.className = "help";
    line.setAttribute("aria-live", "polite");
    field.after(line);
    let timer;
    const write = () => {
      const n = [...field.value].length;
      line.textContent = n ? form.dataset.count.replace("{n}", n).replace("{most}", field.dataset.most) : "";
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(write, 400);
    });
    write();
  }
}
