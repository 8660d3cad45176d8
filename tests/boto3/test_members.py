"""Members as their administrator creates, lists and deletes them."""

from collections.abc import Callable

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import TIMESTAMP, bad_request, unprocessed
from tests.boto3.simulator import AWAY


def test_members_are_created(administrator: Account, member: Account, second: Account):
    administrator.create(member, second)
    created = administrator.sees(member)
    assert created["RelationshipStatus"] == "Created"
    assert created["Email"] == member.email
    assert created["AdministratorId"] == administrator.number
    assert created["MasterId"] == administrator.number
    assert TIMESTAMP.fullmatch(created["UpdatedAt"])
    assert "InvitedAt" not in created


def test_an_account_does_not_become_its_own_member(administrator: Account):
    answer = administrator.guardduty.create_members(**administrator.own, AccountDetails=[administrator.details])
    unprocessed(answer, {administrator.number: refusals.CANNOT_BE_ITS_OWN_MEMBER})


def test_creating_a_member_twice_is_reported_per_account(administrator: Account, member: Account, second: Account):
    administrator.create(member, second)
    details = [member.details, second.details]
    unprocessed(
        administrator.guardduty.create_members(**administrator.own, AccountDetails=details),
        dict.fromkeys((member.number, second.number), refusals.ALREADY_A_MEMBER),
    )


def test_fifty_one_accounts_in_one_call_are_refused_whole(administrator: Account, member: Account):
    words = refusals.BATCH_TOO_LONG.format("accountDetails")
    create = administrator.guardduty.create_members
    bad_request(words, create, **administrator.own, AccountDetails=[member.details] * 51)
    assert administrator.sees(member) is None


@pytest.mark.parametrize(
    "operation",
    [
        "invite_members",
        "get_members",
        "disassociate_members",
        "delete_members",
        "start_monitoring_members",
        "stop_monitoring_members",
        "get_member_detectors",
        "update_member_detectors",
    ],
)
def test_fifty_one_account_ids_in_one_call_are_refused_whole(administrator: Account, member: Account, operation: str):
    administrator.create(member)
    call = getattr(administrator.guardduty, operation)
    words = refusals.BATCH_TOO_LONG.format("accountIds")
    bad_request(words, call, **administrator.own, AccountIds=[member.number] * 51)
    assert administrator.status_of(member) == "Created"


def test_an_e_mail_of_more_than_sixty_four_characters_is_refused(administrator: Account, member: Account):
    details = [{"AccountId": member.number, "Email": "x" * 53 + "@example.com"}]
    create = administrator.guardduty.create_members
    bad_request(refusals.INVALID_VALUES, create, **administrator.own, AccountDetails=details)
    assert administrator.sees(member) is None


def test_an_account_that_is_no_member_is_simply_not_among_the_members(
    administrator: Account, member: Account, second: Account
):
    administrator.create(second)
    numbers = [member.number, second.number]
    found = administrator.guardduty.get_members(**administrator.own, AccountIds=numbers)["Members"]
    assert [entry["AccountId"] for entry in found] == [second.number]


def test_a_list_of_members_leaves_out_those_not_associated(administrator: Account, member: Account):
    administrator.create(member)
    assert administrator.members() == set()
    assert administrator.members(OnlyAssociated="true") == set()


@pytest.mark.parametrize("spelling", ["false", "FALSE"])
def test_a_list_of_members_has_all_of_them_if_asked_for(
    administrator: Account, member: Account, second: Account, spelling: str
):
    administrator.create(member, second)
    assert administrator.members(OnlyAssociated=spelling) == {member.number, second.number}


def test_only_associated_is_true_or_false(administrator: Account):
    list_members = administrator.guardduty.list_members
    bad_request(refusals.ONLY_ASSOCIATED_INVALID, list_members, **administrator.own, OnlyAssociated="maybe")


def test_members_come_in_pages(administrator: Account, member: Account, second: Account):
    administrator.create(member, second)
    asked = {**administrator.own, "OnlyAssociated": "false"}
    first = administrator.guardduty.list_members(**asked, MaxResults=1)
    assert len(first["Members"]) == 1
    assert first.get("NextToken")
    pages = administrator.guardduty.get_paginator("list_members").paginate(**asked, PaginationConfig={"PageSize": 1})
    found = [entry["AccountId"] for page in pages for entry in page["Members"]]
    assert sorted(found) == sorted([member.number, second.number])


def test_a_page_of_members_has_at_most_fifty(administrator: Account, new_account: Callable[[], Account]):
    created = [new_account() for _ in range(101)]
    for start in range(0, len(created), 50):
        administrator.create(*created[start : start + 50])
    pages = administrator.guardduty.get_paginator("list_members").paginate(**administrator.own, OnlyAssociated="false")
    found = [[entry["AccountId"] for entry in page["Members"]] for page in pages]
    assert [len(page) for page in found] == [50, 50, 1]
    assert {number for page in found for number in page} == {account.number for account in created}


def test_a_created_member_can_be_deleted_and_created_again(administrator: Account, member: Account):
    administrator.create(member)
    unprocessed(administrator.guardduty.delete_members(**administrator.own, AccountIds=[member.number]), {})
    assert administrator.sees(member) is None
    administrator.create(member)
    assert administrator.status_of(member) == "Created"


def test_a_member_that_is_not_associated_is_not_disassociated(administrator: Account, member: Account):
    administrator.create(member)
    answer = administrator.guardduty.disassociate_members(**administrator.own, AccountIds=[member.number])
    unprocessed(answer, {member.number: refusals.NOT_YET_ASSOCIATED})


@pytest.mark.parametrize("operation", ["start_monitoring_members", "stop_monitoring_members"])
def test_a_member_that_is_not_associated_is_not_monitored(
    administrator: Account, member: Account, second: Account, operation: str
):
    administrator.create(member)
    numbers = [member.number, second.number]
    answer = getattr(administrator.guardduty, operation)(**administrator.own, AccountIds=numbers)
    unprocessed(answer, dict.fromkeys(numbers, refusals.NOT_AN_ASSOCIATED_MEMBER))


def test_the_other_region_knows_nothing_of_these_members(administrator: Account, member: Account):
    administrator.create(member)
    assert administrator.elsewhere(AWAY).enable().members(OnlyAssociated="false") == set()
