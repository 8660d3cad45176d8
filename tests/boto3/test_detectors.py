"""Detectors: one in each Region of an account, its state, and whose it is."""

import json
from collections.abc import Callable

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import HEX32, TIMESTAMP, bad_request, empty
from tests.boto3.simulator import AWAY, Simulator

# Formed as a detector id, owned by nobody (it is the sample of the API reference).
NOBODYS = {"DetectorId": "12abc34d567e8fa901bc2d34e56789f0"}
MALFORMED = {"DetectorId": "not-a-detector"}


def test_there_is_no_detector_to_begin_with(new_account: Callable[[], Account]):
    account = new_account()
    assert account.guardduty.list_detectors()["DetectorIds"] == []
    assert account.elsewhere(AWAY).guardduty.list_detectors()["DetectorIds"] == []


def test_a_detector_is_created(administrator: Account):
    assert HEX32.fullmatch(administrator.own["DetectorId"])
    assert administrator.guardduty.list_detectors()["DetectorIds"] == [administrator.own["DetectorId"]]


def test_a_second_detector_is_refused(administrator: Account):
    bad_request(refusals.DETECTOR_EXISTS, administrator.guardduty.create_detector, Enable=True)


def test_a_refusal_has_the_envelope_that_awss_has(simulator: Simulator, administrator: Account):
    guardduty = administrator.guardduty
    with pytest.raises(guardduty.exceptions.BadRequestException):
        guardduty.create_detector(Enable=True)
    answer = simulator.last_answer
    assert answer["headers"].get("x-amzn-errortype") == "BadRequestException"
    assert answer["headers"].get("content-type") == "application/json"
    assert json.loads(answer["body"]) == {"message": refusals.DETECTOR_EXISTS, "__type": "InvalidInputException"}


def test_a_detector_is_of_one_region_only(administrator: Account):
    away = administrator.elsewhere(AWAY).guardduty
    assert away.list_detectors()["DetectorIds"] == []
    bad_request(refusals.DETECTOR_NOT_OWNED, away.get_detector, **administrator.own)


def test_the_same_client_token_creates_one_detector_however_often_it_is_sent(administrator: Account):
    away = administrator.elsewhere(AWAY).guardduty
    first, again = (away.create_detector(Enable=True, ClientToken="walk-token")["DetectorId"] for _ in range(2))
    assert first == again
    assert first != administrator.own["DetectorId"], "two Regions share a detector id"


def test_a_detector_shows_its_state(administrator: Account):
    detector = administrator.detector()
    assert detector["Status"] == "ENABLED"
    role = f"arn:aws:iam::{administrator.number}:role/aws-service-role/guardduty"
    assert detector["ServiceRole"].startswith(role)
    assert TIMESTAMP.fullmatch(detector["CreatedAt"])
    assert TIMESTAMP.fullmatch(detector["UpdatedAt"])
    assert detector["FindingPublishingFrequency"] == "SIX_HOURS"


def test_a_detector_keeps_its_tags(new_account: Callable[[], Account]):
    account = new_account().enable(Tags={"team": "security"})
    assert account.detector()["Tags"] == {"team": "security"}


def test_a_detector_is_suspended_and_resumed(administrator: Account):
    update = administrator.guardduty.update_detector
    empty(update(**administrator.own, Enable=False))
    assert administrator.detector()["Status"] == "DISABLED"
    empty(update(**administrator.own, Enable=True, FindingPublishingFrequency="ONE_HOUR"))
    detector = administrator.detector()
    assert (detector["Status"], detector["FindingPublishingFrequency"]) == ("ENABLED", "ONE_HOUR")


def test_without_members_a_detector_is_deleted(administrator: Account):
    empty(administrator.guardduty.delete_detector(**administrator.own))
    bad_request(refusals.DETECTOR_NOT_OWNED, administrator.guardduty.get_detector, **administrator.own)
    assert administrator.guardduty.list_detectors()["DetectorIds"] == []


def test_a_malformed_detector_id_is_refused(administrator: Account, member: Account):
    guardduty = administrator.guardduty
    bad_request(refusals.DETECTOR_MALFORMED, guardduty.get_detector, **MALFORMED)
    bad_request(refusals.DETECTOR_MALFORMED, guardduty.get_members, **MALFORMED, AccountIds=[member.number])


def test_a_detector_that_nobody_has_is_refused(administrator: Account):
    guardduty = administrator.guardduty
    bad_request(refusals.DETECTOR_NOT_OWNED, guardduty.get_detector, **NOBODYS)
    bad_request(refusals.DETECTOR_NOT_OWNED, guardduty.update_detector, **NOBODYS, Enable=True)
    bad_request(refusals.DETECTOR_NOT_OWNED, guardduty.delete_detector, **NOBODYS)
    bad_request(refusals.DETECTOR_NOT_OWNED, guardduty.list_members, **NOBODYS)


def test_another_accounts_detector_is_refused(administrator: Account, member: Account, second: Account):
    guardduty = member.guardduty
    bad_request(refusals.DETECTOR_NOT_OWNED, guardduty.get_detector, **administrator.own)
    bad_request(refusals.DETECTOR_NOT_OWNED, guardduty.get_members, **administrator.own, AccountIds=[second.number])


def test_a_page_of_more_than_fifty_is_refused(administrator: Account):
    guardduty = administrator.guardduty
    bad_request(refusals.MAX_RESULTS_OUT_OF_BOUNDS, guardduty.list_detectors, MaxResults=51)
    bad_request(refusals.MAX_RESULTS_OUT_OF_BOUNDS, guardduty.list_members, **administrator.own, MaxResults=51)
    bad_request(refusals.MAX_RESULTS_OUT_OF_BOUNDS, guardduty.list_invitations, MaxResults=51)
