"""AWS as it is found on this machine: GuardDuty on our simulator, everything else on moto."""

import boto3
from botocore.client import BaseClient
from botocore.config import Config

ADMINISTRATOR = "123456789012"
MANAGEMENT = "111122223333"
MEMBERS = ("444455556666", "555555555555", "777788889999")
# On a list of their own, whose first delivery is cut short.
LATECOMERS = ("222222222222", "888888888888")

HOME = "eu-west-1"
# Where Organizations announces accounts.
ANNOUNCED_IN = "us-east-1"
REGIONS = (HOME, ANNOUNCED_IN)

PATIENCE = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 1})


class Cloud:
    """Clients of each account."""

    def __init__(self, moto: str, simulator: str):
        self.moto = moto
        self.simulator = simulator

    def session(self, role: str) -> dict[str, str]:
        """Keys of a session of that role. moto lets anybody assume any role, so this proves nothing about trust."""
        sts = boto3.client(
            "sts",
            endpoint_url=self.moto,
            region_name=HOME,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="moto checks no signature",
            config=PATIENCE,
        )
        keys = sts.assume_role(RoleArn=role, RoleSessionName="motion")["Credentials"]
        return {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }

    def client(self, service: str, account: str, region: str) -> BaseClient:
        """A client of that account's own operator."""
        return boto3.client(
            service,
            endpoint_url=self.simulator if service == "guardduty" else self.moto,
            region_name=region,
            config=PATIENCE,
            **self.session(f"arn:aws:iam::{account}:role/Operator"),
        )

    def environment(self, role: str, region: str) -> dict[str, str]:
        """What a program needs in its environment to act as that role on this machine, and nowhere else."""
        return {
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            # GuardDuty, and any service that nobody thought of: no call may leave this machine.
            "AWS_ENDPOINT_URL": self.simulator,
            "AWS_ENDPOINT_URL_ORGANIZATIONS": self.moto,
            "AWS_ENDPOINT_URL_S3": self.moto,
            "AWS_ENDPOINT_URL_SQS": self.moto,
            "AWS_ENDPOINT_URL_STS": self.moto,
            **{name.upper(): value for name, value in self.session(role).items()},
        }
