"""The simulator as a client meets it: its address, and what came from there."""

import json
import urllib.error
import urllib.request
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.model import OperationModel

# The account of a plain access key.
ADMINISTRATOR = "123456789012"

HOME = "us-east-1"
AWAY = "eu-west-1"

ROLE = "GuardDutyOnboardingMember"

SETTINGS = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2})

# boto3 makes the operations of a client when it makes the client, so no type has them.
Client = Any

# What a client needs to call as another account than the administrator's.
Keys = dict[str, str]


def role_arn(account: str) -> str:
    return f"arn:aws:iam::{account}:role/{ROLE}"


def session_arn(account: str) -> str:
    """Who calls with keys of the role in that account."""
    return f"arn:aws:sts::{account}:assumed-role/{ROLE}/walk"


def keys_of(credentials: dict[str, Any]) -> Keys:
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


class Simulator:
    """Makes clients of the simulator, and remembers what they called."""

    def __init__(self, endpoint: str):
        self._endpoint = endpoint
        self._session = boto3.Session()
        self.operations: set[tuple[str, str]] = set()
        # The last answer as it came over the wire, before botocore made sense of it.
        self.last_answer: dict[str, Any] = {}

    def client(self, service: str, region: str = HOME, keys: Keys | None = None) -> Client:
        """A client with these keys, or with the administrator's own."""
        client = self._session.client(service, region_name=region, config=SETTINGS, **(keys or {}))
        assert client.meta.endpoint_url.rstrip("/") == self._endpoint, f"{service} would be called elsewhere"
        client.meta.events.register("before-parse", self._remember)
        return client

    def _remember(self, operation_model: OperationModel, response_dict: dict[str, Any], **_: object):
        self.operations.add((operation_model.service_model.service_name, operation_model.name))
        self.last_answer = response_dict

    @cached_property
    def _sts(self) -> Client:
        return self.client("sts")

    def assume(self, account: str, **parameters: object) -> Keys:
        """Keys of a new session of the member role in that account."""
        answer = self._sts.assume_role(RoleArn=role_arn(account), RoleSessionName="walk", **parameters)
        return keys_of(answer["Credentials"])

    def tell(self, path: str, **changes: object) -> tuple[int, dict[str, Any]]:
        """Tells the simulator itself how its world is; its answer's status and body."""
        request = urllib.request.Request(f"{self._endpoint}/_sim/{path}", json.dumps(changes).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
