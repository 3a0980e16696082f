"""Starting and stopping: one supervisor, the web process and the worker; SIGTERM ends all and loses nothing."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import click
from django.conf import settings
from granian import Granian
from granian.constants import Interfaces, Loops

_RESTART_SECONDS = 1.0
_STOP_SECONDS = 30.0


def up(*, host: str, port: int, sample: bool) -> None:
    """Run the worker beside the server, and start it again should it die."""
    from mindgap.act import forgetting
    from mindgap.show.server import welcome

    _refuse_used_port(host, port)
    _be_known_as(host, port)
    forgetting.recall()
    welcome.greet(sample=sample)
    worker = _Worker()
    worker.start()
    try:
        serve(host=host, port=port, lanes="both")
    finally:
        worker.stop()


def serve(*, host: str, port: int, lanes: str, processes: int = 1) -> None:
    """Serve until SIGTERM or SIGINT, with so many processes on the one port."""
    if processes > 1 and lanes != "public":
        raise click.ClickException("--workers is for the public lane alone; add --public")
    _refuse_used_port(host, port)
    os.environ["MINDGAP_LANES"], os.environ["MINDGAP_PROCESSES"] = lanes, str(processes)
    Granian(
        "mindgap.show.server.application:factory",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        loop=Loops.auto,
        websockets=False,
        log_access=False,
        log_level="warning",
        workers_kill_timeout=int(_STOP_SECONDS),
        respawn_failed_workers=True,
        backlog=2048,
    ).serve()


def _be_known_as(host: str, port: int) -> None:
    """Let links in messages and codes lead to this port, here and in the processes to come, unless an address was set."""
    if os.environ.get("MINDGAP_URL") or os.environ.get("MINDGAP_URL_FILE") or not port:
        return
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    os.environ["MINDGAP_URL"] = settings.SITE_URL = f"http://{shown}:{port}"


def _refuse_used_port(host: str, port: int) -> None:
    """The server shares its port with whoever asks; two installations on one port would each get half the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise click.ClickException(
                f"port {port} on {host} cannot be used: {problem.strerror}; choose another with --port"
            ) from problem


class _Worker:
    """The worker as a child process, watched by a thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="worker-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._thread.join(5)

    def _watch(self) -> None:
        environment = {**os.environ, "MINDGAP_DATA": str(settings.DATA), "MINDGAP_PARENT": str(os.getpid())}
        while not self._stopping.is_set():
            self._process = subprocess.Popen([sys.executable, "-m", "mindgap", "work"], env=environment)
            code = self._process.wait()
            if self._stopping.is_set():
                return
            click.echo(f"worker ended with code {code}; starting it again", err=True)
            time.sleep(_RESTART_SECONDS)
