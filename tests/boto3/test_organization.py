"""Organizations, and Account: which accounts there are, and which Regions an account has."""

from collections.abc import Callable

import pytest

from tests.boto3.accounts import Account
from tests.boto3.answers import refused
from tests.boto3.simulator import AWAY, HOME, Client, Simulator

# An account of no organization.
UNKNOWN = "222222222222"

# How ListRegions is asked for the Regions that an account may use.
USABLE = {"RegionOptStatusContains": ["ENABLED", "ENABLED_BY_DEFAULT"]}


@pytest.fixture
def organizations(simulator: Simulator) -> Client:
    return simulator.client("organizations")


def test_an_account_is_described_with_the_e_mail_address_of_its_root_user(organizations: Client):
    account = organizations.describe_account(AccountId=UNKNOWN)["Account"]
    assert account["Email"] == f"root-{UNKNOWN}@example.com"


def test_what_is_no_account_id_is_refused(organizations: Client):
    refused("InvalidInputException", 400, organizations.describe_account, AccountId="123")


def test_the_accounts_of_the_organization_are_listed(organizations: Client):
    pages = organizations.get_paginator("list_accounts").paginate()
    assert UNKNOWN not in [account["Id"] for page in pages for account in page["Accounts"]]


def test_the_regions_an_account_has_are_listed(simulator: Simulator):
    answer = simulator.client("account").list_regions(**USABLE, MaxResults=50)
    found = {entry["RegionName"]: entry["RegionOptStatus"] for entry in answer["Regions"]}
    assert len(found) == 17
    assert (found.get(HOME), found.get(AWAY)) == ("ENABLED_BY_DEFAULT", "ENABLED_BY_DEFAULT")


def test_regions_come_in_pages(simulator: Simulator):
    paginator = simulator.client("account").get_paginator("list_regions")
    sizes = [len(page["Regions"]) for page in paginator.paginate(**USABLE, PaginationConfig={"PageSize": 5})]
    assert (sum(sizes), max(sizes)) == (17, 5)


def test_a_member_lists_its_own_regions(new_account: Callable[[], Account]):
    answer = new_account().client("account").list_regions(**USABLE)
    assert HOME in {entry["RegionName"] for entry in answer["Regions"]}


def test_an_operation_that_is_not_simulated_says_so(administrator: Account):
    call = administrator.guardduty.list_publishing_destinations
    assert refused("UnknownOperationException", 400, call, **administrator.own)
