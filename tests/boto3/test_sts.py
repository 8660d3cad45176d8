"""STS: who calls, and what a session may do."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.boto3.accounts import Account
from tests.boto3.answers import refused
from tests.boto3.simulator import ADMINISTRATOR, Client, Simulator, keys_of, role_arn, session_arn

MEMBER = "111122223333"


@pytest.fixture
def sts(simulator: Simulator) -> Client:
    return simulator.client("sts")


def assume(sts: Client, **parameters: object) -> dict[str, Any]:
    return sts.assume_role(RoleArn=role_arn(MEMBER), RoleSessionName="walk", **parameters)


def lifetime(answer: dict[str, Any]) -> float:
    """How many seconds the session has still to live."""
    return (answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.UTC)).total_seconds()


def test_a_plain_access_key_is_the_administrator(sts: Client):
    identity = sts.get_caller_identity()
    assert identity["Account"] == ADMINISTRATOR
    assert identity["Arn"].startswith(f"arn:aws:iam::{ADMINISTRATOR}:")
    assert identity["UserId"]


def test_a_plain_access_key_switches_guardduty_on_for_the_administrator(simulator: Simulator):
    guardduty = simulator.client("guardduty")
    own = {"DetectorId": guardduty.create_detector(Enable=True)["DetectorId"]}
    role = guardduty.get_detector(**own)["ServiceRole"]
    guardduty.delete_detector(**own)
    assert role.startswith(f"arn:aws:iam::{ADMINISTRATOR}:role/")


def test_an_assumed_role_is_a_caller_of_the_members_account(simulator: Simulator, sts: Client):
    answer = assume(sts, ExternalId="walk-external-id")
    assert answer["AssumedRoleUser"]["Arn"] == session_arn(MEMBER)
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":walk")
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    identity = simulator.client("sts", keys=keys_of(answer["Credentials"])).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (MEMBER, session_arn(MEMBER))


def test_a_session_lasts_an_hour_by_default(sts: Client):
    assert 3500 < lifetime(assume(sts)) <= 3610


def test_a_session_lasts_as_long_as_asked(sts: Client):
    assert 800 < lifetime(assume(sts, DurationSeconds=900)) <= 910


def test_no_two_sessions_share_a_key(sts: Client):
    assert len({assume(sts)["Credentials"]["AccessKeyId"] for _ in range(3)}) == 3


def test_a_session_that_would_last_longer_than_twelve_hours_is_refused(sts: Client):
    refused("ValidationError", 400, assume, sts=sts, DurationSeconds=43201)


def test_a_session_name_with_a_blank_is_refused(sts: Client):
    refused("ValidationError", 400, sts.assume_role, RoleArn=role_arn(MEMBER), RoleSessionName="a walk")


def test_a_session_policy_that_is_not_json_is_refused(sts: Client):
    refused("MalformedPolicyDocument", 400, assume, sts=sts, Policy="allow everything")


@pytest.fixture
def newcomer(new_account: Callable[[], Account]) -> Account:
    """An account in which GuardDuty was never on."""
    return new_account()


def narrowed(simulator: Simulator, account: Account, *actions: str) -> Client:
    """GuardDuty for a session in that account that is allowed these actions alone."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return simulator.client("guardduty", keys=simulator.assume(account.number, Policy=policy))


def test_a_session_policy_lets_through_what_it_allows_and_nothing_else(simulator: Simulator, newcomer: Account):
    guardduty = narrowed(simulator, newcomer, "guardduty:ListDetectors", "guardduty:GetDetector")
    assert guardduty.list_detectors()["DetectorIds"] == []
    words = refused("AccessDeniedException", 403, guardduty.create_detector, Enable=True)
    caller = session_arn(newcomer.number)
    assert words.startswith(f"User: {caller} is not authorized to perform: guardduty:CreateDetector")
    refused("AccessDeniedException", 403, guardduty.list_invitations)


def test_an_accounts_first_detector_needs_leave_to_create_the_service_linked_role(
    simulator: Simulator, newcomer: Account
):
    guardduty = narrowed(simulator, newcomer, "guardduty:*")
    words = refused("AccessDeniedException", 400, guardduty.create_detector, Enable=True)
    needed = "The request was rejected because you do not have the required iam:CreateServiceLinkedRole permission."
    assert words == needed


@pytest.mark.parametrize("allowed", ["guardduty:ListDetectors", "guardduty:*"])
def test_what_a_session_was_refused_has_not_happened(simulator: Simulator, newcomer: Account, allowed: str):
    guardduty = narrowed(simulator, newcomer, allowed)
    with pytest.raises(guardduty.exceptions.ClientError):
        guardduty.create_detector(Enable=True)
    assert newcomer.guardduty.list_detectors()["DetectorIds"] == []
