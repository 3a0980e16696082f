// The window with the survey in it: a dialog of the browser's own, in a shadow, so that no style goes in or out.
const WORDS = {
  en: ["Survey", "Close the survey"],
  "zh-hans": ["问卷", "关闭问卷"],
  "zh-hant": ["問卷", "關閉問卷"],
};
const STYLE = `
dialog { box-sizing: border-box; padding: 0; border: 1px solid #8a94a3; border-radius: 12px; background: Canvas; color: CanvasText; overflow: hidden; box-shadow: 0 8px 32px #0004; }
.popover { position: fixed; inset: auto 16px 16px auto; z-index: 2147483000; margin: 0; width: min(400px, 100vw - 32px); max-height: calc(100vh - 32px); }
.full { width: min(720px, 100vw - 32px); max-height: calc(100vh - 32px); }
.full::backdrop { background: #000a; }
.inline { position: static; display: block; width: 100%; margin: 0; border: 0; border-radius: 0; box-shadow: none; }
iframe { display: block; width: 100%; border: 0; max-height: calc(100vh - 80px); }
.inline iframe { max-height: none; }
header { display: flex; justify-content: flex-end; }
button { width: 44px; height: 44px; border: 0; background: none; color: inherit; font: 24px/1 system-ui, sans-serif; cursor: pointer; }
button:focus-visible { outline: 3px solid #3b5bdb; outline-offset: -4px; border-radius: 8px; }
@media (prefers-reduced-motion: no-preference) { .popover, .full { animation: in .2s ease-out; } @keyframes in { from { opacity: 0; transform: translateY(8px); } } }`;

function words(language) {
  const code = (language || navigator.language || "en").toLowerCase();
  if (!code.startsWith("zh")) return WORDS.en;
  return WORDS[/hant|tw|hk|mo/.test(code) ? "zh-hant" : "zh-hans"];
}

function dress(shadow) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    // Older browsers; a strict policy of the host's then leaves it plain.
    const style = document.createElement("style");
    style.textContent = STYLE;
    shadow.append(style);
  }
}

/** Show `url` in the mode; `told(event)` hears `finished` and `dismissed`. Gives `{close, isFinished}`. */
export function open({ url, mode, into, title, language, told, byHand }) {
  const [name, closing] = words(language);
  const origin = new URL(url).origin;
  const before = document.activeElement;
  const host = document.createElement("div");
  host.dataset.mindgap = mode;
  const shadow = host.attachShadow({ mode: "open" });
  dress(shadow);
  const box = document.createElement(mode === "inline" ? "div" : "dialog");
  box.className = mode;
  const frame = document.createElement("iframe");
  frame.title = title || name;
  frame.loading = mode === "inline" ? "lazy" : "eager";
  frame.height = mode === "inline" ? 420 : 320;
  frame.referrerPolicy = "no-referrer";
  let isFinished = false;

  const close = (event = "dismissed") => {
    if (!host.isConnected) return;
    removeEventListener("message", hear);
    host.remove();
    // Whoever came by the keyboard goes on where they were.
    if (before && before.focus && mode !== "inline") before.focus({ preventScroll: true });
    told(isFinished ? "closed" : event);
  };
  const hear = ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin || !data || data.mindgap !== 1) return;
    if (data.height > 0) frame.height = Math.min(Math.ceil(data.height), 4000);
    if (data.finished && !isFinished) {
      isFinished = true;
      told("finished");
    }
    if (data.dismissed && mode !== "inline") close();
  };
  addEventListener("message", hear);
  frame.addEventListener("load", () => frame.contentWindow.postMessage({ mindgap: "hello" }, origin));
  frame.src = url;

  if (mode !== "inline") {
    box.setAttribute("aria-label", title || name);
    box.setAttribute("aria-modal", String(mode === "full"));
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", closing);
    button.addEventListener("click", () => close());
    const head = document.createElement("header");
    head.append(button);
    box.append(head);
    box.addEventListener("cancel", () => setTimeout(close));
    box.addEventListener("keydown", (event) => event.key === "Escape" && close());
  }
  box.append(frame);
  shadow.append(box);
  (into || document.body).append(host);
  if (mode === "full") box.showModal();
  // What comes up by itself must not take the focus from somebody who is typing.
  else if (mode === "popover") byHand ? box.show() : box.setAttribute("open", "");
  return { close, isFinished: () => isFinished };
}
