// Ranking: the list is moved by hand or with buttons; the lists to unfold below it hold the places.
function write(list) {
  list.classList.add("set");
  [...list.children].forEach((item, place) => (item.querySelector("select").value = place + 1));
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function move(list, item, by) {
  const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (other) by < 0 ? other.before(item) : other.after(item);
  write(list);
}

function button(list, item, sign, words, by) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = sign;
  made.setAttribute("aria-label", `${words}: ${item.querySelector("span").textContent}`);
  made.addEventListener("click", () => {
    move(list, item, by);
    made.focus();
  });
  item.append(made);
}

function hold(list, item) {
  item.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button") || event.button) return;
    item.setPointerCapture(event.pointerId);
    item.classList.add("held");
    const drag = ({ clientY }) => {
      const above = item.previousElementSibling;
      const below = item.nextElementSibling;
      // The others make way: an element that is moved itself would let go of the pointer.
      if (above && clientY < above.getBoundingClientRect().bottom - 8) item.after(above);
      else if (below && clientY > below.getBoundingClientRect().top + 8) item.before(below);
    };
    const drop = () => {
      item.classList.remove("held");
      item.removeEventListener("pointermove", drag);
      write(list);
    };
    item.addEventListener("pointermove", drag);
    item.addEventListener("lostpointercapture", drop, { once: true });
  });
}

export function rank(form) {
  for (const list of form.querySelectorAll(".ranks")) {
    const place = (item) => Number(item.querySelector("select").value) || list.children.length;
    [...list.children].sort((one, other) => place(one) - place(other)).forEach((item) => list.append(item));
    // Until somebody moves something the order is nobody's answer, and shows no numbers.
    list.classList.add("sorts");
    if (list.querySelector("select").value) list.classList.add("set");
    for (const item of list.children) {
      button(list, item, "↑", list.dataset.up, -1);
      button(list, item, "↓", list.dataset.down, 1);
      hold(list, item);
    }
  }
}
