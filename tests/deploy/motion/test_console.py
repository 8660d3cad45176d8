"""What CloudFormation's console deploys, but for the copy of the zip: moto sends its copier no events."""

import copy

from dist.from_release import from_release
from tests.deploy.motion.cloud import HOME
from tests.deploy.motion.stacks import NOT_ON_MOTO, Stack
from tests.deploy.motion.stage import PARAMETERS, Stage
from tests.support.templates import Node

# It has no other stack.
ACCOUNT = "999999999999"
CODE = "example-console"
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ADDRESS = "https://example.com/guardduty-onboarding.zip"


def without_copy(stack: Node) -> Node:
    """The stack as if the copier had copied the zip already."""
    stack = copy.deepcopy(stack)
    del stack["Resources"]["FunctionZip"]
    function = stack["Resources"]["Function"]
    function["Properties"]["Code"] = {"S3Bucket": CODE, "S3Key": "function.zip"}
    return stack


def test_the_stack_from_a_release_is_deployed_with_its_copier(stage: Stage):
    s3 = stage.cloud.client("s3", ACCOUNT, HOME)
    s3.create_bucket(Bucket=CODE, CreateBucketConfiguration={"LocationConstraint": HOME})
    s3.put_object(Bucket=CODE, Key="function.zip", Body=b"")
    template = without_copy(from_release("x86_64", SHA256, ADDRESS))
    stack = Stack(stage.cloud, ACCOUNT, HOME, "guardduty-onboarding", template, PARAMETERS)
    assert stack.gaps <= set(NOT_ON_MOTO)
    assert {"Function", "Copier", "CopierRole", "CodeBucket"} <= set(stack.resources)
    # What the plain stack says of its outputs holds here, too.
    assert stack.outputs.keys() == stage.stack.outputs.keys()
