"""Lambda for one function: the settings and the role that are deployed, the program that Cargo built, a Runtime API."""

import json
import queue
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.programs import CLEAN, Failed, Program, check


class RuntimeApi(ThreadingHTTPServer):
    """Gives the function its events and takes its answers."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Calls)
        self.events = queue.Queue()
        self.answers = queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Calls(BaseHTTPRequestHandler):
    """The Runtime API of 2018-06-01: next invocation, response, error."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        headers, event = self.server.events.get()
        self._send(200, headers, event)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "null")
        self.server.answers.put((self.path.endswith("/response"), body))
        self._send(202, {}, {"status": "OK"})

    def _send(self, status, headers, answer):
        text = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": len(text)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Its calls are of no interest to anybody."""


class Function:
    """The function, ready for events."""

    def __init__(self, cloud, binary, configuration, folder):
        self.configuration = configuration
        self._api = RuntimeApi()
        region = configuration["FunctionArn"].split(":")[3]
        # moto keeps numbers as numbers, Lambda has text only.
        settings = {name: str(value) for name, value in configuration["Environment"]["Variables"].items()}
        environment = {
            **CLEAN,
            **settings,
            **cloud.environment(configuration["Role"], region),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._api.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": configuration["FunctionName"],
            "AWS_LAMBDA_FUNCTION_VERSION": configuration["Version"],
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration["MemorySize"]),
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{configuration['FunctionName']}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]",
        }
        self.program = Program([str(binary)], environment, folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.__exit__()
        self._api.shutdown()

    def invoke(self, event, seconds):
        """Hands over an event with so much time left; the answer."""
        end = time.time() + seconds
        headers = {
            "Lambda-Runtime-Aws-Request-Id": uuid.uuid4(),
            "Lambda-Runtime-Deadline-Ms": int(end * 1000),
            "Lambda-Runtime-Invoked-Function-Arn": self.configuration["FunctionArn"],
        }
        self._api.events.put((headers, event))
        # Nothing here takes longer than a minute, however much time Lambda would give.
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                good, answer = self._api.answers.get(timeout=0.2)
            except queue.Empty:
                ended = self.program.process.poll()
                check(ended is None, f"the function ended with exit code {ended} and without an answer")
                continue
            check(good, f"the function answered with an error: {json.dumps(answer)}")
            check(time.time() < end, "the function answered too late: Lambda would have stopped it")
            return answer
        raise Failed("the function did not answer within a minute")
