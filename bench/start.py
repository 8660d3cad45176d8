"""Start: our release binary next to a small Python function, pair by pair, under one Runtime API."""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from figures import as_json, progress, shown, sizes, spread, table
from fleet import HOME, Fleet, Simulator, accounts, check_enabled, operations
from measured import Measured, ours, processors

MS, MB = 1e-3, 1e6

# What was measured, by what it is.
Figures = dict[str, Any]
Command = tuple[list[str | Path], dict[str, str]]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/start.sh", description=__doc__)
    # The folder of the release binaries, which the shell script knows.
    parser.add_argument("programs", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--pairs", type=int, default=20, help="how often each is started, after once unmeasured (20)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


class Ours:
    """One account is onboarded in one Region, from the uploaded list to the report."""

    def __init__(self, binary: Path):
        self._binary = binary

    def command(self, simulator: Simulator) -> Command:
        return ours(self._binary, simulator, [HOME])

    def event(self, simulator: Simulator, fleet: Fleet) -> bytes:
        return simulator.upload(fleet)

    def check(self, simulator: Simulator, fleet: Fleet, _: bytes):
        check_enabled(simulator, fleet, [HOME])


class Python:
    """The role of one account is assumed and its detectors are listed: far less than ours does."""

    def command(self, simulator: Simulator) -> Command:
        environment = simulator.environment() | {"PYTHONPATH": str(Path(__file__).parent)}
        return [sys.executable, "-m", "awslambdaric", "python_function.handle"], environment

    def event(self, simulator: Simulator, fleet: Fleet) -> bytes:
        (account,) = fleet
        return json.dumps({"role": f"arn:aws:iam::{account}:role/{simulator.role}"}).encode()

    def check(self, _: Simulator, __: Fleet, answer: bytes):
        assert "detectors" in json.loads(answer), f"the answer {answer.decode()} lists no detectors"


def run(contender: Ours | Python, simulator: Simulator, number: int, folder: Path) -> Figures:
    """One start, and one invocation for an account that nobody knew before."""
    fleet = accounts(number, 1)
    event = contender.event(simulator, fleet)
    command, environment = contender.command(simulator)
    with Measured(command, environment, folder) as function:
        first_poll = function.polled()
        resident = function.resident()
        since = simulator.moment()
        answer = function.invoke(event)
        assert answer.good, f"the function answered with an error: {answer.body.decode()}"
        calls = simulator.calls(since)
    contender.check(simulator, fleet, answer.body)
    return {"first_poll": first_poll, "resident": resident, "invocation": answer.seconds, "calls": operations(calls)}


def measure(contenders: Mapping[str, Ours | Python], simulator: Simulator, pairs: int, folder: Path) -> Figures:
    runs = {name: [] for name in contenders}
    number = 1
    for pair in range(pairs + 1):
        # Who goes first changes from pair to pair.
        for name in sorted(contenders, reverse=pair % 2 == 1):
            measured = run(contenders[name], simulator, number, folder)
            number += 1
            # The first pair only brings the files into memory and switches the administrator's detector on.
            if pair > 0:
                runs[name].append(measured)
        progress(f"pair {pair} of {pairs}")
    return {
        name: {what: spread([one[what] for one in all_of_it]) for what in ("first_poll", "resident", "invocation")}
        | {"calls": all_of_it[-1]["calls"]}
        for name, all_of_it in runs.items()
    }


def budgets(figures: Figures) -> list[Figures]:
    """What the function is held to: measured, allowed, and on which side."""
    own, python = figures["ours"], figures["python"]
    ratio = python["first_poll"]["median"] / own["first_poll"]["median"]
    return [
        budget("start to first poll, ms", own["first_poll"]["median"] / MS, 10, "at most"),
        budget("times faster than Python", ratio, 30, "at least"),
        budget("zip, MB", own["zip_bytes"] / MB, 5, "at most"),
        budget("memory at first poll, MB", own["resident"]["median"] / MB, 12, "at most"),
    ]


def budget(what: str, measured: float, allowed: float, side: str) -> Figures:
    met = measured <= allowed if side == "at most" else measured >= allowed
    return {"what": what, "measured": measured, "allowed": allowed, "side": side, "met": met}


def show(figures: Figures):
    own, python = figures["ours"], figures["python"]
    print(
        f"start, {own['first_poll']['runs']} pairs, median (least-most); {figures['machine']}; {figures['python_is']}\n"
    )
    rows = [["", "ours", "python", "python / ours"]]
    for what, name, unit in (
        ("spawn to first poll, ms", "first_poll", MS),
        ("resident at first poll, MB", "resident", MB),
        ("first invocation, ms", "invocation", MS),
    ):
        ratio = f"{python[name]['median'] / own[name]['median']:.1f}"
        rows.append([what, shown(own[name], unit), shown(python[name], unit), ratio])
    rows.append(["calls to AWS in that invocation", sum(own["calls"].values()), sum(python["calls"].values()), ""])
    rows.append(["binary, MB", f"{own['binary_bytes'] / MB:.1f}", "", ""])
    rows.append(["zip, MB", f"{own['zip_bytes'] / MB:.1f}", "", ""])
    table(rows)
    print(
        "\nours onboards one account from an uploaded list to its report; python assumes a role and lists detectors\n"
    )
    rows = [["budget", "measured", "", "allowed", "", "of the budget"]]
    for one in figures["budgets"]:
        share = f"{100 * one['measured'] / one['allowed']:.0f} %"
        verdict = "met" if one["met"] else "NOT MET"
        rows.append([one["what"], f"{one['measured']:.1f}", one["side"], one["allowed"], verdict, share])
    table(rows)


def main():
    flags = arguments()
    binary = flags.programs / "guardduty-onboarding"
    contenders = {"ours": Ours(binary), "python": Python()}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        with Simulator(flags.programs / "aws-sim", folder) as simulator:
            figures = measure(contenders, simulator, flags.pairs, folder)
        figures["ours"] |= sizes(binary, folder)
    figures["budgets"] = budgets(figures)
    figures["machine"] = processors()
    figures["python_is"] = f"Python {sys.version.split()[0]}, " + ", ".join(
        f"{package} {version(package)}" for package in ("boto3", "awslambdaric")
    )
    if flags.json:
        as_json(figures)
    else:
        show(figures)


if __name__ == "__main__":
    main()
