"""The stack that fetches the function's zip by itself: the plain stack and a copier, in one template."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dist.from_release import COPIER, from_release
from dist.stack import function_of, plain
from dist.template import ROOT, Node, parse, read, text
from tests.deploy.test_lint import CHECKOV, ENVIRONMENT, TOOLS, lint
from tests.support.templates import listed, ref, within

PROCESSORS = ("x86_64", "arm64")
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ADDRESS = "https://example.com/releases/v1.2.3/function.zip"
INTERFACE = "AWS::CloudFormation::Interface"
PARAMETER = "FunctionZipAddress"

STACK = from_release("x86_64", SHA256, "")
RESOURCES = STACK["Resources"]
ADDED = set(read(COPIER)["Resources"]) - {"Function"}

# CloudFormation's limits. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LONGEST_TEMPLATE = 1_000_000
LONGEST_CODE = 4095
LONGEST_TIMEOUT = 3600


def make(file: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Runs from_release.py where there is nothing but Python: no cargo, no sam, no pip."""
    environment = ENVIRONMENT | {"PATH": str(file.parent / "no-programs"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, ROOT / "dist/from_release.py", *arguments, file]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", params=[("x86_64", ""), ("arm64", ADDRESS)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As it is built at home, and for a release."""
    file = tmp_path_factory.mktemp("release") / "stack-from-release.yaml"
    processor, address = request.param
    ended = make(file, processor, SHA256, address)
    assert ended.returncode == 0, ended.stderr
    assert parse(file.read_text(encoding="utf-8")) == from_release(processor, SHA256, address)
    return file


def test_cfn_lint_finds_nothing(made: Path):
    lint(TOOLS / "cfn-lint", "--non-zero-exit-code", "informational", "--include-checks", "I", "--", made)


def test_checkov_finds_nothing(made: Path):
    lint(CHECKOV, "--file", made, "--framework", "cloudformation", "--compact", "--quiet", "--skip-download")


def test_cloudformation_takes_it(made: Path):
    assert made.stat().st_size < LONGEST_TEMPLATE


@pytest.mark.parametrize("name", sorted(ADDED))
def test_a_check_is_passed_over_for_a_reason(name: str):
    for skipped in RESOURCES[name].get("Metadata", {}).get("checkov", {}).get("skip", []):
        assert len(skipped.get("comment", "")) >= 20


@pytest.mark.parametrize("arguments", [("e3b0", ADDRESS), (SHA256.upper(), ""), (SHA256, "http://example.com/a.zip")])
def test_what_is_no_sum_or_address_makes_no_template(arguments: tuple[str, str], tmp_path: Path):
    file = tmp_path / "stack.yaml"
    ended = make(file, "x86_64", *arguments)
    assert ended.returncode == 1
    assert "is not made: " in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not file.exists()


@pytest.mark.parametrize("processor", PROCESSORS)
def test_everything_of_the_plain_stack_is_there_but_the_code(processor: str):
    stack, below = from_release(processor, SHA256, ADDRESS), plain(processor)
    assert set(stack["Resources"]) - set(below["Resources"]) == ADDED
    function_of(below)["Properties"]["Code"] = {"S3Bucket": ref("CodeBucket"), "S3Key": ref("FunctionZip")}
    for name in ADDED:
        del stack["Resources"][name]
    del stack["Parameters"][PARAMETER]
    del stack["Conditions"]["ZipIsInS3"]
    interface = stack["Metadata"][INTERFACE]
    del interface["ParameterLabels"][PARAMETER]
    for group in interface["ParameterGroups"]:
        group["Parameters"] = [name for name in group["Parameters"] if name != PARAMETER]
    assert stack == below


def test_the_code_is_the_file_and_short_enough_to_stand_in_a_template():
    code = RESOURCES["Copier"]["Properties"]["Code"]["ZipFile"]
    assert code == (ROOT / "dist/copier.py").read_text(encoding="utf-8")
    assert len(code.encode()) <= LONGEST_CODE
    assert parse(text(code)) == code


def test_the_sum_stands_in_the_template_and_is_no_parameter():
    assert RESOURCES["FunctionZip"]["Properties"]["Sha256"] == SHA256
    assert [part for part in within(STACK) if SHA256 in part.values()] == [RESOURCES["FunctionZip"]["Properties"]]


def test_the_address_has_a_default_only_if_there_is_a_release():
    assert "Default" not in STACK["Parameters"][PARAMETER]
    assert from_release("arm64", SHA256, ADDRESS)["Parameters"][PARAMETER]["Default"] == ADDRESS


def test_the_address_is_asked_for_first_in_the_functions_group():
    interface = STACK["Metadata"][INTERFACE]
    (group,) = (group for group in interface["ParameterGroups"] if PARAMETER in group["Parameters"])
    assert group["Label"]["default"] == "The function"
    assert group["Parameters"][0] == PARAMETER
    assert interface["ParameterLabels"][PARAMETER]["default"]


def test_the_copier_tells_which_parameter_to_check():
    assert f"check {PARAMETER}" in RESOURCES["Copier"]["Properties"]["Code"]["ZipFile"]


ADDRESSES = STACK["Parameters"][PARAMETER]["AllowedPattern"]


@pytest.mark.parametrize(
    "good",
    [
        ADDRESS,
        "https://example.com:8443/a%20b/function.zip?X-Amz-Signature=ab%2Bcd&x=~1",
        "https://203.0.113.1/function.zip",
        "s3://amzn-s3-demo-bucket/function.zip",
        "s3://amzn-s3-demo-bucket/guardduty-onboarding/v1.2.3/function+x86_64.zip",
    ],
)
def test_an_address_is_taken(good: str):
    assert re.search(ADDRESSES, good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "http://example.com/function.zip",
        "https://example.com",
        "https://user:secret@example.com/function.zip",
        "https://example.com/two words.zip",
        'https://example.com/"function.zip',
        "https://example.com/a\\b.zip",
        "https://example.com/function.zip\n",
        "file:///etc/passwd",
        "s3://amzn-s3-demo-bucket",
        "s3://amzn-s3-demo-bucket/",
        # These would open more than one object to the copier.
        "s3://amzn-s3-demo-bucket/*",
        "s3://amzn-s3-demo-bucket/function?.zip",
        "s3://amzn-s3-demo-*/function.zip",
        "s3://amzn-s3-demo-bucket/${aws:username}",
        # What stands between the two :// would be the object.
        "s3://amzn-s3-demo-bucket/a://b",
        "arn:aws:s3:::amzn-s3-demo-bucket/function.zip",
        "function.zip",
    ],
)
def test_what_is_no_address_of_a_zip_is_refused(bad: str):
    # CloudFormation's patterns are Java's, which match the whole value.
    assert not re.fullmatch(ADDRESSES, bad)


