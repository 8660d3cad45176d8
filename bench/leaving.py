"""Leaving: a list of members let go by our release binary and by AWS's disableguardduty.py, each in a fresh world."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from figures import as_json, progress, table
from fleet import ADMINISTRATOR, REGIONS, Fleet, Simulator, accounts, check_enabled, operations
from measured import Measured, as_in_lambda, ours, processors

from tests.support.programs import CLEAN

LONGEST = 3600

# What was measured, by what it is.
Figures = dict[str, Any]


def arguments() -> Namespace:
    parser = argparse.ArgumentParser(prog="bench/leaving.sh", description=__doc__)
    # The folder of the release binaries, which the shell script knows.
    parser.add_argument("programs", type=Path, help=argparse.SUPPRESS)
    parser.add_argument(
        "scripts", type=Path, nargs="?", help="a checkout of amazon-guardduty-multiaccount-scripts (ours alone)"
    )
    parser.add_argument("--accounts", type=int, default=60, help="how many members there are, and are listed (60)")
    parser.add_argument("--regions", type=int, default=2, help="in how many Regions, at most 17 (2)")
    parser.add_argument("--few", type=int, default=2, help="how many are listed where few are (2)")
    parser.add_argument("--latency-ms", type=int, default=50, help="how long each call takes (50)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    flags = parser.parse_args()
    if not 1 <= flags.regions <= len(REGIONS):
        parser.error(f"--regions is 1 to {len(REGIONS)}")
    if flags.scripts and not (flags.scripts / "disableguardduty.py").is_file():
        parser.error(f"{flags.scripts} has no disableguardduty.py")
    return flags


class World:
    """A fleet that is onboarded by our function, as it is before and after a list lets members go."""

    def __init__(self, flags: Namespace, simulator: Simulator, folder: Path):
        self.flags, self.simulator, self.folder = flags, simulator, folder
        self.fleet, self.regions = accounts(1, flags.accounts), REGIONS[: flags.regions]

    def invoke(self, event: bytes, **settings: str) -> tuple[float, bool]:
        """Seconds from the start of the function until its answer, and whether that was a good one."""
        command, environment = ours(self.flags.programs / "guardduty-onboarding", self.simulator, self.regions)
        began = time.monotonic()
        with Measured(command, environment | settings, self.folder) as function:
            function.polled()
            answer = function.invoke(event)
            return time.monotonic() - began, answer.good

    def onboard(self):
        self.invoke(self.simulator.upload(self.fleet))
        check_enabled(self.simulator, self.fleet, self.regions)

    def left(self, listed: Fleet) -> Figures:
        """What is there afterwards, asked Region by Region."""
        left = dict.fromkeys(("active", "entries", "detectors"), 0)
        sts = self.simulator.client("sts")
        sessions = {}
        for account in self.fleet:
            role = f"arn:aws:iam::{account}:role/{Simulator.role}"
            sessions[account] = sts.assume_role(RoleArn=role, RoleSessionName="afterwards")["Credentials"]
        hit = set()
        for region in self.regions:
            statuses = self._statuses(region)
            for account in self.fleet:
                detectors = self._detectors(region, sessions[account])
                if account in listed:
                    left["active"] += statuses.get(account) == "Enabled"
                    left["entries"] += account in statuses
                    left["detectors"] += len(detectors)
                elif statuses.get(account) != "Enabled" or len(detectors) != 1:
                    hit.add(account)
        return left | {"others_hit": len(hit)}

    def _statuses(self, region: str) -> dict[str, str]:
        """The administrator's members, with those that are not associated."""
        statuses = {}
        guardduty = self.simulator.client("guardduty", region)
        for detector in guardduty.list_detectors()["DetectorIds"]:
            for page in guardduty.get_paginator("list_members").paginate(DetectorId=detector, OnlyAssociated="false"):
                statuses |= {member["AccountId"]: member["RelationshipStatus"] for member in page["Members"]}
        return statuses

    def _detectors(self, region: str, session: dict[str, Any]) -> list[str]:
        return self.simulator.client("guardduty", region, session).list_detectors()["DetectorIds"]


def by_ours(delete_detectors: bool) -> Callable[[World, Fleet], Figures]:
    def run(world: World, listed: Fleet) -> Figures:
        """One invocation with the list under remove/."""
        event = world.simulator.upload(listed, key="remove/list.csv")
        since = world.simulator.moment()
        settings = {"ALLOW_REMOVE": "true", "MAX_LEAVING": str(world.flags.accounts)}
        seconds, good = world.invoke(event, **settings, DELETE_DETECTORS=json.dumps(delete_detectors))
        return {"since": since, "seconds": seconds, "said": "answered well" if good else "answered with an error"}

    return run


