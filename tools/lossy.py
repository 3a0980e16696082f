"""Lossy: a bad line in front of a server. Requests arrive whole; of the replies some are lost on the way back."""

import socket
import threading
from typing import Self

import numpy as np


class Lossy:
    """Listens on a port of its own and passes everything on, but cuts the connection instead of some replies."""

    def __init__(self, port: int, *, share: float, chance: np.random.Generator) -> None:
        self._port, self._share, self._chance = port, share, chance
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.cut = 0
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone does not wake whoever waits for a visitor.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", self._port))
        back = threading.Thread(target=self._back, args=(far, near), daemon=True)
        back.start()
        _pass_on(near, far)
        back.join()
        near.close()
        far.close()

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        try:
            while piece := far.recv(65_536):
                with self._lock:
                    is_lost = piece.startswith(b"HTTP/1.1 200") and self._chance.random() < self._share
                    self.cut += is_lost
                if is_lost:
                    break
                near.sendall(piece)
        except OSError:
            pass
        _end(near)
        _end(far)


def _pass_on(near: socket.socket, far: socket.socket) -> None:
    try:
        while piece := near.recv(65_536):
            far.sendall(piece)
    except OSError:
        pass
    _end(far)


def _end(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
