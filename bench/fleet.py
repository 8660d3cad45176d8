"""The accounts and Regions that are onboarded, and the simulator of AWS in which they live."""

import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import boto3
from botocore.client import BaseClient
from botocore.config import Config

from tests.support.programs import CLEAN, Program, ProgramError

ADMINISTRATOR = "123456789012"
BUCKET = "amzn-s3-demo-bucket"
HOME = "us-east-1"

# Those that are on in every account, unless somebody switches them off (no opt-in Regions).
REGIONS = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
]

# Account ids to e-mail addresses.
Fleet = dict[str, str]

# A call in the simulator's ledger.
Call = dict[str, Any]

PATIENCE = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 1})


def accounts(first: int, count: int) -> Fleet:
    """Accounts by number, with their e-mail addresses."""
    return {f"{number:012}": f"someone-{number}@example.com" for number in range(first, first + count)}


class Simulator:
    """A fresh world, in which every account exists and every role can be assumed."""

    role = "GuardDutyOnboardingMember"

    def __init__(self, binary: Path, folder: Path, latency_ms: int = 0, verification_ms: int = 0):
        own = Path(tempfile.mkdtemp(dir=folder))
        self._ledger = own / "ledger"
        delays = ["--latency-ms", str(latency_ms), "--verification-ms", str(verification_ms)]
        self._program = Program([str(binary), "--port", "0", *delays, "--ledger", str(self._ledger)], CLEAN, own)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object):
        self._program.__exit__()

    @cached_property
    def _address(self) -> str:
        return self._program.address()

    def environment(self) -> dict[str, str]:
        """What a program needs in its environment to be the administrator here, and nowhere else."""
        return {
            "AWS_ENDPOINT_URL": self._address,
            "AWS_REGION": HOME,
            "AWS_DEFAULT_REGION": HOME,
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        }

    def client(self, service: str, region: str = HOME, session: dict[str, Any] | None = None) -> BaseClient:
        """A client of the administrator, or of a session with credentials as STS gives them."""
        own, given = self.environment(), session or {}
        return boto3.client(
            service,
            endpoint_url=self._address,
            region_name=region,
            aws_access_key_id=given.get("AccessKeyId", own["AWS_ACCESS_KEY_ID"]),
            aws_secret_access_key=given.get("SecretAccessKey", own["AWS_SECRET_ACCESS_KEY"]),
            aws_session_token=given.get("SessionToken"),
            config=PATIENCE,
        )

    def upload(self, fleet: Fleet, key: str = "accounts/list.csv") -> bytes:
        """Uploads the list of these accounts; S3's event of it, for Lambda."""
        rows = "".join(f"{account},{email}\n" for account, email in fleet.items())
        s3 = self.client("s3")
        # In us-east-1 it is no mistake to make one's own bucket again; its objects stay.
        s3.create_bucket(Bucket=BUCKET)
        version = s3.put_object(Bucket=BUCKET, Key=key, Body=rows.encode())["VersionId"]
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": HOME,
            "eventTime": "2026-01-01T00:00:00.000Z",
            "eventName": "ObjectCreated:Put",
            "s3": {
                "s3SchemaVersion": "1.0",
                "bucket": {"name": BUCKET, "arn": f"arn:aws:s3:::{BUCKET}"},
                "object": {"key": key, "size": len(rows), "versionId": version},
            },
        }
        return json.dumps({"Records": [record]}).encode()

    def enabled(self, fleet: Fleet, regions: Iterable[str]) -> int:
        """How many memberships are enabled in the administrator's eyes, asked Region by Region."""
        count = 0
        for region in regions:
            guardduty = self.client("guardduty", region)
            for detector in guardduty.list_detectors()["DetectorIds"]:
                for page in guardduty.get_paginator("list_members").paginate(
                    DetectorId=detector, OnlyAssociated="true"
                ):
                    members = (member for member in page["Members"] if member["AccountId"] in fleet)
                    count += sum(member["RelationshipStatus"] == "Enabled" for member in members)
        return count

    def moment(self) -> int:
        """Now, by the clock and in the unit of the ledger; what was called before and is called after is not of now."""
        time.sleep(0.002)
        now = time.time_ns() // 1_000_000
        time.sleep(0.002)
        return now

    def calls(self, since: int) -> list[Call]:
        """The calls since that moment."""
        until = self.moment()
        # The ledger keeps the order: when this call is in it, all before are.
        self.client("sts").get_caller_identity()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            lines = self._ledger.read_text(encoding="utf-8").split("\n")[:-1]
            calls = [json.loads(line) for line in lines]
            if calls and calls[-1]["at_ms"] > until:
                return [call for call in calls if since <= call["at_ms"] <= until]
            time.sleep(0.05)
        raise ProgramError("the simulator does not write down what is called")


def operations(calls: Iterable[Call]) -> dict[str, int]:
    """How often each operation was called, most often first."""
    counts = {}
    for call in calls:
        counts[call["operation"]] = counts.get(call["operation"], 0) + 1
    return dict(sorted(counts.items(), key=lambda count: -count[1]))


def check_enabled(simulator: Simulator, fleet: Fleet, regions: Sequence[str]):
    """Nothing is worth measuring that did not do its work."""
    found, wanted = simulator.enabled(fleet, regions), len(fleet) * len(regions)
    assert found == wanted, f"{found} of {wanted} memberships are enabled"
