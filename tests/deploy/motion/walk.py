"""Puts the stack in motion on this machine: `walk.py <folder of the built programs>`.

moto plays AWS but for GuardDuty, whose members and invitations only our simulator has; the function is the one that
Cargo built. Everything listens on the loopback interface, and no call can leave the machine.
"""

import os
import signal
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from pathlib import Path

from cloud import HOME
from tests.support.programs import CLEAN, Failed, Program
from stacks import NOT_ON_MOTO
from stage import Stage, say
from steps import STEPS, what_was_asked

FUNCTION = "guardduty-onboarding"

# In seconds; it takes less than one minute. Nothing below waits without a limit, and this is the limit of them all.
LONGEST = 300

# Long enough that members are seen waiting, and that two seconds are too little.
SIMULATOR = ["--port", "0", "--latency-ms", "20", "--verification-ms", "2000"]

UNCHECKED = (
    "what the roles, the queue, the bucket and the bus allow and deny: moto asks nobody for permission",
    "alarms, dashboard and subscription: nothing measures here",
    "the zip and Amazon Linux: the program is the one that was built for this machine",
    "S3's version in the notification and the event's own account and Region: moto leaves those out",
)


def give_up(*_):
    raise TimeoutError(f"not done after {LONGEST} seconds")


def stop(*_):
    raise KeyboardInterrupt("stopped from outside")


def walk(programs, folder, running):
    record = folder / "requests.jsonl"
    recording = {"MOTO_ENABLE_RECORDING": "true", "MOTO_RECORDER_FILEPATH": str(record)}
    moto_server = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", "0"]
    moto = running.enter_context(Program(moto_server, CLEAN | recording, folder))
    simulator = running.enter_context(Program([str(programs / "aws-sim"), *SIMULATOR], CLEAN, folder))
    say(f"moto listens on {moto.address()}, the simulator on {simulator.address()}")
    stage = Stage(moto.address(), simulator.address(), programs / FUNCTION, folder)
    running.enter_context(stage.function)
    for kind in sorted(stage.gaps):
        say(f"not deployed: {kind}, as {NOT_ON_MOTO[kind]}")
    for step in STEPS:
        step(stage)
    what_was_asked(stage, record)


def show_logs(folder):
    """What each program said at last; the function, which matters most, where the reader looks first: at the end."""
    for log in sorted(folder.glob("*.log"), key=lambda log: log.stem == FUNCTION):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        print(f"---- {log.stem}, its last lines", *lines[-40:], sep="\n", file=sys.stderr)


def main():
    began = time.monotonic()
    signal.signal(signal.SIGALRM, give_up)
    signal.signal(signal.SIGTERM, stop)
    signal.alarm(LONGEST)
    programs = Path(sys.argv[1]).resolve()
    os.environ.clear()
    os.environ.update(CLEAN, AWS_DEFAULT_REGION=HOME)
    with tempfile.TemporaryDirectory(prefix="motion-") as name:
        folder = Path(name)
        try:
            with ExitStack() as running:
                walk(programs, folder, running)
        except BaseException as error:
            show_logs(folder)
            if not isinstance(error, Failed):
                traceback.print_exc()
            sys.exit(f"FAILED: {str(error) or type(error).__name__}")
    print("not checked here:", *UNCHECKED, sep="\n  ")
    print(f"all right: the stack works in motion; {time.monotonic() - began:.0f} seconds")


if __name__ == "__main__":
    main()
