// What somebody types about a case is kept in the browser until it was sent: a cellar has no network. Only the words.
const PREFIX = "draft:";
const KEPT_DAYS = 7;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

function write(key, draft) {
  try {
    if (draft) localStorage.setItem(PREFIX + key, JSON.stringify(draft));
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // No room, or not allowed: the words are on the screen still.
  }
}

// Words of customers and colleagues must not lie about for ever on a shared phone.
function forgetOld() {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(PREFIX)) continue;
    const key = name.slice(PREFIX.length);
    if (!((read(key)?.at ?? 0) > oldest)) write(key, null);
  }
}

function wordsOf(form) {
  const found = {};
  for (const field of form.querySelectorAll("textarea, input[type=text]")) {
    if (field.value.trim()) found[field.name] = field.value;
  }
  return found;
}

function restore(form) {
  const draft = read(form.dataset.draft);
  if (!draft) return;
  // It was sent, and the page that came says that it was done.
  if (draft.sent && document.querySelector(".message.success")) {
    write(form.dataset.draft, null);
    return;
  }
  let restored = false;
  for (const [name, words] of Object.entries(draft.words ?? {})) {
    const field = form.elements[name];
    if (field && !field.value) {
      field.value = words;
      restored = true;
    }
  }
  if (!restored) return;
  form.closest("details").open = true;
  say(form, form.dataset.restored);
}

function say(form, words) {
  const note = form.querySelector("[data-draft-note]");
  note.textContent = words;
  note.hidden = false;
}

export function keepDrafts() {
  const forms = [...document.querySelectorAll("form[data-draft]")];
  if (!forms.length) return;
  forgetOld();
  for (const form of forms) {
    restore(form);
    form.addEventListener("input", () => {
      const words = wordsOf(form);
      write(form.dataset.draft, Object.keys(words).length ? { at: Date.now(), words } : null);
    });
    form.addEventListener("submit", (event) => {
      const words = wordsOf(form);
      if (!navigator.onLine) {
        event.preventDefault();
        say(form, form.dataset.offline);
      }
      if (Object.keys(words).length) write(form.dataset.draft, { at: Date.now(), words, sent: navigator.onLine });
    });
  }
}
