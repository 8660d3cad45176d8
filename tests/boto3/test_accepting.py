"""Accepting an invitation: what makes a monitored member, and who may not become one."""

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import bad_request, empty, unprocessed

NOBODYS_INVITATION = "84b097800250d17d1872b34c4daadcf5"


def test_a_member_accepts(administrator: Account, member: Account):
    administrator.invite(member)
    invitation = member.invitation(administrator)
    empty(member.guardduty.accept_administrator_invitation(**member.own, **invitation))
    assert administrator.status_of(member) == "Enabled"
    found = member.guardduty.get_administrator_account(**member.own)["Administrator"]
    assert found["AccountId"] == administrator.number
    assert found["RelationshipStatus"] == "Enabled"
    assert found["InvitationId"] == invitation["InvitationId"]


def test_a_member_accepts_by_the_operations_old_name(administrator: Account, member: Account, second: Account):
    administrator.onboard(member)
    administrator.invite(second)
    invitation = second.invitation(administrator)["InvitationId"]
    accept = second.guardduty.accept_invitation
    empty(accept(**second.own, MasterId=administrator.number, InvitationId=invitation))
    found = second.guardduty.get_master_account(**second.own)["Master"]
    assert (found["AccountId"], found["RelationshipStatus"]) == (administrator.number, "Enabled")
    assert administrator.members() == {member.number, second.number}


def test_an_accepted_invitation_stays_listed_and_is_no_longer_counted(administrator: Account, member: Account):
    administrator.onboard(member)
    listed = [(entry["AccountId"], entry["RelationshipStatus"]) for entry in member.invitations()]
    assert listed == [(administrator.number, "Enabled")]
    assert member.count_of_invitations() == 0


def test_without_an_invitation_there_is_none_to_accept(administrator: Account, member: Account):
    refuses(refusals.ACCEPT_NO_PENDING, member, administrator.number, NOBODYS_INVITATION)


def refuses(words: str, member: Account, administrator: str, invitation: str):
    """The member does not accept that invitation, for that reason."""
    accept = member.guardduty.accept_administrator_invitation
    bad_request(words, accept, **member.own, AdministratorId=administrator, InvitationId=invitation)


def test_an_empty_invitation_id_is_refused(administrator: Account, member: Account):
    administrator.invite(member)
    refuses(refusals.INVALID_OR_OUT_OF_RANGE, member, administrator.number, "")


def test_an_invitation_is_accepted_only_from_the_one_that_sent_it(
    administrator: Account, stranger: Account, member: Account
):
    administrator.invite(member)
    invitation = member.invitation(administrator)["InvitationId"]
    refuses(refusals.ACCEPT_NO_PENDING, member, stranger.number, invitation)


def test_an_invitation_is_accepted_only_by_its_own_id(administrator: Account, member: Account):
    administrator.invite(member)
    refuses(refusals.ACCEPT_NO_PENDING, member, administrator.number, NOBODYS_INVITATION)


def test_an_invitation_is_accepted_only_with_ones_own_detector(
    administrator: Account, member: Account, second: Account
):
    administrator.invite(member)
    invitation = member.invitation(administrator)
    accept = member.guardduty.accept_administrator_invitation
    bad_request(refusals.DETECTOR_NOT_OWNED, accept, **second.own, **invitation)
    bad_request(refusals.DETECTOR_MALFORMED, accept, DetectorId="not-a-detector", **invitation)


def test_accepting_twice_is_refused(administrator: Account, member: Account):
    administrator.onboard(member)
    refuses(refusals.ACCEPT_ALREADY_MEMBER, member, administrator.number, NOBODYS_INVITATION)


def test_a_member_of_one_administrator_does_not_accept_anothers_invitation(
    administrator: Account, stranger: Account, member: Account
):
    administrator.onboard(member)
    stranger.invite(member)
    invitation = member.invitation(stranger)["InvitationId"]
    refuses(refusals.ACCEPT_ALREADY_MEMBER, member, stranger.number, invitation)
    assert administrator.status_of(member) == "Enabled"


def test_an_account_with_members_does_not_accept_an_invitation(
    administrator: Account, stranger: Account, member: Account
):
    stranger.invite(member)
    administrator.invite(stranger)
    invitation = stranger.invitation(administrator)["InvitationId"]
    refuses(refusals.ACCEPT_HAS_MEMBERS, stranger, administrator.number, invitation)


@pytest.mark.parametrize(
    ("operation", "words"),
    [("invite_members", refusals.ALREADY_INVITED), ("delete_members", refusals.STILL_ASSOCIATED)],
)
def test_a_member_that_is_associated_is_neither_invited_nor_deleted(
    administrator: Account, member: Account, operation: str, words: str
):
    administrator.onboard(member)
    call = getattr(administrator.guardduty, operation)
    unprocessed(call(**administrator.own, AccountIds=[member.number]), {member.number: words})
    assert administrator.status_of(member) == "Enabled"


def test_a_member_that_is_associated_is_not_created(administrator: Account, member: Account):
    administrator.onboard(member)
    answer = administrator.guardduty.create_members(**administrator.own, AccountDetails=[member.details])
    unprocessed(answer, {member.number: refusals.ALREADY_A_MEMBER})
    assert administrator.status_of(member) == "Enabled"


def test_a_member_has_no_members_of_its_own(administrator: Account, member: Account, second: Account):
    administrator.onboard(member)
    guardduty, theirs = member.guardduty, second.number
    created = guardduty.create_members(**member.own, AccountDetails=[second.details])
    unprocessed(created, {theirs: refusals.CANNOT_CREATE_AS_MEMBER})
    invited = guardduty.invite_members(**member.own, AccountIds=[theirs])
    unprocessed(invited, {theirs: refusals.CANNOT_INVITE_AS_MEMBER})
    shown = guardduty.get_administrator_account(**member.own)["Administrator"]
    assert (shown["AccountId"], shown["RelationshipStatus"]) == (administrator.number, "Enabled")
