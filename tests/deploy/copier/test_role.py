"""The copier's role allows exactly what the copier does; moto asks nobody for permission, so both are compared."""

from collections.abc import Iterator

import pytest

from dist.template import Node
from tests.deploy.copier.custom_resource import CustomResource
from tests.deploy.copier.scene import OTHER_ZIP, ZIP, Scene, key_of
from tests.support.templates import NO_VALUE, listed, ref

COPIES = {"Fn::Sub": "${CodeBucket.Arn}/function-*.zip"}


def statements(template: Node) -> Iterator[Node]:
    """Those about S3, the one under a condition without it."""
    (policy,) = (
        policy["PolicyDocument"]
        for policy in template["Resources"]["CopierRole"]["Properties"]["Policies"]
        if policy["PolicyName"] == "copies"
    )
    for statement in policy["Statement"]:
        if "Fn::If" in statement:
            condition, statement, otherwise = statement["Fn::If"]
            assert condition == "ZipIsInS3"
            assert otherwise == NO_VALUE
        assert statement["Effect"] == "Allow"
        yield statement


@pytest.fixture
def allowed(template: Node) -> dict[str, set[str]]:
    return {statement["Sid"]: set(listed(statement["Action"])) for statement in statements(template)}


def a_life(resource: CustomResource, scene: Scene, first: str, second: str):
    """All that a stack does with it."""
    assert resource.create(scene.properties(first)).succeeded()
    assert resource.update(scene.properties(second, OTHER_ZIP)).succeeded()
    resource.clean_up()
    assert resource.delete().succeeded()


def test_with_a_zip_in_s3_it_does_what_its_role_allows_and_nothing_else(
    resource: CustomResource, scene: Scene, allowed: dict[str, set[str]]
):
    first = scene.in_s3(ZIP)
    scene.s3.put_object(Bucket=scene.release, Key="v2/function.zip", Body=OTHER_ZIP)
    a_life(resource, scene, first, f"s3://{scene.release}/v2/function.zip")
    assert scene.calls() == {
        (action, scene.bucket, key) for action in allowed["KeepCopies"] for key in (key_of(ZIP), key_of(OTHER_ZIP))
    } | {(action, scene.release, f"{v}/function.zip") for action in allowed["FetchTheZip"] for v in ("v1", "v2")}


def test_with_a_zip_on_the_web_it_needs_nothing_but_the_stacks_bucket(
    resource: CustomResource, scene: Scene, allowed: dict[str, set[str]]
):
    a_life(resource, scene, scene.on_the_web(ZIP), scene.on_the_web(OTHER_ZIP, "/v2/function.zip"))
    assert scene.calls() == {
        (action, scene.bucket, key) for action in allowed["KeepCopies"] for key in (key_of(ZIP), key_of(OTHER_ZIP))
    }


def test_it_may_touch_its_copies_and_that_zip_alone(template: Node):
    resources = {statement["Sid"]: statement["Resource"] for statement in statements(template)}
    after = {"Fn::Select": [1, {"Fn::Split": ["://", ref("FunctionZipAddress")]}]}
    assert resources == {
        "KeepCopies": COPIES,
        "FetchTheZip": {"Fn::Sub": ["arn:${AWS::Partition}:s3:::${Object}", {"Object": after}]},
    }


def test_it_may_fetch_from_s3_only_if_the_zip_is_there(template: Node):
    before = {"Fn::Select": [0, {"Fn::Split": ["://", ref("FunctionZipAddress")]}]}
    assert template["Conditions"]["ZipIsInS3"] == {"Fn::Equals": [before, "s3"]}
