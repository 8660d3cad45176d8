"""What the module would do, which `terraform plan` says, and what it refuses."""

import hashlib
import json

import pytest

from dist.stack import function_of
from tests.deploy.terraform.archive import MODULE, PLAIN, SUMS, Archive, sum_of
from tests.deploy.terraform.cloud import BUCKET, CHINA, ELSEWHERE, REGION, Cloud, bucket
from tests.deploy.terraform.operator import Operator

PARAMETERS = PLAIN["Parameters"]
CONSTRAINTS = ("AllowedValues", "AllowedPattern", "MinLength", "MaxLength", "MinValue", "MaxValue")


def test_the_module_is_formatted(newcomer: Operator):
    newcomer.run("fmt", "-check", "-diff", "-recursive", str(MODULE))


def test_terraform_finds_the_configuration_of_the_readme_valid(newcomer: Operator):
    Archive(newcomer.folder, "1.0.0", PLAIN)
    newcomer.writes("1.0.0")
    newcomer.run("validate")
    assert newcomer.run("fmt", "main.tf") == "", "the README's configuration is not formatted"


def test_the_stack_is_the_archives_with_its_code_in_s3(newcomer: Operator):
    archive = Archive(newcomer.folder, "1.0.0", PLAIN)
    newcomer.writes("1.0.0")

    planned = newcomer.planned()

    function, template = planned["aws_s3_object.function"], planned["aws_s3_object.template"]
    assert function["key"] == f"guardduty-onboarding/function-{sum_of(archive.zip)}.zip"
    deployed = json.loads(template["content"])
    assert function_of(deployed)["Properties"].pop("Code") == {"S3Bucket": BUCKET, "S3Key": function["key"]}
    wanted = json.loads(json.dumps(PLAIN))
    del function_of(wanted)["Properties"]["Code"]
    assert deployed == wanted
    stack = planned["aws_cloudformation_stack.stack"]
    assert stack["template_url"] == f"https://{BUCKET}.s3.{REGION}.amazonaws.com/{template['key']}"
    assert stack["capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert hashlib.sha256(template["content"].encode()).hexdigest() in template["key"]


def test_an_input_that_is_not_given_or_null_has_the_templates_default(newcomer: Operator):
    Archive(newcomer.folder, "1.0.0", PLAIN)
    newcomer.writes("1.0.0", {"MaxConcurrency": 256, "AllowSuspend": True, "LogLevel": None, "SettleSeconds": None})

    given = newcomer.planned()["aws_cloudformation_stack.stack"]["parameters"]

    defaults = {name: str(entry["Default"]) for name, entry in PARAMETERS.items() if "Default" in entry}
    own = {"MemberRoleExternalId": "example-external-id", "MaxConcurrency": "256", "AllowSuspend": "true"}
    assert given == defaults | own


def test_in_china_the_template_has_its_address_there(newcomer: Operator):
    Archive(newcomer.folder, "1.0.0", PLAIN)
    newcomer.writes("1.0.0", {"bucket": bucket(CHINA)}, CHINA)
    url = newcomer.planned()["aws_cloudformation_stack.stack"]["template_url"]
    assert url.startswith(f"https://{bucket(CHINA)}.s3.{CHINA}.amazonaws.com.cn/")


@pytest.mark.parametrize("file", ["function.zip", "stack.yaml"])
def test_a_file_with_another_sum_is_refused_before_anything_is_made(cloud: Cloud, newcomer: Operator, file: str):
    archive = Archive(newcomer.folder, "1.0.0", PLAIN)
    newcomer.writes("1.0.0")
    damaged = archive.folder / file
    expected = sum_of(damaged)
    damaged.write_bytes(damaged.read_bytes() + b"\n")

    (refusal,) = newcomer.refusals()

    assert refusal == (
        f"The SHA-256 of {file} is {sum_of(damaged)}, but SHA256SUMS has {expected}: unpack the archive again, and "
        "check the archive's own sum."
    )
    assert (cloud.uploaded(), cloud.stacks()) == ({}, [])


def test_an_archive_without_sums_is_refused(newcomer: Operator):
    archive = Archive(newcomer.folder, "1.0.0", PLAIN)
    (archive.folder / SUMS).unlink()
    newcomer.writes("1.0.0")
    (refusal,) = newcomer.refusals()
    assert refusal.startswith(f"The SHA-256 of function.zip is {sum_of(archive.zip)}, but SHA256SUMS has none:")


def test_a_pinned_sum_counts_instead_of_the_archives(newcomer: Operator):
    archive = Archive(newcomer.folder, "1.0.0", PLAIN)
    pinned = sum_of(archive.zip)
    archive.zip.write_bytes(b"another zip")
    newcomer.writes("1.0.0", {"function_sha256": pinned})
    (refusal,) = newcomer.refusals()
    assert f"is {sum_of(archive.zip)}, but function_sha256 has {pinned}:" in refusal

    newcomer.writes("1.0.0", {"function_sha256": sum_of(archive.zip).upper()})
    assert newcomer.planned()["aws_s3_object.function"]["key"].endswith(f"-{sum_of(archive.zip)}.zip")


def test_a_bucket_in_another_region_is_refused(newcomer: Operator):
    Archive(newcomer.folder, "1.0.0", PLAIN)
    newcomer.writes("1.0.0", {"bucket": bucket(ELSEWHERE)})
    (refusal,) = newcomer.refusals()
    assert refusal.endswith(f"Lambda takes code only from the stack's Region, {REGION}: name a bucket there.")


def unfit(parameter: dict[str, object]) -> str | int:
    """A value that CloudFormation would refuse."""
    return int(parameter.get("MaxValue", 9998)) + 1 if parameter["Type"] == "Number" else "no\n" * 1000


def test_an_input_that_cloudformation_would_refuse_is_refused_in_its_words(newcomer: Operator):
    Archive(newcomer.folder, "1.0.0", PLAIN)
    constrained = {name: entry for name, entry in PARAMETERS.items() if set(CONSTRAINTS) & set(entry)}
    newcomer.writes("1.0.0", {name: unfit(entry) for name, entry in constrained.items()})

    refusals = newcomer.refusals()

    said = {refusal.split("\n\n")[0] for refusal in refusals}
    assert said == {f"{name} {entry['ConstraintDescription']}" for name, entry in constrained.items()}


def test_terraform_takes_every_value_that_the_template_allows(newcomer: Operator):
    """A pattern means the same to Go as to CloudFormation: these are the template's own examples."""
    Archive(newcomer.folder, "1.0.0", PLAIN)
    inputs = {
        "MemberRoleName": "security/GuardDutyOnboarding",
        "OrganizationIds": "o-exampleorgid,o-exampleorgid2",
        "Regions": "us-east-1,us-gov-west-1",
        "InvitationMessage": "Für Sie",
        "ProtectedAccounts": "111122223333,444455556666",
        "ProtectionPlans": "S3_DATA_EVENTS=ENABLED,RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT=DISABLED",
        "FindingPublishingFrequency": "ONE_HOUR",
        "ReconcileSchedule": "cron(0 6 * * ? *)",
        "ManagementAccountId": "111122223333",
        "OrganizationRoleArn": "arn:aws-cn:iam::111122223333:role/GuardDutyOnboardingReader",
        "ListRetentionDays": "3650",
        "NotifyEmail": "security@example.com",
        "AlarmEmail": "security@example.com",
        "LogRetentionDays": 30,
        "MemorySize": 512,
    }
    newcomer.writes("1.0.0", inputs)
    given = newcomer.planned()["aws_cloudformation_stack.stack"]["parameters"]
    assert {name: given[name] for name in inputs} == {name: str(value) for name, value in inputs.items()}
