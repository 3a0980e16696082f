"""A respondent without a browser: opens pages of the lane and sends the forms that stand in them."""

import asyncio
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from mindgap.collect.lane.application import Lane
from mindgap.collect.lane.limits import Limits

_FORM = re.compile(r'<form method="post" action="([^"]*)"')
_SEALED = re.compile(r'name="_s" value="([^"]*)"')
_FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
_NAME = re.compile(r' name="([^"]*)"')


@dataclass
class Shown:
    """A page: what it says, and what its form would send without being touched."""

    status: int
    text: str
    headers: httpx.Headers
    action: str = ""
    sealed: str = ""
    names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, reply: httpx.Response) -> "Shown":
        action, sealed = _FORM.search(reply.text), _SEALED.search(reply.text)
        names = {
            html.unescape(found[1]) for each in _FIELD.findall(reply.text) if (found := _NAME.search(each))
        }
        return cls(
            reply.status_code,
            reply.text,
            reply.headers,
            html.unescape(action[1]) if action else "",
            sealed[1] if sealed else "",
            {name for name in names if not name.startswith("_")},
        )

    @property
    def is_form(self) -> bool:
        return bool(self.sealed)

    def is_chosen(self, name: str, value: str) -> bool:
        """Whether a radio button or box is chosen."""
        return bool(re.search(rf'name="{re.escape(name)}" value="{re.escape(value)}" checked', self.text))


class Respondent:
    """Each call is a lane of its own, started before and stopped after, as after a restart."""

    def __init__(self, limits: Limits, *, is_started: bool = True) -> None:
        self.limits, self.is_started = limits, is_started

    def talk(self, *requests: tuple[str, str, dict[str, Any]], at_once: bool = False) -> list[Shown]:
        """Several requests to one lane, one after the other or all at once."""

        async def run() -> list[httpx.Response]:
            lane = Lane(body_max=100_000, queue_max=1_000, limits=self.limits)
            if self.is_started:
                lane.start()
            transport = httpx.ASGITransport(app=lane, client=("192.0.2.7", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://lane") as client:
                asked = [client.request(method, path, **more) for method, path, more in requests]
                replies = list(await asyncio.gather(*asked)) if at_once else [await each for each in asked]
            await lane.stop()
            return replies

        return [Shown.of(reply) for reply in asyncio.run(run())]

    def open(self, path: str, **headers: str) -> Shown:
        return self.talk(("GET", path, {"headers": headers}))[0]

    def send(self, shown: Shown, fields: Mapping[str, Sequence[str]], **more: str) -> Shown:
        """Send the form of a page: `_go="back"` presses another button."""
        return self.talk(self.post(shown, fields, **more))[0]

    def post(
        self, shown: Shown, fields: Mapping[str, Sequence[str]], **more: str
    ) -> tuple[str, str, dict[str, Any]]:
        pressed = {"_s": shown.sealed, "_t": "", **more}
        return (
            "POST",
            shown.action,
            {"data": {**{name: list(texts) for name, texts in fields.items()}, **pressed}},
        )

    def answer_all(self, path: str, pages: Mapping[str, Mapping[str, Sequence[str]]]) -> Shown:
        """Open a survey and answer page after page."""
        shown = self.open(path)
        for fields in pages.values():
            assert shown.is_form, shown.text[-2000:]
            shown = self.send(shown, fields)
            assert shown.status == 200, shown.text
        return shown
