"""Programs that run beside the script: started on a free port of this machine, heard out, and always stopped."""

import os
import re
import subprocess
import time

ADDRESS = re.compile(r"http://127\.0\.0\.1:[0-9]+")

# Nobody's profile, credentials or proxy may get into this, and no client may look for an EC2 instance around it.
CLEAN = {
    "PATH": os.environ["PATH"],
    "HOME": os.environ.get("HOME", "/"),
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


class Failed(Exception):
    """The stack did not do what it should; the message says what."""


def check(good, problem):
    if not good:
        raise Failed(problem)


class Program:
    """One program; what it says goes to a file."""

    def __init__(self, command, environment, folder):
        self.name = os.path.basename(command[0])
        self.said_to = folder / f"{self.name}.log"
        with self.said_to.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self):
        return self.said_to.read_text(encoding="utf-8", errors="replace")

    def address(self):
        """Where it listens, as soon as it says so."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if found := ADDRESS.search(self.said()):
                return found.group()
            check(self.process.poll() is None, f"{self.name} ended with exit code {self.process.returncode}")
            time.sleep(0.1)
        raise Failed(f"{self.name} did not say within a minute where it listens")
