"""Profiles: our binary built with several release profiles; what each costs in size, start and work."""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from figures import as_json, progress, shown, sizes, spread, table
from fleet import REGIONS, Fleet, Simulator, accounts, check_enabled
from measured import Measured, as_in_lambda, ours, processors

MS, MB, US = 1e-3, 1e6, 1e-6

# What was measured, by what it is.
Figures = dict[str, Any]

LEVELS = ("s", "z", "1", "2", "3")
LTOS = ("fat", "thin", "off")

COLLECTED = re.compile(r"Collected : (\d+)")


def arguments() -> Namespace:
    parser = argparse.ArgumentParser(prog="bench/profiles.sh", description=__doc__)
    # Cargo's target folder, which the shell script knows.
    parser.add_argument("target", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--profiles", default="s-fat,3-fat", help="optimization level and LTO of each (s-fat,3-fat)")
    parser.add_argument("--accounts", type=int, default=200, help="accounts of the invocation (200)")
    parser.add_argument("--regions", type=int, default=2, help="Regions of the invocation (2)")
    parser.add_argument("--rounds", type=int, default=5, help="invocations of each (5)")
    parser.add_argument("--starts", type=int, default=20, help="starts of each (20)")
    parser.add_argument("--instructions", action="store_true", help="count instructions, too; needs valgrind, is slow")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    flags = parser.parse_args()
    flags.profiles = [tuple(profile.split("-", 1)) for profile in flags.profiles.split(",")]
    for profile in flags.profiles:
        if len(profile) != 2 or profile[0] not in LEVELS or profile[1] not in LTOS:
            parser.error(f"a profile is one of {', '.join(LEVELS)}, a hyphen and one of {', '.join(LTOS)}")
    if flags.instructions and not shutil.which("valgrind"):
        parser.error("--instructions needs valgrind")
    return flags


def build(profile: tuple[str, str], target: Path) -> Path:
    """Our binary with that profile, in a place of its own. Cargo keeps what it makes of each, as always."""
    level, lto = profile
    own = target / "bench" / "profiles"
    own.mkdir(parents=True, exist_ok=True)
    progress(f"building {level}-{lto}")
    cargo_build(target, {"CARGO_PROFILE_RELEASE_OPT_LEVEL": level, "CARGO_PROFILE_RELEASE_LTO": lto})
    return shutil.copy2(target / "release" / "guardduty-onboarding", own / f"{level}-{lto}")


def cargo_build(target: Path, settings: Mapping[str, str]):
    manifest = Path(__file__).parent.parent / "Cargo.toml"
    package = ["--package", "guardduty-onboarding", "--manifest-path", str(manifest), "--target-dir", str(target)]
    command = ["cargo", "build", "--quiet", "--release", "--locked", "--bins", *package]
    subprocess.run(command, env={**os.environ, **settings}, check=True)


def start(binary: Path, simulator: Simulator, folder: Path) -> Figures:
    command, environment = ours(binary, simulator, REGIONS[:1])
    with Measured(command, environment, folder) as function:
        return {"first_poll": function.polled(), "resident": function.resident()}


def invoke(binary: Path, simulator: Simulator, fleet: Fleet, regions: Sequence[str], folder: Path) -> Figures:
    """The processor time of one invocation, without the start, by its calls to AWS."""
    event = simulator.upload(fleet)
    command, environment = ours(binary, simulator, regions)
    with Measured(command, environment, folder) as function:
        function.polled()
        since, before = simulator.moment(), function.processor()
        answer = function.invoke(event)
        processor = function.processor() - before
        calls = len(simulator.calls(since))
    assert answer.good, f"the function answered with an error: {answer.body.decode()}"
    check_enabled(simulator, fleet, regions)
    return {"processor_per_call": processor / calls, "calls": calls, "invocation": answer.seconds}


def count(binary: Path, simulator: Simulator, fleet: Fleet, regions: Sequence[str], folder: Path) -> Figures:
    """Instructions until the first poll, and of start and invocation together."""
    wrapped = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command, environment = ours(binary, simulator, regions)
    counted = []
    for event in (None, simulator.upload(fleet)):
        with Measured(wrapped + command, environment, folder) as function:
            function.polled()
            since = simulator.moment()
            if event:
                function.invoke(event)
            calls = len(simulator.calls(since))
        found = COLLECTED.search(function.program.said())
        assert found, f"valgrind has counted nothing: {function.program.said()[-2000:]}"
        counted.append(int(found.group(1)))
    check_enabled(simulator, fleet, regions)
    return {"start_instructions": counted[0], "instructions_per_call": (counted[1] - counted[0]) / calls}


def measure(binaries: Mapping[str, Path], flags: Namespace, folder: Path) -> Figures:
    """Round by round, each binary in turn, so that noise hits all alike; a fresh world for each invocation."""
    simulated, regions = flags.target / "release" / "aws-sim", REGIONS[: flags.regions]
    fleet = accounts(1, flags.accounts)
    figures = {name: {"starts": [], "rounds": []} for name in binaries}
    with Simulator(simulated, folder) as simulator:
        for number in range(flags.starts + 1):
            for name, binary in binaries.items():
                measured = start(binary, simulator, folder)
                # The first only brings the file into memory.
                if number > 0:
                    figures[name]["starts"].append(measured)
    for number in range(flags.rounds):
        for name, binary in binaries.items():
            with Simulator(simulated, folder) as simulator:
                figures[name]["rounds"].append(invoke(binary, simulator, fleet, regions, folder))
        progress(f"round {number + 1} of {flags.rounds}")
    for name, binary in binaries.items():
        own = figures[name]
        for runs in (own.pop("starts"), own.pop("rounds")):
            own |= {what: spread([run[what] for run in runs]) for what in runs[0]}
        own |= sizes(binary, folder)
        if flags.instructions:
            progress(f"counting instructions of {name}")
            with Simulator(simulated, folder) as simulator:
                own |= count(binary, simulator, fleet, regions, folder)
    return figures


def show(figures: Figures, flags: Namespace):
    print(
        f"{flags.accounts} accounts x {flags.regions} Regions, {flags.rounds} invocations and {flags.starts} starts "
        f"of each, median (least-most); {processors()}\n"
    )
    rows = [["", "binary, MB", "zip, MB", "start, ms", "memory, MB", "processor / call, µs", "invocation, ms"]]
    for name, own in figures.items():
        size = f"{own['binary_bytes'] / MB:.1f}", f"{own['zip_bytes'] / MB:.1f}"
        begun = shown(own["first_poll"], MS), f"{own['resident']['median'] / MB:.1f}"
        worked = shown(own["processor_per_call"], US, 0), shown(own["invocation"], MS, 0)
        rows.append([name, *size, *begun, *worked])
    table(rows)
    if flags.instructions:
        print()
        rows = [["", "instructions to first poll, millions", "instructions / call, thousands"]]
        for name, own in figures.items():
            counted = own["start_instructions"] / 1e6, own["instructions_per_call"] / 1e3
            rows.append([name, *(f"{number:.1f}" for number in counted)])
        table(rows)


def main():
    flags = arguments()
    as_in_lambda()
    binaries = {"-".join(profile): build(profile, flags.target) for profile in flags.profiles}
    # What lies there is to be the release build again.
    cargo_build(flags.target, {})
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        figures = measure(binaries, flags, Path(name))
    if flags.json:
        as_json({"machine": processors(), "profiles": figures})
    else:
        show(figures, flags)


if __name__ == "__main__":
    main()
