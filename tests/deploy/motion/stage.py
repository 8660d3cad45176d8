"""The stage: the templates deployed as their comments and outputs say, in the accounts that they are for."""

import json
from pathlib import Path
from typing import Any

from botocore.client import BaseClient

from dist.stack import transformed
from tests.deploy.motion.cloud import ADMINISTRATOR, ANNOUNCED_IN, HOME, MANAGEMENT, REGIONS, Cloud
from tests.deploy.motion.deployed_function import DeployedFunction
from tests.deploy.motion.event_source import Delivered, EventSource
from tests.deploy.motion.operator import Operator
from tests.deploy.motion.release import Release
from tests.deploy.motion.stacks import Stack
from tests.support.templates import MEMBER_ROLE, ORGANIZATION_EVENTS, STACK, Node, load

EXTERNAL_ID = "example-external-id"

PARAMETERS = {
    "MemberRoleExternalId": EXTERNAL_ID,
    "Regions": ",".join(REGIONS),
    "ManagementAccountId": MANAGEMENT,
    "OrganizationRoleArn": f"arn:aws:iam::{MANAGEMENT}:role/GuardDutyOnboardingReader",
    "OrganizationIds": "o-exampleorgid",
    "ListRetentionDays": "400",
    "AlarmEmail": "security@example.com",
}

CODE = "example-code"
ARCHIVE = "function.zip"


class Stage:
    """The deployed stacks and the function that they describe.

    `program` is what Cargo built, or the archive of a release, which is then deployed as its operator does it.
    """

    def __init__(self, moto: str, simulator: str, program: Path, folder: Path):
        self.cloud = Cloud(moto, simulator)
        self.folder = folder
        self.operator = Operator(self.cloud, folder)
        self.release = Release(program, self.operator) if program.name.endswith(".tar.gz") else None
        self.gaps: set[str] = set()
        self.members: dict[str, Stack] = {}
        self.stack = self._deploy_stack()
        name = self.stack.outputs["FunctionName"]
        configuration = self.client("lambda").get_function_configuration(FunctionName=name)
        # Before the first message, which moto would take otherwise.
        self.queue = EventSource(self.cloud, ADMINISTRATOR, HOME, configuration)
        self._settle_bucket()
        self._deploy_organization()
        if self.release:
            program = self.release.function()
        self.function = DeployedFunction(self.cloud, program, configuration, folder)

    def client(self, service: str) -> BaseClient:
        return self.cloud.client(service, ADMINISTRATOR, HOME)

    def _deploy(self, account: str, region: str, template: Node, parameters: dict[str, str]) -> Stack:
        stack = Stack(self.cloud, account, region, "guardduty-onboarding", template, parameters)
        self.gaps |= stack.gaps
        return stack

    def _deploy_stack(self) -> Stack:
        if self.release:
            return self._deploy(ADMINISTRATOR, HOME, self.release.packaged(PARAMETERS), PARAMETERS)
        s3 = self.client("s3")
        s3.create_bucket(Bucket=CODE, CreateBucketConfiguration={"LocationConstraint": HOME})
        # moto looks whether the code is there, and we do not let it run it.
        s3.put_object(Bucket=CODE, Key=ARCHIVE, Body=b"")
        return self._deploy(ADMINISTRATOR, HOME, transformed(load(STACK), f"s3://{CODE}/{ARCHIVE}"), PARAMETERS)

    def _settle_bucket(self):
        """moto's CloudFormation leaves out versions and notifications; they are set as the template has them."""
        bucket = self.stack.template["Resources"]["Bucket"]["Properties"]
        s3, name = self.client("s3"), self.stack.resources["Bucket"]
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=bucket["VersioningConfiguration"])
        wanted = [self._notification(entry) for entry in bucket["NotificationConfiguration"]["QueueConfigurations"]]
        s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"QueueConfigurations": wanted})

    def _notification(self, entry: Node) -> Node:
        """One notification in the words of S3 rather than CloudFormation's."""
        logical_id, attribute = entry["Queue"]["Fn::GetAtt"]
        assert attribute == "Arn", "a notification must lead to the ARN of a queue"
        url = self.stack.resources[logical_id]
        attributes = self.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        rules = entry["Filter"]["S3Key"]["Rules"]
        return {
            "QueueArn": attributes["QueueArn"],
            "Events": [entry["Event"]],
            "Filter": {"Key": {"FilterRules": rules}},
        }

    def _deploy_organization(self):
        outputs = self.stack.outputs
        parameters = {
            "EventBusArn": outputs["EventBusArn"],
            "FunctionRoleArn": outputs["FunctionRoleArn"],
            "AlarmEmail": "security@example.com",
        }
        stack = self._deploy(MANAGEMENT, ANNOUNCED_IN, load(ORGANIZATION_EVENTS), parameters)
        same = stack.outputs["ReaderRoleArn"] == self.stack.parameters["OrganizationRoleArn"]
        assert same, "the function has the ARN of another reader role"

    def admit(self, *accounts: str):
        """Deploys the role in these accounts, as a StackSet would."""
        parameters = {"FunctionRoleArn": self.stack.outputs["FunctionRoleArn"], "ExternalId": EXTERNAL_ID}
        for account in accounts:
            stack = self._deploy(account, ANNOUNCED_IN, load(MEMBER_ROLE), parameters)
            self.members[account] = stack
            same = stack.outputs["MemberRoleName"] == self.stack.parameters["MemberRoleName"]
            assert same, "the function has the name of another member role"

    def upload(self, lists: str, text: str):
        """Uploads a list by the stack's own command."""
        (self.operator.folder / "list.csv").write_text(text, encoding="utf-8")
        self.operator.runs(self.stack.outputs["UploadCommand"].replace("/accounts/", f"/{lists}/"))

    def deliver(self, seconds: float | None = None, wait: float = 10) -> Delivered:
        """Delivers what is in the queue, with the deployed function's timeout unless `seconds` says otherwise."""
        return self.queue.deliver(self.function, seconds or self.function.configuration["Timeout"], wait)

    def report(self, of: str) -> tuple[dict[str, Any], str]:
        """The report of accounts/list or of another one: JSON and, by the stack's own command, CSV."""
        command = self.stack.outputs["ReportCommand"].replace("accounts/list", of)
        table = self.operator.runs(command)
        bucket, key = command.split("s3://")[1].split()[0].split("/", 1)
        body = self.client("s3").get_object(Bucket=bucket, Key=key.removesuffix(".csv") + ".json")["Body"].read()
        assert b"@" not in body, f"the JSON report of {of} has an e-mail address in it"
        return json.loads(body), table
