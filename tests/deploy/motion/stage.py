"""The stage: the templates deployed as their comments and outputs say, in the accounts that they are for."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

from cloud import ADMINISTRATOR, ANNOUNCED_IN, HOME, MANAGEMENT, REGIONS, Cloud
from tests.support.templates import MEMBER_ROLE, ORGANIZATION_EVENTS, STACK, load
from delivery import Poller
from function import DeployedFunction
from tests.support.programs import CLEAN, check
from stacks import Stack, transformed

EXTERNAL_ID = "example-external-id"

CODE = "example-code"
ARCHIVE = "function.zip"


def say(sentence):
    print(f"- {sentence}", flush=True)


class Stage:
    """The deployed stacks and the function that they describe."""

    def __init__(self, moto, simulator, binary, folder):
        self.cloud = Cloud(moto, simulator)
        self.folder = folder
        self.gaps = set()
        self.members = {}
        self.stack = self._deploy_stack()
        name = self.stack.outputs["FunctionName"]
        configuration = self.client("lambda").get_function_configuration(FunctionName=name)
        # Before the first message, which moto would take otherwise.
        self.poller = Poller(self.cloud, ADMINISTRATOR, HOME, configuration)
        self._settle_bucket()
        self._deploy_organization()
        self.function = DeployedFunction(self.cloud, binary, configuration, folder)

    def client(self, service):
        return self.cloud.client(service, ADMINISTRATOR, HOME)

    def _deploy(self, account, region, template, parameters):
        stack = Stack(self.cloud, account, region, "guardduty-onboarding", template, parameters)
        self.gaps |= stack.gaps
        return stack

    def _deploy_stack(self):
        s3 = self.client("s3")
        s3.create_bucket(Bucket=CODE, CreateBucketConfiguration={"LocationConstraint": HOME})
        # moto looks whether the code is there, and we do not let it run it.
        s3.put_object(Bucket=CODE, Key=ARCHIVE, Body=b"")
        parameters = {
            "MemberRoleExternalId": EXTERNAL_ID,
            "Regions": ",".join(REGIONS),
            "ManagementAccountId": MANAGEMENT,
            "OrganizationRoleArn": f"arn:aws:iam::{MANAGEMENT}:role/GuardDutyOnboardingReader",
            "OrganizationIds": "o-exampleorgid",
            "ListRetentionDays": "400",
            "AlarmEmail": "security@example.com",
        }
        template = transformed(load(STACK), f"s3://{CODE}/{ARCHIVE}")
        stack = self._deploy(ADMINISTRATOR, HOME, template, parameters)
        say(f"{STACK} is deployed in {ADMINISTRATOR}, {HOME}: {len(stack.resources)} resources")
        return stack

    def _settle_bucket(self):
        """moto's CloudFormation leaves out versions and notifications; they are set as the template has them."""
        bucket = self.stack.template["Resources"]["Bucket"]["Properties"]
        s3, name = self.client("s3"), self.stack.resources["Bucket"]
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=bucket["VersioningConfiguration"])
        wanted = [self._notification(entry) for entry in bucket["NotificationConfiguration"]["QueueConfigurations"]]
        s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"QueueConfigurations": wanted})
        say(
            "the bucket's versions and notifications, which moto's CloudFormation leaves out, are set from the template"
        )

    def _notification(self, entry):
        """One notification in the words of S3 rather than CloudFormation's."""
        logical_id, attribute = entry["Queue"]["Fn::GetAtt"]
        check(attribute == "Arn", "a notification must lead to the ARN of a queue")
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
        check(
            stack.outputs["ReaderRoleArn"] == self.stack.parameters["OrganizationRoleArn"],
            "the reader role is not the one that the function was told of",
        )
        say(f"{ORGANIZATION_EVENTS} is deployed in {MANAGEMENT}, {ANNOUNCED_IN}")

    def admit(self, *accounts):
        """Deploys the role in these accounts, as a StackSet would."""
        parameters = {"FunctionRoleArn": self.stack.outputs["FunctionRoleArn"], "ExternalId": EXTERNAL_ID}
        for account in accounts:
            stack = self._deploy(account, ANNOUNCED_IN, load(MEMBER_ROLE), parameters)
            self.members[account] = stack
            check(
                stack.outputs["MemberRoleName"] == self.stack.parameters["MemberRoleName"],
                "the member's role is not the one that the function was told of",
            )
        say(f"{MEMBER_ROLE} is deployed in {', '.join(accounts)}")

    def run(self, command):
        """What a person types in the administrator account; what it prints."""
        ended = subprocess.run(
            shlex.split(command),
            cwd=self.folder,
            env={
                **CLEAN,
                **self.cloud.environment(f"arn:aws:iam::{ADMINISTRATOR}:role/Operator", HOME),
                "PATH": f"{Path(sys.executable).parent}:{CLEAN['PATH']}",
            },
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        check(ended.returncode == 0, f"{command}: {ended.stderr.strip()}")
        return ended.stdout

    def upload(self, lists, text):
        """Uploads a list by the stack's own command."""
        (self.folder / "list.csv").write_text(text, encoding="utf-8")
        command = self.stack.outputs["UploadCommand"].replace("/accounts/", f"/{lists}/")
        say(f"$ {command}")
        self.run(command)

    def report(self, of):
        """The report of accounts/list or of another one: JSON and, by the stack's own command, CSV."""
        command = self.stack.outputs["ReportCommand"].replace("accounts/list", of)
        say(f"$ {command}")
        table = self.run(command)
        bucket, key = command.split("s3://")[1].split()[0].split("/", 1)
        body = self.client("s3").get_object(Bucket=bucket, Key=key.removesuffix(".csv") + ".json")["Body"].read()
        check(b"@" not in body, f"the JSON report of {of} has an e-mail address in it")
        return json.loads(body), table
