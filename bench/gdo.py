"""Measures the command line: a list over TCP against the function, how fast it starts, how fast it reads a list."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ACCOUNTS, REGIONS, LATENCY = 100, 17, 50
PAIRS, STARTS = 3, 20
CODES = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
]
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


def gdo_applies(release: Path, folder: Path) -> float:
    """Seconds from the start of the process to its end, on a simulator of its own."""
    simulator = subprocess.Popen(
        [release / "aws-sim", "--port", "0", "--latency-ms", str(LATENCY)], stdout=subprocess.PIPE, text=True
    )
    try:
        endpoint = simulator.stdout.readline().split()[-1]
        environment = os.environ | CREDENTIALS | {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": CODES[0]}
        rows = "".join(f"{number:012},account-{number}@example.com\n" for number in range(1, ACCOUNTS + 1))
        (folder / "list.csv").write_text(rows)
        regions = ",".join(CODES[:REGIONS])
        command = [release / "gdo", "apply", folder / "list.csv", "--yes", "--regions", regions, "--output", "json"]
        began = time.monotonic()
        done = subprocess.run(command, env=environment, check=True, capture_output=True)
        seconds = time.monotonic() - began
        assert json.loads(done.stdout)["summary"]["enabled"] == ACCOUNTS * REGIONS, done.stdout[:500]
        return seconds
    finally:
        simulator.kill()
        simulator.wait()


def function_applies(release: Path) -> float:
    """Seconds of the same list's first run, as the fleet measures it: the invocation alone."""
    flags = f"--accounts {ACCOUNTS} --regions {REGIONS} --latency-ms {LATENCY} --verification-ms 0 --concurrency 64"
    command = [release / "fleet", *flags.split(), "--until", "first", "--json"]
    done = subprocess.run(command, check=True, capture_output=True)
    return json.loads(done.stdout)["runs"][0]["wallSeconds"]


def milliseconds(command: list[str | Path]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return (time.monotonic() - began) * 1000


def main() -> None:
    release, figures = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pairs = [(function_applies(release), gdo_applies(release, folder)) for _ in range(PAIRS)]
        rows = "".join(f"{number:012},account-{number}@example.com\n" for number in range(1, 10_001))
        (folder / "long.csv").write_text(rows)
        measured = {
            "accounts": ACCOUNTS,
            "regions": REGIONS,
            "latencyMs": LATENCY,
            "functionSeconds": round(statistics.median(function for function, _ in pairs), 3),
            "gdoSeconds": round(statistics.median(gdo for _, gdo in pairs), 3),
            "helpMs": round(statistics.median(milliseconds([release / "gdo", "--help"]) for _ in range(STARTS)), 1),
            "checkMs": round(
                statistics.median(milliseconds([release / "gdo", "check", folder / "long.csv"]) for _ in range(STARTS)),
                1,
            ),
        }
    figures.write_text(json.dumps(measured, indent=1) + "\n")
    print(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
