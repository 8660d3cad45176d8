"""Tags of detectors, and sessions that depend on them."""

import json
from collections.abc import Callable

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import bad_request, empty, refused
from tests.boto3.simulator import ADMINISTRATOR, HOME, Simulator

TAG = "guardduty-onboarding"


@pytest.fixture
def tagged(new_account: Callable[[], Account]) -> Account:
    return new_account().enable(Tags={TAG: ADMINISTRATOR})


def arn(account: Account) -> dict[str, str]:
    return {"ResourceArn": f"arn:aws:guardduty:{HOME}:{account.number}:detector/{account.own['DetectorId']}"}


def tags(account: Account) -> dict[str, str]:
    return account.guardduty.list_tags_for_resource(**arn(account))["Tags"]


def test_tags_are_added_and_removed(tagged: Account):
    empty_with(204, tagged.guardduty.tag_resource(**arn(tagged), Tags={"team": "security", "cost": "1"}))
    assert tags(tagged) == {TAG: ADMINISTRATOR, "team": "security", "cost": "1"}
    empty_with(204, tagged.guardduty.untag_resource(**arn(tagged), TagKeys=["team", "cost"]))
    assert tags(tagged) == tagged.detector()["Tags"] == {TAG: ADMINISTRATOR}


def empty_with(status: int, answer: dict[str, dict[str, int]]):
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert set(answer) == {"ResponseMetadata"}


def test_a_member_does_not_change_its_tags(administrator: Account, tagged: Account):
    administrator.onboard(tagged)
    bad_request(refusals.MEMBERS_CANNOT_MANAGE, tagged.guardduty.tag_resource, **arn(tagged), Tags={"team": "x"})
    assert tags(tagged) == {TAG: ADMINISTRATOR}


def session(simulator: Simulator, account: Account, *statements: dict[str, object]) -> Account:
    """The account as it may act with these permissions."""
    policy = {"Statement": [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]}
    keys = simulator.assume(account.number, Policy=json.dumps(policy))
    return Account(simulator, account.number, keys=keys)


def test_a_detector_is_not_created_without_permission_for_its_tag(
    simulator: Simulator, new_account: Callable[[], Account]
):
    account = new_account()
    allowed = {"Action": ["guardduty:CreateDetector", "iam:*"]}
    create = session(simulator, account, allowed).guardduty.create_detector
    words = refused("AccessDeniedException", 403, create, Enable=True, Tags={TAG: ADMINISTRATOR})
    assert "is not authorized to perform: guardduty:TagResource on resource: " in words
    assert account.guardduty.list_detectors()["DetectorIds"] == []
    assert create(Enable=True)["DetectorId"]


def test_a_session_may_be_bound_to_detectors_with_a_tag(simulator: Simulator, tagged: Account, second: Account):
    condition = {"StringEquals": {f"aws:ResourceTag/{TAG}": ADMINISTRATOR}}
    allowed = {"Action": "guardduty:DeleteDetector", "Condition": condition}
    delete = session(simulator, second, allowed).guardduty.delete_detector
    refused("AccessDeniedException", 403, delete, **second.own)
    empty(session(simulator, tagged, allowed).guardduty.delete_detector(**tagged.own))
