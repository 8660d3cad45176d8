"""Monitoring: the administrator's to stop and to start; a member may only switch its detector on."""

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import Answer, bad_request, empty, refused, unprocessed


def test_monitoring_is_stopped_and_started_by_the_administrator(administrator: Account, member: Account):
    administrator.onboard(member)
    asked = {**administrator.own, "AccountIds": [member.number]}
    unprocessed(administrator.guardduty.stop_monitoring_members(**asked), {})
    assert administrator.status_of(member) == "Disabled"
    assert administrator.members() == {member.number}, "a disabled member is an associated one"
    assert member.detector()["Status"] == "DISABLED"
    unprocessed(administrator.guardduty.start_monitoring_members(**asked), {})
    assert administrator.status_of(member) == "Enabled"
    assert member.detector()["Status"] == "ENABLED"


def test_a_member_that_is_not_monitored_switches_its_detector_on(administrator: Account, member: Account):
    administrator.onboard(member)
    asked = {**administrator.own, "AccountIds": [member.number]}
    unprocessed(administrator.guardduty.stop_monitoring_members(**asked), {})
    empty(member.guardduty.update_detector(**member.own, Enable=True))
    assert administrator.status_of(member) == "Enabled"


def test_a_member_publishes_findings_as_often_as_its_administrator(administrator: Account, member: Account):
    empty(administrator.guardduty.update_detector(**administrator.own, FindingPublishingFrequency="FIFTEEN_MINUTES"))
    assert member.detector()["FindingPublishingFrequency"] == "SIX_HOURS"
    administrator.onboard(member)
    assert member.detector()["FindingPublishingFrequency"] == "FIFTEEN_MINUTES"


@pytest.mark.parametrize(
    "change",
    [
        {"Enable": False},
        {"FindingPublishingFrequency": "ONE_HOUR"},
        {"Features": [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}]},
        {"DataSources": {"S3Logs": {"Enable": False}}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_member_changes_nothing_else_of_its_detector(administrator: Account, member: Account, change: Answer):
    administrator.onboard(member)
    bad_request(refusals.MEMBERS_CANNOT_MANAGE, member.guardduty.update_detector, **member.own, **change)


def test_an_administrator_by_invitation_has_no_organization_to_describe(administrator: Account, member: Account):
    administrator.onboard(member)
    describe = administrator.guardduty.describe_organization_configuration
    refused("BadRequestException", 400, describe, **administrator.own)
    assert administrator.guardduty.list_organization_admin_accounts()["AdminAccounts"] == []
