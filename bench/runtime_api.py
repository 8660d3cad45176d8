"""Lambda for one function at a time: starts the program, sees it poll, hands it events, and measures."""

import os
import queue
import resource
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from fleet import ADMINISTRATOR, HOME
from tests.support.programs import CLEAN, Failed, Program, check

ARN = f"arn:aws:lambda:{HOME}:{ADMINISTRATOR}:function:bench"

# Lambda's longest, which is also what the template sets.
TIMEOUT = 900


class RuntimeApi(ThreadingHTTPServer):
    """Gives the function its events and takes its answers, with the time of each request's first byte."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Calls)
        self.polls = queue.Queue()
        self.events = queue.Queue()
        self.answers = queue.Queue()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Calls(BaseHTTPRequestHandler):
    """The Runtime API of 2018-06-01: next invocation, response, error."""

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
        headers = {
            "Lambda-Runtime-Aws-Request-Id": uuid.uuid4(),
            "Lambda-Runtime-Deadline-Ms": int((time.time() + TIMEOUT) * 1000),
            "Lambda-Runtime-Invoked-Function-Arn": ARN,
            "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
            # Without it Python's runtime client crashes.
            "Content-Type": "application/json",
        }
        self._send(200, headers, event)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answers.put((self.arrived, self.path.endswith("/response"), body))
        self._send(202, {}, b'{"status":"OK"}')

    def _send(self, status, headers, body):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Its calls are of no interest to anybody."""


class Function:
    """A program that serves as the function, from its start to its end."""

    def __init__(self, command, environment, folder):
        self._api = RuntimeApi()
        environment = {
            **CLEAN,
            **environment,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._api.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": "bench",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/bench",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]",
        }
        self._began = time.perf_counter()
        self.program = Program([str(part) for part in command], environment, folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.__exit__()
        self._api.events.put(None)
        self._api.shutdown()
        self._api.server_close()

    def polled(self, patience=60):
        """Seconds from the start to the poll that comes next, which is the first one unless asked again."""
        return self._wait(self._api.polls, patience) - self._began

    def invoke(self, event, patience=TIMEOUT):
        """Hands over an event, as bytes: seconds until the answer, whether it is a good one, and the answer."""
        began = time.perf_counter()
        self._api.events.put(event)
        arrived, good, answer = self._wait(self._api.answers, patience)
        return arrived - began, good, answer

    def resident(self):
        """Bytes of memory that are its own or shared, as the kernel counts them page by page. VmRSS in `status` is the
        same number, but some pages late."""
        with open(f"/proc/{self.program.process.pid}/smaps_rollup", encoding="ascii") as rollup:
            return next(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Rss:"))

    def processor(self):
        """Seconds of processor time so far, all threads, user and system. The clock's number is the kernel's: that of
        clock_getcpuclockid(3)."""
        return time.clock_gettime((~self.program.process.pid << 3) | 2)

    def _wait(self, things, patience):
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                return things.get(timeout=0.2)
            except queue.Empty:
                ended = self.program.process.poll()
                check(ended is None, f"{self.program.name} ended with exit code {ended}: {self.program.said()[-2000:]}")
        raise Failed(f"{self.program.name} was not heard of for {patience} seconds: {self.program.said()[-2000:]}")


def as_in_lambda():
    """Gives this process, and what it starts from now on, Lambda's number of file descriptors."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, most))


def ours(binary, simulator, regions, settings=None):
    """What Function takes for our binary."""
    settings = {"MEMBER_ROLE_NAME": simulator.role, "REGIONS": ",".join(regions), **(settings or {})}
    return [binary], {**simulator.environment(), **settings}


def processors():
    """What the machine is, as far as figures depend on it."""
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        names = [line.split(":", 1)[1].strip() for line in cpuinfo if line.startswith("model name")]
    return f"{os.cpu_count()} x {names[0] if names else 'unknown processor'}"
