// The filter bar sends itself on change. Its form names where the answer goes; empty choices stay out of the address.
export function followFilters() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-filter]");
    if (form && event.target.matches("select, input")) form.requestSubmit();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches("form[data-filter]")) return;
    const { formData } = event.detail;
    for (const [name, value] of [...formData.entries()]) {
      if (value === "") formData.delete(name);
    }
  });

  // Without htmx (or before it is there) the browser sends the form itself: leave out what is empty there too.
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("form[data-filter]")) return;
    for (const [name, value] of [...event.formData.entries()]) {
      if (value === "") event.formData.delete(name);
    }
  });
}
