"""What happens on the stage. The tests are steps of one story, each of which begins where the one before has ended."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from tests.deploy.motion.cloud import ADMINISTRATOR, ANNOUNCED_IN, LATECOMERS, MANAGEMENT, MEMBERS, REGIONS
from tests.deploy.motion.observed import check_members, is_untouched, members
from tests.deploy.motion.recording import Request, assumed_roles, changed_objects, expected_owners
from tests.deploy.motion.stacks import NOT_ON_MOTO
from tests.deploy.motion.stage import Stage
from tests.support.templates import read

EVERYBODY = (*MEMBERS, *LATECOMERS)
EMAILS = {account: f"aws+{account}@example.com" for account in EVERYBODY}

# Its leading zero is lost.
BAD_ROW = "12345678901,aws+lost@example.com"

# In seconds. A quarter of it is kept for the report; the rest is less than the simulator takes to verify an e-mail.
TOO_SHORT = 2


def account_list(accounts: Iterable[str]) -> tuple[str, int]:
    """A list with a bad row at its end, and that row's line."""
    lines = ["Account ID,Email", *(f"{account},{EMAILS[account]}" for account in accounts), BAD_ROW]
    return "\n".join(lines) + "\n", len(lines)


def check_report(report: dict[str, Any], accounts_by_outcome: Mapping[str, Iterable[str]], bad_lines: list[int]):
    """Every good row has its outcome in every Region, and the bad ones are named."""
    found = {(entry["accountId"], entry["region"], entry["outcome"]) for entry in report["memberships"]}
    assert found == {
        (account, region, outcome)
        for outcome, accounts in accounts_by_outcome.items()
        for account in accounts
        for region in REGIONS
    }
    assert [row["line"] for row in report["rejectedRows"]] == bad_lines


def check_table(table: str, outcome: str, accounts: Iterable[str]):
    """The CSV has the same in the words of a spreadsheet: a row for each account, and the bad row as it stood."""
    rows = {row["Account ID"]: row for row in csv.DictReader(io.StringIO(table))}
    for account in accounts:
        assert (rows[account]["Outcome"], rows[account]["Email"]) == (outcome, EMAILS[account]), account
    account, email = BAD_ROW.split(",")
    assert rows[account]["Email"] == email


def test_everything_but_the_known_gaps_is_deployed(stage: Stage):
    assert stage.gaps == set(NOT_ON_MOTO)


def test_s3_tests_the_queue_and_the_function_has_nothing_to_do(stage: Stage):
    again, counts = stage.deliver()
    assert not again
    assert counts == [1], "another program has received the message before"
    assert stage.queue.is_empty(), "more than one message came"


def test_a_dry_run_plans_names_the_bad_row_and_touches_nothing(stage: Stage):
    stage.admit(*MEMBERS)
    text, bad_line = account_list(MEMBERS)
    stage.upload("plan", text)
    assert not stage.deliver().again
    report, table = stage.report("plan/list")
    assert report["dryRun"]
    check_report(report, {"planned": MEMBERS}, [bad_line])
    check_table(table, "planned", MEMBERS)
    assert is_untouched(stage.cloud, MEMBERS)


def test_accounts_of_a_list_become_monitored_members_in_every_region(stage: Stage):
    text, bad_line = account_list(MEMBERS)
    stage.upload("accounts", text)
    assert not stage.deliver().again
    report, table = stage.report("accounts/list")
    check_report(report, {"enabled": MEMBERS}, [bad_line])
    check_table(table, "enabled", MEMBERS)
    check_members(stage.cloud, {account: EMAILS[account] for account in MEMBERS})


def test_the_same_list_again_changes_no_member_not_even_its_times(stage: Stage):
    before = members(stage.cloud)
    text, bad_line = account_list(MEMBERS)
    stage.upload("accounts", text)
    assert not stage.deliver().again
    report, _ = stage.report("accounts/list")
    check_report(report, {"enabled": MEMBERS}, [bad_line])
    assert members(stage.cloud) == before


