// Sending until it has arrived: the same state each time, so that whatever was stored before is found again.
const MOST_SECONDS = 30;

function tell(form, shown) {
  let line = document.getElementById("unsent");
  if (shown && !line) {
    line = document.createElement("p");
    line.id = "unsent";
    line.setAttribute("role", "status");
    form.after(line);
    line.textContent = form.dataset.unsent;
  } else if (!shown && line) {
    line.remove();
  }
}

function pause(seconds) {
  return new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });
}

/** The page that follows, as text. */
export async function send(form, fields) {
  const whole = form.enctype === "multipart/form-data";
  for (let wait = 1; ; wait = Math.min(wait * 2, MOST_SECONDS)) {
    let after = wait;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: whole ? fields : new URLSearchParams(fields),
        credentials: "omit",
      });
      if (answer.status < 500) {
        tell(form, false);
        return await answer.text();
      }
      after = Number(answer.headers.get("retry-after")) || wait;
    } catch {
      // No connection, or it broke before the reply was here.
    }
    tell(form, true);
    await pause(after);
  }
}
