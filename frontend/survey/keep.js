// What was typed stays in this tab until the server has it. Nothing is written anywhere else.
const KEY = "mindgap:" + location.pathname;

function store(value) {
  try {
    if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
    else sessionStorage.removeItem(KEY);
  } catch {
    // No room, or not allowed: the page works without.
  }
}

function load() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

function typed(form) {
  return [...new FormData(form)].filter(([name, value]) => !name.startsWith("_") && typeof value === "string");
}

export const keep = {
  /** Remember the page as it is, now and after each change. */
  watch(form) {
    const page = form.dataset.page;
    const write = () => store({ page, sealed: form.elements._s.value, typed: typed(form), first: load().first || page });
    form.addEventListener("input", write);
    const there = load();
    if (there.sealed) store({ ...there, page, sealed: form.elements._s.value, typed: there.page === page ? there.typed : [] });
  },

  /** The sealed state of a later page that this tab had reached. */
  begun(form) {
    const there = load();
    return there.sealed && there.page !== form.dataset.page ? there.sealed : "";
  },

  /** Put back what was typed on this page before it was loaded again. */
  fill(form) {
    const there = load();
    if (there.page !== form.dataset.page || !there.typed || document.getElementById("faults")) return;
    const fields = [...form.elements].filter((field) => field.name && !field.name.startsWith("_"));
    for (const field of fields) {
      if (field.type === "file" || field.type === "submit") continue;
      const values = there.typed.filter(([name]) => name === field.name).map(([, value]) => value);
      if (!there.typed.length) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value) || (field.checked && !values.length);
      else if (values.length) field.value = values[0];
    }
  },

  forget() {
    store(null);
  },
};
