"""The function under measurement: what it costs, and the machine that it runs on."""

import os
import resource
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from fleet import ADMINISTRATOR, HOME, Simulator

from tests.support.runtime_api import Function

ARN = f"arn:aws:lambda:{HOME}:{ADMINISTRATOR}:function:bench"


class Measured(Function):
    """A program that serves as the function, and what the kernel knows of it."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str], folder: Path):
        super().__init__(command, environment, folder, ARN)

    def resident(self) -> int:
        """Bytes of memory that are its own or shared, as the kernel counts them page by page. VmRSS in `status` is the
        same number, but some pages late."""
        rollup = Path(f"/proc/{self.program.process.pid}/smaps_rollup").read_text(encoding="ascii")
        return next(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Rss:"))

    def processor(self) -> float:
        """Seconds of processor time so far, all threads, user and system. The clock's number is the kernel's: that of
        clock_getcpuclockid(3)."""
        return time.clock_gettime((~self.program.process.pid << 3) | 2)


def as_in_lambda():
    """Gives this process, and what it starts from now on, Lambda's number of file descriptors."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, most))


def ours(binary: Path, simulator: Simulator, regions: Sequence[str]) -> tuple[list[Path], dict[str, str]]:
    """Command and environment of our binary."""
    settings = {"MEMBER_ROLE_NAME": simulator.role, "REGIONS": ",".join(regions)}
    return [binary], simulator.environment() | settings


def processors() -> str:
    """What the machine is, as far as figures depend on it."""
    cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.split(":", 1)[1].strip() for line in cpuinfo if line.startswith("model name")]
    return f"{os.cpu_count()} x {names[0] if names else 'unknown processor'}"
