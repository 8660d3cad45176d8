"""The end of a membership, by the administrator or by the member."""

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import bad_request, empty, unprocessed
from tests.boto3.simulator import AWAY


def test_a_member_leaves_its_administrator(administrator: Account, member: Account):
    administrator.onboard(member)
    leave = member.guardduty.disassociate_from_administrator_account
    empty(leave(**member.own))
    assert administrator.status_of(member) == "Resigned"
    empty(member.guardduty.get_administrator_account(**member.own))
    assert member.detector()["Status"] == "ENABLED"
    bad_request(refusals.NOT_ASSOCIATED_TO_AN_ADMINISTRATOR, leave, **member.own)


def test_a_member_leaves_by_the_operations_old_name(administrator: Account, member: Account):
    administrator.onboard(member)
    empty(member.guardduty.disassociate_from_master_account(**member.own))
    assert administrator.status_of(member) == "Resigned"


def test_a_member_that_left_is_invited_again_without_being_created_again(administrator: Account, member: Account):
    administrator.onboard(member)
    empty(member.guardduty.disassociate_from_administrator_account(**member.own))
    administrator.invite_again(member)
    member.accept(administrator)
    assert administrator.status_of(member) == "Enabled"


def test_an_administrator_lets_a_member_go_which_keeps_its_detector(administrator: Account, member: Account):
    administrator.onboard(member)
    let_go(administrator, member)
    gone = administrator.sees(member)
    assert (gone["RelationshipStatus"], gone["Email"]) == ("Removed", member.email)
    empty(member.guardduty.get_administrator_account(**member.own))
    assert member.detector()["Status"] == "ENABLED"
    assert administrator.members() == set()


def let_go(administrator: Account, *members: Account):
    numbers = [member.number for member in members]
    unprocessed(administrator.guardduty.disassociate_members(**administrator.own, AccountIds=numbers), {})


def test_a_member_that_is_gone_is_not_let_go_again(administrator: Account, member: Account):
    administrator.onboard(member)
    let_go(administrator, member)
    answer = administrator.guardduty.disassociate_members(**administrator.own, AccountIds=[member.number])
    unprocessed(answer, {member.number: refusals.NOT_YET_ASSOCIATED})


def test_a_deleted_member_comes_back_only_if_it_is_created_and_invited(administrator: Account, member: Account):
    administrator.onboard(member)
    let_go(administrator, member)
    asked = {**administrator.own, "AccountIds": [member.number]}
    unprocessed(administrator.guardduty.delete_members(**asked), {})
    unprocessed(administrator.guardduty.invite_members(**asked), {member.number: refusals.EMAIL_MISSING})
    unprocessed(administrator.guardduty.delete_members(**asked), {member.number: refusals.NOT_AN_ASSOCIATED_MEMBER})
    administrator.onboard(member)
    assert administrator.status_of(member) == "Enabled"


def test_a_member_removed_while_it_was_suspended_stays_off(administrator: Account, member: Account):
    administrator.onboard(member)
    asked = {**administrator.own, "AccountIds": [member.number]}
    unprocessed(administrator.guardduty.stop_monitoring_members(**asked), {})
    let_go(administrator, member)
    assert member.detector()["Status"] == "DISABLED"
    refused = {member.number: refusals.NOT_AN_ASSOCIATED_MEMBER}
    unprocessed(administrator.guardduty.start_monitoring_members(**asked), refused)
    empty(member.guardduty.update_detector(**member.own, Enable=True))
    assert member.detector()["Status"] == "ENABLED"


def test_a_detector_with_members_is_not_suspended(administrator: Account, member: Account):
    administrator.onboard(member)
    suspend = administrator.guardduty.update_detector
    bad_request(refusals.SUSPENDED_WITH_MEMBERS, suspend, **administrator.own, Enable=False)
    assert administrator.detector()["Status"] == "ENABLED"
    let_go(administrator, member)
    empty(suspend(**administrator.own, Enable=False))


def test_members_that_are_gone_can_be_deleted(administrator: Account, member: Account, second: Account):
    administrator.onboard(member, second)
    let_go(administrator, member)
    empty(second.guardduty.disassociate_from_administrator_account(**second.own))
    numbers = [member.number, second.number]
    unprocessed(administrator.guardduty.delete_members(**administrator.own, AccountIds=numbers), {})
    assert administrator.guardduty.get_members(**administrator.own, AccountIds=numbers)["Members"] == []
    assert administrator.members(OnlyAssociated="false") == set()
    empty(administrator.guardduty.delete_detector(**administrator.own))


@pytest.fixture
def away(administrator: Account) -> Account:
    """The administrator in the other Region."""
    return administrator.elsewhere(AWAY).enable()


def test_the_other_region_is_onboarded_on_its_own(administrator: Account, away: Account, member: Account):
    there = member.elsewhere(AWAY).enable()
    away.onboard(there)
    assert away.status_of(there) == "Enabled"
    assert administrator.sees(member) is None


def test_a_member_that_deletes_its_detector_is_removed(away: Account, member: Account):
    there = member.elsewhere(AWAY).enable()
    away.onboard(there)
    empty(there.guardduty.delete_detector(**there.own))
    assert away.status_of(there) == "Removed"