def by_script(*more: str) -> Callable[[World, Fleet], Figures]:
    def run(world: World, listed: Fleet) -> Figures:
        """One run of the script, from its start to its end."""
        file = world.folder / "accounts.csv"
        file.write_text("".join(f"{account},{email}\n" for account, email in listed.items()))
        script = (world.flags.scripts / "disableguardduty.py").resolve()
        command = [sys.executable, str(script), "--master_account", ADMINISTRATOR, "--assume_role", Simulator.role]
        command += ["--enabled_regions", ",".join(world.regions), *more, str(file)]
        environment = {**CLEAN, **world.simulator.environment()}
        since, began = world.simulator.moment(), time.monotonic()
        ended = subprocess.run(
            command, env=environment, cwd=world.folder, capture_output=True, text=True, timeout=LONGEST, check=False
        )
        seconds = time.monotonic() - began
        failures = "failures printed" if "Failed Accounts" in ended.stdout else "no failure printed"
        return {"since": since, "seconds": seconds, "said": f"exit code {ended.returncode}, {failures}"}

    return run


def measure(name: str, run: Callable[[World, Fleet], Figures], flags: Namespace, folder: Path, listed: int) -> Figures:
    """What one way to let a list go costs, and what it leaves behind."""
    with Simulator(flags.programs / "aws-sim", folder, flags.latency_ms) as simulator:
        world = World(flags, simulator, folder)
        world.onboard()
        leaving = accounts(1, listed)
        figures = run(world, leaving)
        calls = simulator.calls(figures.pop("since"))
        figures |= {"listed": listed, "calls": len(calls), "operations": operations(calls)}
        figures |= {"refused_calls": sum(call["status"] >= 400 for call in calls)}
        figures |= world.left(leaving)
        progress(f"{name}, {listed} listed: {figures['calls']} calls in {figures['seconds']:.1f} s")
        return {"name": name} | figures


def show(figures: Figures):
    fleet = figures["fleet"]
    print(
        f"{fleet['accounts']} members x {fleet['regions']} Regions, {fleet['latency_ms']} ms a call; "
        f"{figures['machine']}; {figures['peer_is']}\n"
    )
    columns = ["listed", "calls", "refused", "wall clock, s", "active", "entries", "detectors", "others hit"]
    rows = [["", *columns]]
    for one in figures["runs"]:
        left = [one[name] for name in ("active", "entries", "detectors", "others_hit")]
        rows.append([one["name"], one["listed"], one["calls"], one["refused_calls"], f"{one['seconds']:.1f}", *left])
    table(rows)
    print("\nwhat each said, and its calls:")
    for one in figures["runs"]:
        calls = ", ".join(f"{count} {name}" for name, count in one["operations"].items())
        print(f"  {one['name']}, {one['listed']} listed: {one['said']}; {calls}")


def measure_all(flags: Namespace, folder: Path) -> list[Figures]:
    everybody, few = flags.accounts, flags.few
    plain, thorough = by_ours(delete_detectors=False), by_ours(delete_detectors=True)
    cases: Sequence[tuple[str, Callable[[World, Fleet], Figures], int]] = [
        ("ours", plain, everybody),
        ("ours, DELETE_DETECTORS", thorough, everybody),
        ("ours, DELETE_DETECTORS", thorough, few),
    ]
    if flags.scripts:
        cases += [
            ("disableguardduty.py", by_script(), everybody),
            ("disableguardduty.py --delete_master", by_script("--delete_master"), few),
        ]
    else:
        progress("disableguardduty.py SKIPPED: no checkout of AWS's scripts was named")
    return [measure(name, run, flags, folder, listed) for name, run, listed in cases]


def main():
    flags = arguments()
    as_in_lambda()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        figures: Figures = {"runs": measure_all(flags, Path(name))}
    figures["machine"] = processors()
    figures["peer_is"] = f"boto3 {version('boto3')}, Python {sys.version.split()[0]}"
    figures["fleet"] = {"accounts": flags.accounts, "regions": flags.regions, "latency_ms": flags.latency_ms}
    if flags.json:
        as_json(figures)
    else:
        show(figures)


if __name__ == "__main__":
    main()
