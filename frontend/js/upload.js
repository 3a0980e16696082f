// While a file travels: how much of it has arrived, as a bar and in words.
export function showUploads() {
  document.addEventListener("htmx:xhr:progress", (event) => {
    const box = event.target.closest?.("form[data-upload]")?.querySelector("[data-upload-progress]");
    if (!box || !event.detail.lengthComputable) return;
    const share = event.detail.loaded / event.detail.total;
    const lang = document.documentElement.lang || undefined;
    const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 }).format(share);
    box.hidden = false;
    box.querySelector("progress").value = share;
    box.querySelector("[data-words]").textContent =
      share < 1 ? box.dataset.sayPart.replace("{percent}", percent) : box.dataset.sayChecking;
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const box = event.target.closest?.("form[data-upload]")?.querySelector("[data-upload-progress]");
    if (box) box.hidden = true;
  });
}
