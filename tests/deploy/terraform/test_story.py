"""The story of a stack: deployed, left alone, upgraded, taken down. Each test finds what the one before has left."""

import base64
import hashlib
import json

from dist.stack import function_of
from tests.deploy.terraform.archive import PLAIN, Archive, resolved, sum_of
from tests.deploy.terraform.cloud import ACCOUNT, BUCKET, REGION, Cloud
from tests.deploy.terraform.operator import CHANGES, NOTHING_TO_CHANGE, Operator

STACK = "guardduty-onboarding"
README = {"MemberRoleExternalId": "example-external-id"}


def unpack(operator: Operator, version: str, inputs: dict[str, str]) -> Archive:
    """Unpacks an archive, whose stack has the choices made that moto cannot make, and writes its configuration."""
    archive = Archive(operator.folder, version, resolved(ACCOUNT, REGION, README | inputs))
    operator.writes(version, inputs)
    return archive


def is_deployed(cloud: Cloud, archive: Archive, inputs: dict[str, str]):
    """There is the stack with these parameters, and its function has the code of that archive."""
    (stack,) = cloud.stacks()
    assert stack["StackName"] == STACK
    defaults = {name: str(entry["Default"]) for name, entry in PLAIN["Parameters"].items() if "Default" in entry}
    parameters = {entry["ParameterKey"]: entry["ParameterValue"] for entry in stack["Parameters"]}
    assert parameters == defaults | README | inputs

    key = f"guardduty-onboarding/function-{sum_of(archive.zip)}.zip"
    uploaded = cloud.uploaded()
    assert uploaded.pop(key) == archive.zip.read_bytes()
    ((_, template),) = uploaded.items()
    deployed = function_of(json.loads(template))["Properties"]
    assert deployed["Code"] == {"S3Bucket": BUCKET, "S3Key": key}
    function = cloud.client("lambda").get_function_configuration(FunctionName=deployed["FunctionName"])
    assert function["CodeSha256"] == base64.b64encode(hashlib.sha256(archive.zip.read_bytes()).digest()).decode()


def test_apply_deploys_the_stack(cloud: Cloud, operator: Operator):
    archive = unpack(operator, "1.0.0", {})
    operator.apply()
    is_deployed(cloud, archive, {})


def test_the_module_has_the_stacks_outputs(operator: Operator):
    outputs = json.loads(operator.run("output", "-json", "guardduty_onboarding"))
    # These parameters create no bus.
    assert set(outputs) == {name for name, output in PLAIN["Outputs"].items() if "Condition" not in output}
    assert outputs["FunctionRoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/GuardDutyOnboardingFunction"


def test_then_there_is_nothing_to_change(operator: Operator):
    assert operator.terraform("plan", "-detailed-exitcode").returncode == NOTHING_TO_CHANGE


def test_a_new_archive_upgrades_the_stack(cloud: Cloud, operator: Operator):
    (before,) = cloud.stacks()
    inputs = {"AllowSuspend": "true"}
    archive = unpack(operator, "1.1.0", inputs)
    assert operator.terraform("plan", "-detailed-exitcode").returncode == CHANGES

    done = operator.apply()

    is_deployed(cloud, archive, inputs)
    (after,) = cloud.stacks()
    assert after["StackId"] == before["StackId"]
    assert after["StackStatus"] == "UPDATE_COMPLETE"
    # A rollback would have needed the old code.
    assert done.index("update aws_cloudformation_stack.stack") < done.index("delete aws_s3_object.function")
    assert operator.terraform("plan", "-detailed-exitcode").returncode == NOTHING_TO_CHANGE


def test_destroy_takes_it_down_and_leaves_nothing_in_the_operators_bucket(cloud: Cloud, operator: Operator):
    operator.run("destroy", "-auto-approve")
    assert (cloud.uploaded(), cloud.stacks()) == ({}, [])
