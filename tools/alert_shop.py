"""Alert shop: an installation with a rule, somebody who is told, and a mail server on loopback that remembers."""

import email
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from tools.installed import Installed

# A branch with its manager, a mail account at the sink, and rules that open cases.
_SHOP = """
from mindgap.show.start import start_django
start_django()
from django.contrib.auth import get_user_model
from mindgap.act.models import AlertRule
from mindgap.collect.models import SendingAccount
from mindgap.keep import store
from mindgap.keep.models import Measure, Member, Organization, Unit
store.ready()
shop = Organization.objects.get()
unit = Unit.objects.create(organization=shop, code="north", name={"en": "North"})
Measure.objects.get_or_create(
    organization=shop, code="likelihood", defaults={"kind": "likelihood", "minimum": 0, "maximum": 10}
)
bo = get_user_model().objects.create_user("bo", email="bo@shop.example")
Member.objects.create(organization=shop, user=bo, name="Bo", roles=["branch_manager"], unit=unit)
SendingAccount.objects.create(
    organization=shop, channel="smtp", name="Mail", way="email",
    settings={"host": "127.0.0.1", "port": "%d", "security": "none", "from": "care@shop.example"},
)
low = {"all": [{"column": "score.likelihood", "op": "at_most", "value": 6}]}
for code, severity in (("low", "warning"), ("grave", "critical")):
    AlertRule.objects.create(
        organization=shop, code=code, name={"en": code}, trigger="answer", condition=low, severity=severity,
        recipients=[{"to": "role", "role": "branch_manager"}], opens_case=True, cooldown_hours=0, is_active=True,
    )
"""


@dataclass
class Sink:
    """A mail server: when each mail came, by Message-ID, and what it said."""

    port: int = 0
    came: dict[str, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _controller: Controller | None = None

    def start(self) -> "Sink":
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = found.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()

    async def handle_DATA(self, _server, _session, envelope):  # type: ignore[no-untyped-def] # noqa: N802
        mail = email.message_from_bytes(envelope.original_content, policy=default)
        name, text = str(mail["Message-ID"]), mail.get_body(("plain",)).get_content()
        with self._lock:
            self.came.setdefault(name, time.perf_counter())
            self.counts[name] += 1
            self.texts[name] = text
        return "250 taken"


class AlertShop:
    """An `Installed` whose worker tells a sink; `key` is for sending answers."""

    def __init__(self, folder: Path, *, database: str = "sqlite") -> None:
        self.sink = Sink().start()
        self.installed = Installed(folder, database=database, OUTGOING_INTERNAL="127.0.0.1")
        self.key, _survey = self.installed.prepare()
        self.run(_SHOP % self.sink.port)

    def run(self, script: str) -> str:
        """What a script prints that runs in the installation; it must succeed."""
        return self.installed._output("-c", script)  # noqa: SLF001

    def close(self) -> None:
        self.installed.close()
        self.sink.stop()
