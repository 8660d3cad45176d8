"""Peers: the same fleet onboarded by our release binary and by cloud-custodian's c7n-guardian, each in a fresh world.

Figures are of the tool alone: the simulator's are not in it, though it runs on the same processors.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from figures import as_json, progress, table
from fleet import ADMINISTRATOR, REGIONS, Fleet, Simulator, accounts, operations
from measured import Measured, as_in_lambda, ours, processors

from tests.support.programs import CLEAN, Program

LONGEST = 3600

# What was measured, by what it is.
Figures = dict[str, Any]


def arguments() -> Namespace:
    parser = argparse.ArgumentParser(prog="bench/peers.sh", description=__doc__.split("\n", maxsplit=1)[0])
    # The folder of the release binaries, which the shell script knows.
    parser.add_argument("programs", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--accounts", type=int, default=100, help="how many accounts (100)")
    parser.add_argument("--regions", type=int, default=2, help="in how many Regions, at most 17 (2)")
    parser.add_argument("--latency-ms", type=int, default=50, help="how long each call takes (50)")
    parser.add_argument(
        "--verification-ms", type=int, default=2000, help="how long an e-mail's verification takes (2000)"
    )
    parser.add_argument("--passes", type=int, default=2, help="how often each tool runs over the fleet (2)")
    parser.add_argument("--workers", type=int, help="processes of c7n-guardian (its default: 4 per processor)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    flags = parser.parse_args()
    if not 1 <= flags.regions <= len(REGIONS):
        parser.error(f"--regions is 1 to {len(REGIONS)}")
    return flags


def run_ours(flags: Namespace, simulator: Simulator, fleet: Fleet, regions: Sequence[str], folder: Path) -> Figures:
    """One invocation with the uploaded list: from the start of the binary until its answer."""
    event = simulator.upload(fleet)
    since, began = simulator.moment(), time.monotonic()
    command, environment = ours(flags.programs / "guardduty-onboarding", simulator, regions)
    with Measured(command, environment, folder) as function:
        function.polled()
        answer = function.invoke(event)
        # As long as something is pending an invocation fails, so that Lambda tries again.
        well = answer.good or json.loads(answer.body)["errorType"] == "Pending"
        assert well, f"ours answered with an error: {answer.body.decode()}"
        seconds = time.monotonic() - began
        processor = function.processor()
    return {"since": since, "seconds": seconds, "processor_seconds": processor}


def run_c7n(flags: Namespace, simulator: Simulator, fleet: Fleet, regions: Sequence[str], folder: Path) -> Figures:
    """One run of `c7n-guardian enable`: from its start to its end."""
    config = folder / "accounts.json"
    everybody = {ADMINISTRATOR: "root@example.com", **fleet}
    config.write_text(json.dumps({"accounts": [c7n_account(*account) for account in everybody.items()]}))
    command = [str(Path(sys.executable).parent / "c7n-guardian"), "enable", "--config", str(config)]
    command += ["--master", ADMINISTRATOR, *(word for region in regions for word in ("--region", region))]
    environment = {**CLEAN, **simulator.environment()}
    if flags.workers:
        environment["C7N_ORG_PARALLEL"] = str(flags.workers)
    since, began, before = simulator.moment(), time.monotonic(), spent()
    with Program(command, environment, folder) as tool:
        ended = tool.process.wait(timeout=LONGEST)
        seconds, processor = time.monotonic() - began, spent() - before
    assert ended == 0, f"c7n-guardian ended with exit code {ended}: {tool.said()[-2000:]}"
    return {"since": since, "seconds": seconds, "processor_seconds": processor}


def c7n_account(number: str, email: str) -> dict[str, str]:
    role = f"arn:aws:iam::{number}:role/{Simulator.role}"
    return {"account_id": number, "name": f"account-{number}", "email": email, "role": role}


def spent() -> float:
    """Processor time of all children that have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(run: Callable[..., Figures], flags: Namespace, folder: Path) -> list[Figures]:
    """The passes of one tool over one fleet."""
    fleet, regions = accounts(1, flags.accounts), REGIONS[: flags.regions]
    passes = []
    with Simulator(flags.programs / "aws-sim", folder, flags.latency_ms, flags.verification_ms) as simulator:
        for number in range(1, flags.passes + 1):
            figures = run(flags, simulator, fleet, regions, folder)
            calls = simulator.calls(figures.pop("since"))
            figures |= {"calls": len(calls), "operations": operations(calls)}
            figures |= {"refused_calls": sum(call["status"] >= 400 for call in calls)}
            figures |= {"enabled": simulator.enabled(fleet, regions)}
            passes.append(figures)
            progress(f"{run.__name__}, pass {number}: {figures['enabled']} enabled in {figures['seconds']:.1f} s")
    return passes


def show(figures: Figures):
    fleet = figures["fleet"]
    print(
        f"{fleet['accounts']} accounts x {fleet['regions']} Regions = {fleet['memberships']} memberships, "
        f"{fleet['latency_ms']} ms a call, {fleet['verification_ms']} ms verification; "
        f"{figures['machine']}; {figures['peer_is']}\n"
    )
    rows = [["", "enabled", "calls", "calls / enabled", "refused", "wall clock, s", "processor, s"]]
    for number in range(len(figures["ours"])):
        for tool in ("ours", "c7n-guardian"):
            one = figures[tool][number]
            # Of the memberships that a later pass finds enabled the most were so before.
            share = f"{one['calls'] / one['enabled']:.2f}" if number == 0 and one["enabled"] else ""
            spent_on_it = f"{one['seconds']:.1f}", f"{one['processor_seconds']:.2f}"
            name = f"{tool}, pass {number + 1}"
            rows.append([name, one["enabled"], one["calls"], share, one["refused_calls"], *spent_on_it])
    table(rows)
    print("\ncalls of the first pass:")
    for tool in ("ours", "c7n-guardian"):
        print(f"  {tool}: " + ", ".join(f"{count} {name}" for name, count in figures[tool][0]["operations"].items()))


def main():
    flags = arguments()
    as_in_lambda()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        figures = {
            "ours": measure(run_ours, flags, Path(name)),
            "c7n-guardian": measure(run_c7n, flags, Path(name)),
        }
    figures["machine"] = processors()
    workers = flags.workers or 4 * os.cpu_count()
    packages = ", ".join(f"{package} {version(package)}" for package in ("c7n-guardian", "c7n", "boto3"))
    figures["peer_is"] = f"{packages}, {workers} workers, Python {sys.version.split()[0]}"
    figures["fleet"] = {
        "accounts": flags.accounts,
        "regions": flags.regions,
        "memberships": flags.accounts * flags.regions,
        "latency_ms": flags.latency_ms,
        "verification_ms": flags.verification_ms,
    }
    if flags.json:
        as_json(figures)
    else:
        show(figures)


if __name__ == "__main__":
    main()
