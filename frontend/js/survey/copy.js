// Copying an address: a button that only exists where it works.
export function copyAddresses() {
  for (const button of document.querySelectorAll("[data-copies]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
      const voice = document.getElementById("voice");
      if (voice) voice.textContent = button.dataset.done;
      button.classList.add("btn-primary");
    });
  }
}
