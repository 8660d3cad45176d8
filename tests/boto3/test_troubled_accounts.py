"""Accounts that are not as they should be, and a quota that is used up: the control path sets them up."""

from collections.abc import Iterator

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import refused, unprocessed
from tests.boto3.simulator import HOME, Simulator

# GuardDuty's own.
QUOTA = 5000


TROUBLES = pytest.mark.parametrize(
    ("trouble", "status"),
    [
        ({"email": "somebody@example.com"}, "EmailVerificationFailed"),
        ({"regionsOff": [HOME]}, "RegionDisabled"),
        ({"suspended": True}, "AccountSuspended"),
    ],
    ids=lambda value: "".join(value) if isinstance(value, dict) else value,
)


@TROUBLES
def test_the_verification_ends_in_the_status_of_the_trouble(
    simulator: Simulator, administrator: Account, member: Account, trouble: dict[str, object], status: str
):
    assert simulator.tell(f"account/{member.number}", **trouble) == (200, {})
    administrator.invite(member)
    assert administrator.status_of(member) == status


def test_the_control_path_makes_all_changes_or_none(simulator: Simulator, administrator: Account, member: Account):
    code, answer = simulator.tell(f"account/{member.number}", suspended=True, colour="red")
    assert code == 400
    assert "colour" in answer["message"]
    administrator.invite(member)
    assert administrator.status_of(member) == "Invited"


def test_a_region_that_is_off_does_not_know_the_accounts_token_until_it_is_on(
    simulator: Simulator, numbers: Iterator[str]
):
    number = next(numbers)
    assert simulator.tell(f"account/{number}", regionsOff=[HOME]) == (200, {})
    # STS issues keys all the same: it is inactive in opt-in Regions only.
    account = Account(simulator, number)
    refused("UnrecognizedClientException", 403, account.guardduty.list_detectors)
    assert simulator.tell(f"account/{number}", regionsOn=[HOME]) == (200, {})
    assert account.guardduty.list_detectors()["DetectorIds"] == []


@pytest.fixture
def small_quota(simulator: Simulator) -> Iterator[None]:
    """An administrator may have one member."""
    assert simulator.tell("world", memberQuota=1) == (200, {})
    yield
    assert simulator.tell("world", memberQuota=QUOTA) == (200, {})


@pytest.mark.usefixtures("small_quota")
def test_a_quota_that_is_used_up_is_reported_per_account(administrator: Account, member: Account, second: Account):
    administrator.create(member)
    answer = administrator.guardduty.create_members(**administrator.own, AccountDetails=[second.details])
    unprocessed(answer, {second.number: refusals.TOO_MANY_MEMBERS})


@TROUBLES
def test_what_could_not_join_is_deleted(
    simulator: Simulator, administrator: Account, member: Account, trouble: dict[str, object], status: str
):
    simulator.tell(f"account/{member.number}", **trouble)
    administrator.invite(member)
    assert administrator.status_of(member) == status
    unprocessed(administrator.guardduty.delete_members(**administrator.own, AccountIds=[member.number]), {})
    assert administrator.sees(member) is None
