"""Somebody in front of a real browser, who notices what went wrong on a page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page, Response

_AXE = Path(__file__).resolve().parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Loaded, with every chart drawn and no part of the page being replaced.
_SETTLED = """() => document.readyState === "complete"
  && [...document.querySelectorAll("figure.chart[data-spec] [data-plot]")].every((plot) => plot.querySelector("svg"))
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")"""
# What a page that must not be moved sideways holds beyond its edge.
_TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > edge + 1);
  return [`${document.documentElement.scrollWidth} > ${edge}`, ...wide.slice(0, 5).map((each) => each.outerHTML.slice(0, 120))];
}"""
_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_CSP = "document.addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective, e.blockedURI))"


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


@dataclass
class Visitor:
    """A page of a browser, where it stands, and what has gone wrong on it since the last `open`."""

    page: Page
    address: str
    script: bool = True
    problems: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def come(
        cls, browser: Browser, address: str, *, cookies: Sequence[dict[str, str]] = (), script: bool = True
    ) -> "Iterator[Visitor]":
        context = browser.new_context(
            java_script_enabled=script,
            viewport={"width": 1280, "height": 900},
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(20_000)
        context.add_cookies(list(cookies))  # type: ignore[arg-type]
        visitor = cls(context.new_page(), address, script)
        visitor._watch()
        try:
            yield visitor
        finally:
            context.close()

    def _watch(self) -> None:
        if self.script:
            self.page.add_init_script(_CSP)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on(
            "console",
            lambda said: (
                self.problems.append(f"{said.type}: {said.text}")
                if said.type in ("error", "warning")
                else None
            ),
        )
        self.page.on("requestfailed", self._failed)
        self.page.on(
            "response",
            lambda answer: (
                self.problems.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None
            ),
        )

    def _failed(self, request: object) -> None:
        # What was under way when the next page was opened is given up, not broken.
        if "ERR_ABORTED" not in (request.failure or ""):  # type: ignore[attr-defined]
            self.problems.append(f"{request.failure}: {request.url}")  # type: ignore[attr-defined]

    def look(self, *, language: str = "en", width: int = 1280, theme: str = "light") -> None:
        """Choose the language, the width of the screen and the theme, as the cookies of the pages say them."""
        self.page.context.add_cookies(
            [
                {"name": "django_language", "value": language, "url": self.address},
                {"name": "theme", "value": theme, "url": self.address},
            ]
        )
        self.page.set_viewport_size({"width": width, "height": 900})

    def widen(self, width: int) -> None:
        """Bring the screen to another width and wait until the charts have followed."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.evaluate(_TWO_FRAMES)
        self.settle()

    def open(self, path: str) -> Response:
        """Go to a page and wait until it is drawn."""
        self.problems.clear()
        answer = self.page.goto(self.address + path, wait_until="load")
        assert answer is not None
        self.settle()
        return answer

    def settle(self) -> None:
        if self.script:
            self.page.wait_for_function(_SETTLED)

    def too_wide(self) -> list[str]:
        """What makes the page scroll sideways."""
        return list(self.page.evaluate(_TOO_WIDE))

    def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA."""
        self.page.evaluate(_axe())
        found = self.page.evaluate(
            "(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", _TAGS
        )
        return [
            f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:240]}"
            for each in found["violations"]
            for node in each["nodes"][:3]
        ]

    def focused(self) -> str:
        """The text or label of what has the focus."""
        return str(
            self.page.evaluate(
                "() => (document.activeElement.getAttribute('aria-label') || (document.activeElement.matches('select, input') ? '' : document.activeElement.innerText) || document.activeElement.name || document.activeElement.tagName).trim()"
            )
        )

    def sees_focus(self) -> bool:
        """Whether what has the focus is in sight and has a ring around it."""
        return bool(
            self.page.evaluate(
                """() => {
  const here = document.activeElement;
  const box = here.getBoundingClientRect();
  const ringed = [here, here.parentElement].some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  return ringed && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""
            )
        )
