"""A web site of somebody else's, on an origin of its own, with a strict policy, that shows the widget."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<script src="{script}" async></script></head>
<body><main><h1>Shop</h1><p><a href="#x">Read</a> <button id="ask" type="button">Feedback</button></p>
<div id="place"></div><p class="long">{words}</p></main></body></html>"""
# What docs/widget.md tells a host to allow, and nothing more.
_POLICY = "default-src 'none'; img-src data:; script-src {0}; connect-src {0}; frame-src {0}; form-action 'none'; base-uri 'none'"


class HostPage:
    """Serves the same page at every path."""

    def __init__(self) -> None:
        self._script = self._origin = ""

        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                words = "<br>".join(["All that we sell."] * 200)
                body = _PAGE.format(script=outer._script, words=words).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", _POLICY.format(outer._origin))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_said: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def load(self, origin: str, site: str) -> None:
        """Have the widget of a site on the page."""
        self._origin, self._script = origin, f"{origin}/w/{site}/widget.js"

    @contextmanager
    def up(self) -> Iterator["HostPage"]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()
