"""CloudFormation's side of the custom resource: the events that it sends, and what it makes of the answers."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.deploy.copier.host import Host, Put
from tests.support.programs import CLEAN

STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/guardduty-onboarding/51af3dc0-da77-11e4-872e-1234567db123"
# CloudFormation's, with characters that must not be decoded and encoded anew.
ANSWERS = "/answers/arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack/x?X-Amz-Signature=ab%2Fcd%3D&a=b"

# In seconds; a run takes one or two.
PATIENCE = 60

Properties = dict[str, str]


class Answer(NamedTuple):
    """The copier's answer, and how it was sent."""

    said: dict[str, Any]
    put: Put

    @property
    def id(self) -> str:
        return self.said["PhysicalResourceId"]

    def succeeded(self) -> bool:
        return self.said["Status"] == "SUCCESS"

    def reason(self) -> str:
        assert self.said["Status"] == "FAILED", self.said
        return self.said["Reason"]


class Copier:
    """The function in a folder; each event is a run of a process of its own."""

    def __init__(self, folder: Path, host: Host, environment: Mapping[str, str]):
        self.folder = folder
        self.host = host
        # Nothing but Python and boto3 is there: no cargo, no sam, no pip.
        self.environment = {**CLEAN, "PATH": str(folder / "no-programs"), **environment}
        self.constants: dict[str, Any] = {"PAUSES": [0, 0, 0, 0]}

    def run(self, event: dict[str, Any]) -> Answer | None:
        """Its answer; none if it could not send one, which Lambda takes for an error."""
        before = len(self.host.puts)
        ended = subprocess.run(
            [sys.executable, Path(__file__).with_name("invoke.py"), self.folder, json.dumps(self.constants)],
            input=json.dumps(event),
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        print(ended.stdout, ended.stderr)
        answers = [put for put in self.host.puts[before:] if put.path.startswith("/answers/")]
        if ended.returncode != 0:
            return None
        assert answers
        assert len({put.body for put in answers}) == 1, "it gave more than one answer"
        answer = Answer(json.loads(answers[-1].body), answers[-1])
        for name in ("StackId", "RequestId", "LogicalResourceId"):
            assert answer.said[name] == event[name]
        assert answer.said["Status"] in ("SUCCESS", "FAILED")
        assert answer.said["PhysicalResourceId"]
        return answer


class CustomResource:
    """A custom resource in a stack."""

    def __init__(self, copier: Copier):
        self.copier = copier
        self.id: str | None = None
        self.properties: Properties = {}
        # What a replacement has left, until the stack's update or rollback is complete.
        self.replaced: list[tuple[str, Properties]] = []
        self._requests = 0

    def send(self, kind: str, properties: Properties, **more: object) -> Answer | None:
        self._requests += 1
        token = "arn:aws:lambda:eu-west-1:123456789012:function:example-Copier-1A2B3C4D5E6F"
        event = {
            "RequestType": kind,
            "ServiceToken": token,
            "ResponseURL": self.copier.host.address(ANSWERS),
            "StackId": STACK,
            "RequestId": f"00000000-0000-4000-8000-{self._requests:012}",
            "ResourceType": "Custom::FunctionZip",
            "LogicalResourceId": "FunctionZip",
            # CloudFormation makes a text of everything.
            "ResourceProperties": {"ServiceToken": token, "ServiceTimeout": "300", **properties},
            **more,
        }
        return self.copier.run(event)

    def create(self, properties: Properties) -> Answer | None:
        answer = self.send("Create", properties)
        # It makes up an id where no answer has come.
        self.id = answer.id if answer else "guardduty-onboarding-FunctionZip-1ABCDEFGHIJKL"
        self.properties = properties
        return answer

    def update(self, properties: Properties) -> Answer | None:
        """To other properties; a rollback is the same with the former ones."""
        old = self.properties
        answer = self.send("Update", properties, PhysicalResourceId=self.id, OldResourceProperties=old)
        self.properties = properties
        if answer and answer.id != self.id:
            self.replaced.append((self.id, old))
            self.id = answer.id
        return answer

    def clean_up(self) -> list[Answer | None]:
        """What CloudFormation does once the stack's update or rollback has succeeded."""
        replaced, self.replaced = self.replaced, []
        return [self.send("Delete", properties, PhysicalResourceId=id) for id, properties in replaced]

    def delete(self) -> Answer | None:
        return self.send("Delete", self.properties, PhysicalResourceId=self.id)