def needs(name: str) -> set[str]:
    """The resources that a resource waits for, and so is deleted before."""
    found, ahead = set(), [name]
    while ahead:
        resource = RESOURCES[ahead.pop()]
        named = set(listed(resource.get("DependsOn", [])))
        for part in within(resource):
            named |= {part["Ref"]} if "Ref" in part else set()
            named |= {part["Fn::GetAtt"][0]} if "Fn::GetAtt" in part else set()
            substituted = listed(part.get("Fn::Sub", ""))[0]
            named |= set(re.findall(r"\$\{(\w+)", substituted))
        new = (named & set(RESOURCES)) - found
        found |= new
        ahead += new
    return found


def test_the_function_waits_for_its_copy_and_the_copy_for_all_that_deletes_it():
    assert "FunctionZip" in needs("Function")
    assert needs("FunctionZip") == ADDED - {"FunctionZip"}


def constants() -> dict[str, Node]:
    """The numbers in the copier's code, by their names."""
    found = {}
    for part in ast.parse(RESOURCES["Copier"]["Properties"]["Code"]["ZipFile"]).body:
        match part:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Constant(number)):
                found[name] = number
            case ast.Assign(targets=[ast.Tuple(names)], value=ast.Tuple() as numbers):
                found |= zip((name.id for name in names), ast.literal_eval(numbers), strict=True)
    return found


def test_the_times_fit_into_each_other():
    fetched, copier = (RESOURCES[name]["Properties"] for name in ("FunctionZip", "Copier"))
    busy = sum(constants()["PAUSES"]) + constants()["TIMEOUT"] + constants()["LONGEST"]
    assert busy < copier["Timeout"] < fetched["ServiceTimeout"] <= LONGEST_TIMEOUT
    assert copier["MemorySize"] * 1_000_000 > 3 * constants()["MOST_BYTES"]


BUCKET = RESOURCES["CodeBucket"]["Properties"]


def test_the_bucket_of_the_code_is_as_closed_as_the_one_of_lists():
    of_lists = RESOURCES["Bucket"]["Properties"]
    for name in ("BucketEncryption", "PublicAccessBlockConfiguration", "OwnershipControls"):
        assert BUCKET[name] == of_lists[name]


def test_the_bucket_of_the_code_goes_with_its_stack():
    """A version that nobody deletes would keep it."""
    assert "VersioningConfiguration" not in BUCKET
    for name in ADDED:
        assert RESOURCES[name].get("DeletionPolicy", "Delete") == "Delete"


def test_nobody_but_the_copier_writes_code_and_nobody_reads_it_without_tls():
    policy = RESOURCES["CodeBucketPolicy"]["Properties"]
    assert policy["Bucket"] == ref("CodeBucket")
    objects = {"Fn::Sub": "${CodeBucket.Arn}/*"}
    denied = {"Effect": "Deny", "Principal": "*"}
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Sid": "TlsOnly",
            **denied,
            "Action": "s3:*",
            "Resource": [{"Fn::GetAtt": ["CodeBucket", "Arn"]}, objects],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "OnlyTheCopierWrites",
            **denied,
            "Action": "s3:PutObject",
            "Resource": objects,
            "Condition": {"ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["CopierRole", "Arn"]}}},
        },
    ]


def statements() -> dict[str, Node]:
    return {part["Sid"]: part for part in within(RESOURCES["CopierRole"]["Properties"]["Policies"]) if "Sid" in part}


def test_the_copiers_role_keeps_copies_in_this_account_and_writes_its_log_and_that_is_all():
    assert set(statements()) == {"KeepCopies", "FetchTheZip", "Logs"}
    own = {"StringEquals": {"aws:ResourceAccount": ref("AWS::AccountId")}}
    assert statements()["KeepCopies"]["Condition"] == own
    assert statements()["Logs"]["Resource"] == {"Fn::GetAtt": ["CopierLogGroup", "Arn"]}
    assert "ManagedPolicyArns" not in RESOURCES["CopierRole"]["Properties"]


@pytest.mark.parametrize("name", sorted(ADDED))
def test_cloudformation_chooses_its_name(name: str):
    """A fixed one would be one more name that may be taken."""
    assert RESOURCES[name]["Properties"].keys().isdisjoint({"BucketName", "FunctionName", "LogGroupName", "RoleName"})
