"""Leaving: the same accounts removed by our release binary and by AWS's own disableguardduty.py, each in a fresh world.

AWS's scripts run unchanged, from a checkout whose path is given. Without one nothing is measured.
"""

import argparse
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import boto3
from figures import progress, table
from fleet import ADMINISTRATOR, REGIONS, Fleet, Simulator, accounts, operations
from measured import Measured, as_in_lambda, ours, processors

from tests.support.programs import CLEAN, Program

LONGEST = 600
SCRIPTS = ["enableguardduty.py", "disableguardduty.py", "updatefeatures.py"]

# Lets those accounts go.
Removal = Callable[[Namespace, Simulator, Fleet, Path], None]


def arguments() -> Namespace:
    parser = argparse.ArgumentParser(prog="bench/leaving.sh", description=__doc__.split("\n", maxsplit=1)[0])
    # The folder of the release binaries, which the shell script knows.
    parser.add_argument("programs", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("checkout", type=Path, nargs="?", help="a checkout of AWS's guardduty multi-account scripts")
    parser.add_argument("--accounts", type=int, default=60, help="how many accounts (60)")
    parser.add_argument("--latency-ms", type=int, default=50, help="how long each call takes (50)")
    return parser.parse_args()


def run_script(flags: Namespace, simulator: Simulator, fleet: Fleet, folder: Path, script: str, *more: str) -> int:
    """One run of a script of AWS's over these accounts. Its exit code."""
    rows = folder / "accounts.csv"
    rows.write_text("".join(f"{account},{email}\n" for account, email in fleet.items()), encoding="utf-8")
    command = [sys.executable, str(flags.checkout / script), "--master_account", ADMINISTRATOR]
    command += ["--assume_role", simulator.role, "--enabled_regions", ",".join(REGIONS[:2]), *more, str(rows)]
    with Program(command, {**CLEAN, **simulator.environment()}, folder) as tool:
        return tool.process.wait(timeout=LONGEST)


def theirs(*more: str) -> Removal:
    def remove(flags: Namespace, simulator: Simulator, fleet: Fleet, folder: Path):
        run_script(flags, simulator, fleet, folder, "disableguardduty.py", *more)

    return remove


def our_own(delete_detectors: str) -> Removal:
    def remove(flags: Namespace, simulator: Simulator, fleet: Fleet, folder: Path):
        invoke(flags, simulator, folder, simulator.upload(fleet, "remove/list.csv"), delete_detectors)

    return remove


def invoke(flags: Namespace, simulator: Simulator, folder: Path, event: bytes, delete_detectors: str = "false"):
    """One invocation of the function, from the start of the binary until its answer."""
    command, environment = ours(flags.programs / "guardduty-onboarding", simulator, REGIONS[:2])
    brakes = {"ALLOW_REMOVE": "true", "MAX_LEAVING": "100", "DELETE_DETECTORS": delete_detectors}
    with Measured(command, environment | brakes, folder) as function:
        function.polled()
        answer = function.invoke(event)
        assert answer.good, f"ours answered with an error: {answer.body.decode()}"


def members(simulator: Simulator, fleet: Fleet) -> int:
    """How many memberships there are, whatever their status."""
    count = 0
    for region in REGIONS[:2]:
        guardduty = simulator.client("guardduty", region)
        for detector in guardduty.list_detectors()["DetectorIds"]:
            pages = guardduty.get_paginator("list_members").paginate(DetectorId=detector, OnlyAssociated="false")
            count += sum(member["AccountId"] in fleet for page in pages for member in page["Members"])
    return count


def detectors(simulator: Simulator, fleet: Fleet) -> int:
    """How many detectors these accounts have."""
    count = 0
    for account in fleet:
        role = f"arn:aws:iam::{account}:role/{simulator.role}"
        keys = simulator.client("sts").assume_role(RoleArn=role, RoleSessionName="count")["Credentials"]
        for region in REGIONS[:2]:
            guardduty = boto3.client(
                "guardduty",
                endpoint_url=simulator.environment()["AWS_ENDPOINT_URL"],
                region_name=region,
                aws_access_key_id=keys["AccessKeyId"],
                aws_secret_access_key=keys["SecretAccessKey"],
                aws_session_token=keys["SessionToken"],
            )
            count += len(guardduty.list_detectors()["DetectorIds"])
    return count


def measure(name: str, remove: Removal, flags: Namespace, folder: Path, listed: int) -> list[str]:
    """The first so many accounts of a fleet are on the list. A row of the table."""
    fleet = accounts(1, flags.accounts)
    leaving = dict(list(fleet.items())[:listed])
    others = {account: email for account, email in fleet.items() if account not in leaving}
    with Simulator(flags.programs / "aws-sim", folder, flags.latency_ms) as simulator:
        invoke(flags, simulator, folder, simulator.upload(fleet))
        since, began = simulator.moment(), time.monotonic()
        remove(flags, simulator, leaving, folder)
        seconds, calls = time.monotonic() - began, simulator.calls(since)
        left = [members(simulator, leaving), detectors(simulator, leaving)]
        hit = 2 * len(others) - members(simulator, others)
    counts = operations(calls)
    progress(f"{name}: {', '.join(f'{count} {operation}' for operation, count in list(counts.items())[:6])}")
    refused = sum(call["status"] >= 400 for call in calls)
    return [name, str(listed), str(len(calls)), str(refused), f"{seconds:.1f}", *map(str, left), str(hit)]


def scripts_run(flags: Namespace, folder: Path):
    """The three scripts, unchanged, one after another on one fleet."""
    fleet = accounts(1, 3)
    with Simulator(flags.programs / "aws-sim", folder) as simulator:
        ended = [run_script(flags, simulator, fleet, folder, "enableguardduty.py")]
        enabled = simulator.enabled(fleet, REGIONS[:2])
        ended.append(run_script(flags, simulator, fleet, folder, "updatefeatures.py", "--enable_s3=true"))
        ended.append(run_script(flags, simulator, fleet, folder, "disableguardduty.py"))
        left = f"{members(simulator, fleet)} members and {detectors(simulator, fleet)} detectors"
    print(f"enableguardduty.py: {enabled} of {2 * len(fleet)} enabled; disableguardduty.py leaves {left};")
    print(f"exit codes, with updatefeatures.py between: {ended}\n")


def main():
    flags = arguments()
    if flags.checkout is None or not all((flags.checkout / script).is_file() for script in SCRIPTS):
        print(f"SKIPPED: give the path of a checkout that has {', '.join(SCRIPTS)}")
        return
    flags.checkout = flags.checkout.absolute()
    as_in_lambda()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        scripts_run(flags, folder)
        rows = [["", "listed", "calls", "refused", "wall clock, s", "members left", "detectors left", "others lost"]]
        cases = [
            ("disableguardduty.py", theirs(), flags.accounts),
            ("ours", our_own("false"), flags.accounts),
            ("ours, DELETE_DETECTORS", our_own("true"), flags.accounts),
            ("disableguardduty.py --delete_master", theirs("--delete_master"), 2),
            ("ours", our_own("false"), 2),
        ]
        rows += [measure(case, remove, flags, folder, listed) for case, remove, listed in cases]
    print(f"{flags.accounts} accounts in two Regions, {flags.latency_ms} ms a call; {processors()}\n")
    table(rows)


if __name__ == "__main__":
    main()
