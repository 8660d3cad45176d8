"""Programs that run beside a script: each on a free port of this machine, its output kept, and always stopped."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

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


class ProgramError(Exception):
    """A program ended, or did nothing for too long; the message has its last output."""


class Program:
    """One program; what it says goes to a file."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str], folder: Path):
        self.name = Path(command[0]).name
        self.said_to = folder / f"{self.name}.log"
        with self.said_to.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object):
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        return self.said_to.read_text(encoding="utf-8", errors="replace")

    def check_running(self):
        if (ended := self.process.poll()) is not None:
            raise ProgramError(f"{self.name} ended with exit code {ended}: {self.said()[-2000:]}")

    def address(self) -> str:
        """Where it listens, as soon as it says so."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if found := ADDRESS.search(self.said()):
                return found.group()
            self.check_running()
            time.sleep(0.1)
        raise ProgramError(f"{self.name} did not say within a minute where it listens")


def end_after(seconds: int):
    """Ends this process then, or as soon as somebody stops it, and lets it stop what it started."""

    def give_up(*_: object):
        raise TimeoutError(f"not done after {seconds} seconds")

    def stop(*_: object):
        raise KeyboardInterrupt("stopped from outside")

    signal.signal(signal.SIGALRM, give_up)
    signal.signal(signal.SIGTERM, stop)
    signal.alarm(seconds)
