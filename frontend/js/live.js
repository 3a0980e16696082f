// A page asks for fresh figures with hx-trigger="every 2s". Nobody looks at a hidden tab: it does not ask.
export function keepLive() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const polls = event.target.getAttribute?.("hx-trigger")?.startsWith("every");
    if (polls && document.hidden) event.preventDefault();
  });

  // A figure that has been replaced is read out once by the page's one quiet voice, if it brings words.
  document.addEventListener("htmx:afterSwap", (event) => {
    const words = event.target.querySelector?.("[data-announce]")?.dataset.announce;
    const voice = document.getElementById("voice");
    if (words && voice && voice.textContent !== words) voice.textContent = words;
  });
}
