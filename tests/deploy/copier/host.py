"""A web server of this machine: it has the zips, takes the copier's answers, and plays S3 where moto denies nothing."""

import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import NamedTuple, Self

NO_HEADERS = MappingProxyType({})

# In seconds: no page is sent for longer, even to a slow reader.
LONGEST = 10


class Page(NamedTuple):
    """The answer to a GET; its body may come byte by byte, with a pause before each."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = NO_HEADERS
    pause: float = 0


class Put(NamedTuple):
    """One PUT, as it came."""

    path: str
    content_type: str | None
    body: bytes


class Host(ThreadingHTTPServer):
    """The server, and what it has seen."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Requests)
        # Of several pages at a path each is sent once, and the last one from then on.
        self.pages: dict[str, list[Page]] = {}
        self.gets: list[str] = []
        self.puts: list[Put] = []
        # The statuses of the next PUTs; then each is taken.
        self.refusals: list[int] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object):
        self.shutdown()
        self.server_close()

    def address(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def page(self, path: str) -> Page:
        self.gets.append(path)
        pages = self.pages.get(path, [Page(b"there is nothing here", 404)])
        return pages.pop(0) if len(pages) > 1 else pages[0]


class Requests(BaseHTTPRequestHandler):
    """GETs of pages, and PUTs."""

    server: Host

    def do_GET(self):
        page = self.server.page(self.path)
        self.send_response(page.status)
        for name, value in {"Content-Length": str(len(page.body)), **page.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if not page.pause:
            self.wfile.write(page.body)
            return
        deadline = time.monotonic() + LONGEST
        for byte in page.body:
            time.sleep(page.pause)
            if time.monotonic() > deadline:
                return
            self.wfile.write(bytes([byte]))

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.puts.append(Put(self.path, self.headers["Content-Type"], body))
        self.send_response(self.server.refusals.pop(0) if self.server.refusals else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object):
        pass

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            # Whoever read has had enough.
            self.close_connection = True
