"""Shows the frame with every state and every chart, on example figures: python frontend/demo/serve.py [PORT]

For looking at while working on the styles. The page is served under a policy stricter than the product's
(no inline style, no inline script), so what would break it is seen here first. ?theme=dark, ?lang=zh-hans.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils import translation

HERE = Path(__file__).resolve().parent
SHOW = HERE.parents[1] / "src" / "mindgap" / "show"
EXAMPLES = HERE.parent / "examples"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PLACES = (
    "layout-dashboard:Overview route:Journey clock-check:Promises chart-dots-3:Explore clipboard-text:Surveys "
    "users:Customers lifebuoy:Cases trending-up:Improvements report:Reports settings:Settings"
)
TITLES = {
    "journey": "Advice delights, delivery disappoints: 1.8 points below what was expected",
    "trend": "Experience fell below expectation in April and is back since October",
    "gap-bars": "Delivery and complaints are clearly worse than expected",
    "distribution": "95 of 100 orders arrive within 6 days",
    "worst": "Delivery in the north is the worst touchpoint",
    "heat": "Delivery disappoints most in the north",
    "bars": "Late delivery is named most often",
    "small-multiples": "The north falls, the south holds, the east recovers",
}


def nowhere(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path(name + "/", nowhere, name=name) for name in ("language", "organization", "account_logout")
]


def configure() -> None:
    """The smallest Django that can render the frame's templates."""
    settings.configure(
        ROOT_URLCONF=__name__,
        STATIC_URL="/static/",
        LANGUAGES=[("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")],
        LOCALE_PATHS=[SHOW / "locale"],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [SHOW / "pages", HERE]}
        ],
    )
    django.setup()


def chart(name: str) -> dict[str, object]:
    """The example's specification with the words a page puts around it."""
    spec = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    made: dict[str, object] = {
        "id": name,
        "title": TITLES[name],
        "summary": "Example figures: the sentence here says what the picture shows, with its numbers.",
        "spec": spec,
        "key": {"journey": "all", "trend": "all", "gap-bars": "gap", "heat": "gap"}.get(name),
        "why": "?why",
    }
    if "rows" in spec:
        made["head"] = ["", "Value", "Interval", "n"]
        made["rows"] = [
            [row["label"], row.get("value", row.get("post")), f"{row['low']} to {row['high']}", row["n"]]
            for row in spec["rows"]
        ]
    if name == "journey":
        made["strip"] = {"stages": [_strip(stage) for stage in spec["stages"]]}
    return made


def _strip(stage: dict[str, object]) -> dict[str, object]:
    points = []
    for point in stage["touchpoints"]:  # type: ignore[attr-defined]
        gap, low, high = point["gap"], point["gap_low"], point["gap_high"]
        side = "few"
        if gap is not None:
            side = "unclear" if low <= 0 <= high else "better" if gap > 0 else "worse"
        shown = {"gap": f"{gap or 0:+.1f}".replace("-", "−"), "interval": f"{low} … {high}".replace("-", "−")}
        points.append({**point, **shown, "is": side})
    return {"name": stage["name"], "touchpoints": points}


@dataclass(frozen=True)
class Message:
    """Words with a level, as Django's messages have them."""

    words: str
    level_tag: str

    def __str__(self) -> str:
        return self.words


def figures() -> list[dict[str, object]]:
    act = {"url": "#", "label": "See the worst touchpoint"}
    return [
        {
            "label": "Expectation gap",
            "value": "−0.6",
            "unit": "of 10",
            "interval": "−0.9 to −0.3",
            "n": "5,164",
            "change": "0.4 worse than in September, a real change",
            "change_is": "worse",
            "why": "?why",
            "action": act,
        },
        {
            "label": "Promises kept",
            "value": "95.1 %",
            "interval": "94.2 to 95.9",
            "n": "5,164",
            "change": "0.3 more, within noise",
            "change_is": "unclear",
            "why": "?why",
        },
        {
            "label": "Net Promoter Score",
            "value": "+32",
            "interval": "+28 to +36",
            "n": "2,210",
            "change": "6 points better, a real change",
            "change_is": "better",
            "why": "?why",
        },
        {"label": "Customer effort", "few": True, "why": "?why"},
    ]


def context(theme: str) -> dict[str, object]:
    nav: list[dict[str, object]] = [
        dict(zip(("icon", "label"), place.split(":"), strict=True)) for place in PLACES.split()
    ]
    for number, place in enumerate(nav):
        place |= {"url": f"?place={number}", "active": number == 1}
    choices = {
        "Scope": ["All units", "North"],
        "Period": ["October 2026", "September 2026"],
        "Compare with": ["the month before", "the year before"],
    }
    return {
        "organization": {"name": "Harbour & Sons", "pk": 1},
        "memberships": [{"organization_id": n, "organization": {"name": f"Company {n}"}} for n in (1, 2)],
        "member": True,
        "request": {"user": {"email": "ann@example.org"}, "get_full_path": "/"},
        "languages": settings.LANGUAGES,
        "theme": theme,
        "nav": nav,
        "search_url": "?",
        "csrf_token": "example",
        "filters": [
            {"name": name, "label": name, "options": [{"value": value, "label": value} for value in values]}
            for name, values in choices.items()
        ],
        "messages": [Message("The promise has been recorded.", level_tag="success")],
        "figures": figures(),
        **{name.replace("-", "_").replace("small_", ""): chart(name) for name in TITLES},
        "advisor": advisor(),
        "empty": {
            "icon": "clipboard-text",
            "title": "No survey yet",
            "text": "Here will be each survey with its answers. Start with the one question that tells you most.",
            "action": {"url": "#", "label": "Write the first survey"},
        },
        "few": {"n": 3, "needed": 5},
        "error": {
            "title": "The file could not be read",
            "happened": "Line 214 has 9 columns, the heading has 8.",
            "safe": "Nothing was imported; the figures are as before.",
            "todo": "Mend line 214 and upload the file again.",
            "code": "E-1042",
            "action": {"url": "#", "label": "Upload again"},
        },
    }


def advisor() -> dict[str, object]:
    spec = json.loads((EXAMPLES / "distribution.json").read_text(encoding="utf-8"))
    total, kept, rows = sum(spec["counts"]), 0, []
    for day, count in zip(spec["x"], spec["counts"], strict=True):
        kept += count
        sentence = f"A promise of {day} days would have been kept {kept / total:.1%}, n {total:,}."
        rows.append({"value": day, "sentence": sentence})
    return {
        "id": "advisor",
        "chart_id": "distribution",
        "label": "What if we promised …",
        "name": "promise",
        "value": 6,
        "min": 1,
        "max": 14,
        "low_label": "1 day",
        "high_label": "14 days",
        "sentence": rows[5]["sentence"],
        "rows": {"rows": rows},
    }


class Handler(BaseHTTPRequestHandler):
    """Two things to answer: the page, and the built files."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path.startswith("/static/"):
            file = SHOW / "static" / "build" / Path(asked.path).name
            return self._answer(
                KINDS.get(file.suffix, "text/plain"), file.read_bytes() if file.is_file() else None
            )
        wanted = {key: values[0] for key, values in parse_qs(asked.query).items()}
        with translation.override(wanted.get("lang", "en")):
            page = render_to_string("page.html", context(wanted.get("theme", "")))
        return self._answer("text/html; charset=utf-8", page.encode() if asked.path == "/" else None)

    def _answer(self, kind: str, body: bytes | None) -> None:
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    configure()
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