def test_with_too_little_time_it_gives_up_before_lambdas_deadline_and_reports_what_is_pending(stage: Stage):
    stage.admit(*LATECOMERS)
    text, bad_line = account_list(EVERYBODY)
    stage.upload("accounts", text)
    again, counts = stage.deliver(TOO_SHORT)
    assert len(again) == 1
    assert counts == [1]
    report, _ = stage.report("accounts/list")
    check_report(report, {"enabled": MEMBERS, "pending": LATECOMERS}, [bad_line])


def test_the_message_is_redelivered_after_half_a_minute_and_the_work_is_finished(stage: Stage):
    _, bad_line = account_list(EVERYBODY)
    # The queue itself would hide it for 16 minutes; the function makes that half a minute.
    again, counts = stage.deliver(wait=40)
    assert not again
    assert counts == [2], "another message was delivered than before"
    report, table = stage.report("accounts/list")
    check_report(report, {"enabled": EVERYBODY}, [bad_line])
    check_table(table, "enabled", EVERYBODY)
    check_members(stage.cloud, EMAILS)


def announce(stage: Stage, account: str):
    """Puts the event of a new account on the management account's default bus, as Organizations does."""
    event = json.loads(read("events/organizations-create-account-result.json"))
    event["detail"]["serviceEventDetails"]["createAccountStatus"]["accountId"] = account
    # On AWS only Organizations itself can put an event in the name of aws.organizations.
    entry = {"Source": event["source"], "DetailType": event["detail-type"], "Detail": json.dumps(event["detail"])}
    put = stage.cloud.client("events", MANAGEMENT, ANNOUNCED_IN).put_events(Entries=[entry])
    assert put["FailedEntryCount"] == 0, put


def test_a_new_account_is_announced_over_both_buses_and_becomes_a_member(stage: Stage):
    organizations = stage.cloud.client("organizations", MANAGEMENT, ANNOUNCED_IN)
    organizations.create_organization(FeatureSet="ALL")
    email = "aws+new@example.com"
    account = organizations.create_account(Email=email, AccountName="new")["CreateAccountStatus"]["AccountId"]
    stage.admit(account)
    announce(stage, account)
    assert not stage.deliver().again
    assert stage.queue.is_empty(), "more than one message came of one event"
    report, _ = stage.report(f"events/{account}")
    check_report(report, {"enabled": [account]}, [])
    # With the e-mail that Organizations has.
    check_members(stage.cloud, {account: email})


def test_a_member_role_trusts_the_deployed_functions_role(stage: Stage):
    for account in stage.members:
        assert trust(stage, account)["ArnEquals"] == {"aws:PrincipalArn": stage.function.configuration["Role"]}


def test_it_assumed_the_deployed_roles_alone_each_with_the_external_id_that_its_trust_asks_for(
    stage: Stage, calls: list[Request]
):
    """moto lets anybody assume any role; so what was asked is compared with what is deployed."""
    roles = {(stage.stack.parameters["OrganizationRoleArn"], None)}
    for account in stage.members:
        roles.add((role(stage, account)["Arn"], trust(stage, account)["StringEquals"]["sts:ExternalId"]))
    assert assumed_roles(calls) == roles


def role(stage: Stage, account: str) -> dict[str, Any]:
    iam = stage.cloud.client("iam", account, ANNOUNCED_IN)
    return iam.get_role(RoleName=stage.members[account].resources["MemberRole"])["Role"]


def trust(stage: Stage, account: str) -> dict[str, Any]:
    """Under which condition the account's role is assumed."""
    (statement,) = role(stage, account)["AssumeRolePolicyDocument"]["Statement"]
    return statement["Condition"]


def test_it_takes_buckets_of_its_own_account_alone(calls: list[Request]):
    assert expected_owners(calls) == {ADMINISTRATOR}


def test_it_wrote_reports_and_nothing_else(stage: Stage, calls: list[Request]):
    bucket, prefix = stage.stack.outputs["BucketName"], stage.stack.parameters["ReportPrefix"]
    changed = changed_objects(calls)
    assert changed
    assert not [path for path in changed if not path.startswith(f"/{bucket}/{prefix}")]


def test_its_log_has_no_e_mail_address(stage: Stage):
    assert "@" not in stage.function.program.said()


def test_nothing_is_left_in_the_queue(stage: Stage):
    assert stage.queue.is_empty()
