"""Lambda for one function at a time: starts its program, sees it poll, hands it events and takes its answers."""

import queue
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

from tests.support.programs import CLEAN, Program, ProgramError

# Lambda's longest, which is also what the template sets. In seconds.
TIMEOUT = 900

T = TypeVar("T")


class Answer(NamedTuple):
    """The result of an invocation, and after how many seconds its first byte arrived."""

    seconds: float
    good: bool
    body: bytes


class RuntimeApi(ThreadingHTTPServer):
    """The Runtime API of 2018-06-01, with the time of each request's first byte."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Calls)
        self.polls: queue.Queue[float] = queue.Queue()
        # Headers and body; `None` ends a poll without an event.
        self.events: queue.Queue[tuple[dict[str, str], bytes] | None] = queue.Queue()
        self.answers: queue.Queue[tuple[float, bool, bytes]] = queue.Queue()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Calls(BaseHTTPRequestHandler):
    """The calls of a function: next invocation, response, error."""

    server: RuntimeApi
    protocol_version = "HTTP/1.1"
    # One packet per answer, at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle_one_request(self):
        try:
            self.rfile.peek(1)
        except ConnectionError:
            # Its end was stopped.
            self.close_connection = True
            return
        self.arrived = time.perf_counter()
        super().handle_one_request()

    def do_GET(self):
        self.server.polls.put(self.arrived)
        if (event := self.server.events.get()) is None:
            self.close_connection = True
            return
        headers, body = event
        self._send(200, headers, body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answers.put((self.arrived, self.path.endswith("/response"), body))
        self._send(202, {}, b'{"status":"OK"}')

    def _send(self, status: int, headers: Mapping[str, str], body: bytes):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object):
        """Its calls are of no interest to anybody."""


class Function:
    """A program that serves as the function, from its start to its end."""

    def __init__(
        self,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        folder: Path,
        arn: str,
        memory_mb: int = 256,
    ):
        self._arn = arn
        self._api = RuntimeApi()
        name = arn.split(":")[6]
        environment = {
            **CLEAN,
            **environment,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._api.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_mb),
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]",
        }
        self._began = time.perf_counter()
        self.program = Program(command, environment, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object):
        self.program.__exit__()
        self._api.events.put(None)
        self._api.shutdown()
        self._api.server_close()

    def polled(self, patience: float = 60) -> float:
        """Seconds from the start to the poll that comes next, which is the first one unless asked again."""
        return self._wait(self._api.polls, patience) - self._began

    def invoke(self, event: bytes, seconds: float = TIMEOUT, patience: float = TIMEOUT) -> Answer:
        """Hands over an event with so much time left, and waits for the answer for as long as there is patience."""
        headers = {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._arn,
            "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
            # Without it Python's runtime client crashes.
            "Content-Type": "application/json",
        }
        began = time.perf_counter()
        self._api.events.put((headers, event))
        arrived, good, body = self._wait(self._api.answers, patience)
        return Answer(arrived - began, good, body)

    def _wait(self, things: "queue.Queue[T]", patience: float) -> T:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                return things.get(timeout=0.2)
            except queue.Empty:
                self.program.check_running()
        raise ProgramError(f"{self.program.name} did nothing for {patience} seconds: {self.program.said()[-2000:]}")
