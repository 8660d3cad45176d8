"""Sets the stage: moto plays AWS but for GuardDuty, whose members and invitations only our simulator has.

The function is the one that Cargo built, or that of a release. Everything listens on the loopback interface, and no
call can leave the machine.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.deploy.motion.cloud import HOME
from tests.deploy.motion.recording import Request, function_calls
from tests.deploy.motion.stacks import NOT_ON_MOTO
from tests.deploy.motion.stage import Stage
from tests.support.programs import CLEAN, Program, end_after

FUNCTION = "guardduty-onboarding"
# As Cargo names it, and as a release does.
PROGRAMS = (FUNCTION, "bootstrap")

# In seconds; it takes about one minute. Nothing waits without a limit, and this is the limit of them all.
LONGEST = 300

# Long enough that members are seen waiting, and that two seconds are too little.
SIMULATOR = ["--port", "0", "--latency-ms", "20", "--verification-ms", "2000"]

UNCHECKED = (
    "what the roles, the queue, the bucket and the bus allow and deny: moto asks nobody for permission",
    "alarms, dashboard and subscription: nothing measures here",
    "Amazon Linux: the program runs on this machine",
    "S3's version in the notification and the event's own account and Region: moto leaves those out",
)


def pytest_addoption(parser: pytest.Parser):
    parser.addoption("--programs", type=Path, help="the folder of the programs that Cargo built")
    parser.addoption("--archive", type=Path, help="a release's archive, in place of the function that Cargo built")


def pytest_configure():
    os.environ.clear()
    os.environ.update(CLEAN, AWS_DEFAULT_REGION=HOME)
    end_after(LONGEST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter):
    terminalreporter.section("not deployed")
    for kind, reason in NOT_ON_MOTO.items():
        terminalreporter.line(f"{kind}: {reason}")
    terminalreporter.section("not checked here")
    for what in UNCHECKED:
        terminalreporter.line(what)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Where everything that is started writes. What it said at last is shown where a test fails."""
    with tempfile.TemporaryDirectory(prefix="motion-") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest, folder: Path) -> Iterator[Stage]:
    """The deployed stack. Each test finds what the one before has left, as the next upload does."""
    programs = request.config.getoption("--programs").resolve()
    recording = {"MOTO_ENABLE_RECORDING": "true", "MOTO_RECORDER_FILEPATH": str(folder / "requests.jsonl")}
    moto_server = [Path(sys.executable).parent / "moto_server", "-H", "127.0.0.1", "-p", "0"]
    try:
        with ExitStack() as running:
            moto = running.enter_context(Program(moto_server, CLEAN | recording, folder))
            simulator = running.enter_context(Program([programs / "aws-sim", *SIMULATOR], CLEAN, folder))
            program = request.config.getoption("--archive") or programs / FUNCTION
            stage = Stage(moto.address(), simulator.address(), program.resolve(), folder)
            running.enter_context(stage.function)
            yield stage
    finally:
        show_logs(folder)


def show_logs(folder: Path):
    """What each program said at last; the function, which matters most, where the reader looks first: at the end."""
    for log in sorted(folder.glob("*.log"), key=lambda log: log.stem in PROGRAMS):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        print(f"---- {log.stem}, its last lines", *lines[-40:], sep="\n")


@pytest.fixture
def calls(stage: Stage) -> list[Request]:
    """What the function has asked of moto so far."""
    return function_calls(stage.folder / "requests.jsonl")
