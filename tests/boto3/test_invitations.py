"""Invitations: sent, verified, listed and declined."""

import time
from collections.abc import Callable

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import HEX32, TIMESTAMP, bad_request, empty, unprocessed
from tests.boto3.simulator import AWAY


def test_an_account_is_not_invited_before_it_was_created(administrator: Account, member: Account):
    answer = administrator.guardduty.invite_members(**administrator.own, AccountIds=[member.number])
    unprocessed(answer, {member.number: refusals.EMAIL_MISSING})
    assert administrator.sees(member) is None


def test_an_account_does_not_invite_itself(administrator: Account):
    answer = administrator.guardduty.invite_members(**administrator.own, AccountIds=[administrator.number])
    unprocessed(answer, {administrator.number: refusals.CANNOT_INVITE_ITSELF})


def test_members_are_invited(administrator: Account, member: Account, second: Account):
    administrator.create(member, second)
    answer = administrator.guardduty.invite_members(
        **administrator.own,
        AccountIds=[member.number, second.number],
        DisableEmailNotification=True,
        Message="please join",
    )
    unprocessed(answer, {})
    assert administrator.status_of(second) == "Invited"
    invited = administrator.sees(member)
    assert invited["RelationshipStatus"] == "Invited"
    assert TIMESTAMP.fullmatch(invited["InvitedAt"])


@pytest.mark.usefixtures("slow_verification")
def test_an_invited_members_e_mail_address_is_verified_first(administrator: Account, member: Account):
    administrator.invite(member)
    assert administrator.status_of(member) == "EmailVerificationInProgress"
    assert member.invitations() == []
    deadline = time.monotonic() + 15
    while administrator.status_of(member) == "EmailVerificationInProgress":
        assert time.monotonic() < deadline, "still not verified after 15 seconds"
        time.sleep(0.1)
    assert administrator.status_of(member) == "Invited"


def test_inviting_a_member_twice_is_reported_per_account(administrator: Account, member: Account):
    administrator.invite(member)
    answer = administrator.guardduty.invite_members(**administrator.own, AccountIds=[member.number])
    unprocessed(answer, {member.number: refusals.ALREADY_INVITED})


def test_a_detector_with_members_is_not_deleted(administrator: Account, member: Account):
    administrator.invite(member)
    delete = administrator.guardduty.delete_detector
    bad_request(refusals.DETECTOR_HAS_MEMBERS, delete, **administrator.own)


def test_the_invitation_is_in_the_members_list(administrator: Account, member: Account):
    administrator.invite(member)
    (invitation,) = member.invitations()
    assert invitation["AccountId"] == administrator.number
    assert HEX32.fullmatch(invitation["InvitationId"])
    assert invitation["RelationshipStatus"] == "Invited"
    assert TIMESTAMP.fullmatch(invitation["InvitedAt"])
    assert member.count_of_invitations() == 1
    assert member.elsewhere(AWAY).invitations() == []


def test_a_member_without_an_invitation_has_none_to_list_or_count(member: Account):
    assert member.invitations() == []
    assert member.count_of_invitations() == 0


def test_an_account_without_an_administrator_gets_an_empty_answer(member: Account):
    empty(member.guardduty.get_administrator_account(**member.own))
    empty(member.guardduty.get_master_account(**member.own))


def test_an_administrator_has_no_administrator(administrator: Account, member: Account):
    administrator.create(member)
    empty(administrator.guardduty.get_administrator_account(**administrator.own))


@pytest.mark.parametrize("operation", ["disassociate_from_administrator_account", "disassociate_from_master_account"])
def test_an_account_without_an_administrator_has_none_to_leave(member: Account, operation: str):
    leave = getattr(member.guardduty, operation)
    bad_request(refusals.NOT_ASSOCIATED_TO_AN_ADMINISTRATOR, leave, **member.own)


def test_an_invited_member_can_be_disassociated_invited_again_and_deleted(administrator: Account, member: Account):
    administrator.invite(member)
    asked = {**administrator.own, "AccountIds": [member.number]}
    unprocessed(administrator.guardduty.disassociate_members(**asked), {})
    assert administrator.status_of(member) == "Removed"
    administrator.invite_again(member)
    assert administrator.status_of(member) == "Invited"
    unprocessed(administrator.guardduty.delete_members(**asked), {})
    assert administrator.sees(member) is None


def test_another_administrator_may_invite_a_member_as_well(administrator: Account, stranger: Account, member: Account):
    administrator.onboard(member)
    stranger.invite(member)
    assert stranger.status_of(member) == "Invited"
    assert member.count_of_invitations() == 1


def test_invitations_come_in_pages(administrator: Account, stranger: Account, member: Account):
    administrator.onboard(member)
    stranger.invite(member)
    pages = member.guardduty.get_paginator("list_invitations").paginate(PaginationConfig={"PageSize": 1})
    found = [[entry["AccountId"] for entry in page["Invitations"]] for page in pages]
    assert max(len(page) for page in found) == 1
    assert sorted(inviter for page in found for inviter in page) == sorted([administrator.number, stranger.number])


def test_an_invitation_is_declined_before_it_is_deleted(administrator: Account, stranger: Account, member: Account):
    administrator.onboard(member)
    stranger.invite(member)
    theirs = {"AccountIds": [stranger.number]}
    unprocessed(member.guardduty.delete_invitations(**theirs), {stranger.number: refusals.INVITATION_IN_USE})
    unprocessed(member.guardduty.decline_invitations(**theirs), {})
    assert member.count_of_invitations() == 1
    unprocessed(member.guardduty.delete_invitations(**theirs), {})
    assert member.count_of_invitations() == 0
    assert member.inviters() == [administrator.number]


def test_a_declined_invitation_is_a_resignation_to_its_administrator_alone(
    administrator: Account, stranger: Account, member: Account
):
    administrator.onboard(member)
    stranger.invite(member)
    unprocessed(member.guardduty.decline_invitations(AccountIds=[stranger.number]), {})
    assert stranger.status_of(member) == "Resigned"
    assert administrator.status_of(member) == "Enabled"
    unprocessed(stranger.guardduty.delete_members(**stranger.own, AccountIds=[member.number]), {})
    assert stranger.sees(member) is None


def test_the_invitation_of_ones_administrator_is_not_deleted(administrator: Account, member: Account):
    administrator.onboard(member)
    answer = member.guardduty.delete_invitations(AccountIds=[administrator.number])
    unprocessed(answer, {administrator.number: refusals.INVITATION_IN_USE})


@pytest.mark.parametrize("leave", ["disassociate_members", "delete_members"])
def test_an_invitation_that_was_withdrawn_can_be_deleted(
    administrator: Account, new_account: Callable[[], Account], leave: str
):
    invited = new_account()
    administrator.invite(invited)
    asked = {**administrator.own, "AccountIds": [invited.number]}
    unprocessed(administrator.guardduty.disassociate_members(**asked), {})
    if leave == "delete_members":
        unprocessed(administrator.guardduty.delete_members(**asked), {})
    unprocessed(invited.guardduty.delete_invitations(AccountIds=[administrator.number]), {})
    assert invited.invitations() == []
