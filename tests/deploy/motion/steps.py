"""What happens on the stage, step by step; each function is one step and says what it saw."""

import csv
import io
import json

from cloud import ADMINISTRATOR, ANNOUNCED_IN, HOME, LATECOMERS, MANAGEMENT, MEMBERS, REGIONS
from tests.support.templates import ROOT
from guardduty import check_members, is_untouched, members
from tests.support.programs import check
from recording import assumed_roles, changed_objects, expected_owners, function_calls
from stage import say

EMAILS = {account: f"aws+{account}@example.com" for account in (*MEMBERS, *LATECOMERS)}

# Its leading zero is lost.
BAD_ROW = "12345678901,aws+lost@example.com"

# In seconds. A quarter of it is kept for the report; the rest is less than the simulator takes to verify an e-mail.
TOO_SHORT = 2


def account_list(accounts):
    """A list with a bad row at its end, on the line that is returned, too."""
    lines = ["Account ID,Email", *(f"{account},{EMAILS[account]}" for account in accounts), BAD_ROW]
    return "\n".join(lines) + "\n", len(lines)


def delivered(stage, wait=10):
    """Delivers what is in the queue, with as much time as the deployed function has; how often it has come."""
    again, counts = stage.poller.deliver(stage.function, stage.function.configuration["Timeout"], wait)
    check(not again, "the function wants the message to come again")
    return counts


def check_report(report, accounts_by_outcome, bad_lines):
    """Every good row has its outcome in every Region, and the bad ones are named."""
    got = {(entry["accountId"], entry["region"], entry["outcome"]) for entry in report["memberships"]}
    wanted = {
        (account, region, outcome)
        for outcome, accounts in accounts_by_outcome.items()
        for account in accounts
        for region in REGIONS
    }
    check(got == wanted, f"the report says {sorted(got)}, expected {sorted(wanted)}")
    lines = [row["line"] for row in report["rejectedRows"]]
    check(lines == bad_lines, f"the report rejects the lines {lines}, expected {bad_lines}")


def check_table(table, outcome, accounts):
    """The CSV has the same in the words of a spreadsheet: a row for each account, and the bad row as it stood."""
    rows = {row["Account ID"]: row for row in csv.DictReader(io.StringIO(table))}
    for account in accounts:
        check(rows[account]["Outcome"] == outcome, f"the CSV says of {account}: {rows[account]['Outcome']}")
        check(rows[account]["Email"] == EMAILS[account], f"the CSV has another e-mail of {account}")
    account, email = BAD_ROW.split(",")
    check(rows[account]["Email"] == email, "the CSV has not kept the bad row as it stood")


def notifications_are_tested(stage):
    check(delivered(stage) == [1], "somebody else has taken the message before")
    check(stage.poller.is_empty(), "more than one message came")
    say("S3's test of the queue came through it, and the function had nothing to do")


def dry_run(stage):
    stage.admit(*MEMBERS)
    text, bad_line = account_list(MEMBERS)
    stage.upload("plan", text)
    delivered(stage)
    report, table = stage.report("plan/list")
    check(report["dryRun"], "the report is not that of a dry run")
    check_report(report, {"planned": MEMBERS}, [bad_line])
    check_table(table, "planned", MEMBERS)
    check(is_untouched(stage.cloud, MEMBERS), "the dry run has touched GuardDuty")
    say(f"the dry run planned {len(report['memberships'])} memberships, rejected line {bad_line} and touched nothing")


def onboarding(stage):
    text, bad_line = account_list(MEMBERS)
    stage.upload("accounts", text)
    delivered(stage)
    report, table = stage.report("accounts/list")
    check_report(report, {"enabled": MEMBERS}, [bad_line])
    check_table(table, "enabled", MEMBERS)
    check_members(stage.cloud, {account: EMAILS[account] for account in MEMBERS})
    say(f"{len(MEMBERS)} accounts are monitored members in {', '.join(REGIONS)}: GuardDuty says so, and the report")


def the_same_list_again(stage):
    before = members(stage.cloud)
    text, bad_line = account_list(MEMBERS)
    stage.upload("accounts", text)
    delivered(stage)
    report, _ = stage.report("accounts/list")
    check_report(report, {"enabled": MEMBERS}, [bad_line])
    check(members(stage.cloud) == before, "the same list again has changed members")
    say("the same list again changed nothing in GuardDuty, no time of any member's included")


def too_little_time(stage):
    stage.admit(*LATECOMERS)
    everybody = (*MEMBERS, *LATECOMERS)
    text, bad_line = account_list(everybody)
    stage.upload("accounts", text)
    again, counts = stage.poller.deliver(stage.function, TOO_SHORT)
    check(len(again) == 1 and counts == [1], "the message does not come again, though time was too short")
    report, _ = stage.report("accounts/list")
    check_report(report, {"enabled": MEMBERS, "pending": LATECOMERS}, [bad_line])
    pending = report["summary"]["pending"]
    say(f"with {TOO_SHORT} seconds left the function gave up in time and reported {pending} memberships as pending")
    # The queue itself would hide it for 16 minutes; the function makes that half a minute.
    check(delivered(stage, wait=40) == [2], "it is not the same message that came again")
    report, table = stage.report("accounts/list")
    check_report(report, {"enabled": everybody}, [bad_line])
    check_table(table, "enabled", everybody)
    check_members(stage.cloud, {account: EMAILS[account] for account in everybody})
    say("it made the queue deliver the message again after half a minute, and finished the work")


def new_account(stage):
    organizations = stage.cloud.client("organizations", MANAGEMENT, ANNOUNCED_IN)
    organizations.create_organization(FeatureSet="ALL")
    email = "aws+new@example.com"
    status = organizations.create_account(Email=email, AccountName="new")["CreateAccountStatus"]
    account = status["AccountId"]
    say(f"Organizations has created account {account}")
    stage.admit(account)
    event = json.loads((ROOT / "events/organizations-create-account-result.json").read_text(encoding="utf-8"))
    event["detail"]["serviceEventDetails"]["createAccountStatus"]["accountId"] = account
    # On AWS only Organizations itself can put an event in the name of aws.organizations.
    put = stage.cloud.client("events", MANAGEMENT, ANNOUNCED_IN).put_events(
        Entries=[
            {
                "Source": event["source"],
                "DetailType": event["detail-type"],
                "Detail": json.dumps(event["detail"]),
            }
        ]
    )
    check(put["FailedEntryCount"] == 0, f"EventBridge does not take the event: {put}")
    delivered(stage)
    check(stage.poller.is_empty(), "more than one message came of one event")
    report, _ = stage.report(f"events/{account}")
    check_report(report, {"enabled": [account]}, [])
    check_members(stage.cloud, {account: email})
    say(
        f"its announcement went from the bus of {MANAGEMENT} in {ANNOUNCED_IN} over that of {ADMINISTRATOR} in {HOME} "
        "to the queue, and it is a monitored member, with the e-mail that Organizations has"
    )


def what_was_asked(stage, record):
    """moto lets anybody assume any role and write anywhere; so we compare what was asked with what is deployed."""
    calls = function_calls(record)
    roles = assumed_roles(calls)
    wanted = {(stage.stack.parameters["OrganizationRoleArn"], None)}
    for account, stack in stage.members.items():
        iam = stage.cloud.client("iam", account, ANNOUNCED_IN)
        role = iam.get_role(RoleName=stack.resources["MemberRole"])["Role"]
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        condition = statement["Condition"]
        check(
            condition["ArnEquals"] == {"aws:PrincipalArn": stage.function.configuration["Role"]},
            f"the role in {account} does not trust the role of the deployed function",
        )
        wanted.add((role["Arn"], condition["StringEquals"]["sts:ExternalId"]))
    check(roles == wanted, f"the function assumed {roles - wanted}, and did not assume {wanted - roles}")
    say(
        f"the function assumed the {len(roles)} deployed roles alone, each with the external id that its trust asks for"
    )

    owners = expected_owners(calls)
    check(owners == {ADMINISTRATOR}, f"the function's calls to S3 expect buckets of {owners}")
    bucket, prefix = stage.stack.outputs["BucketName"], stage.stack.parameters["ReportPrefix"]
    changed = changed_objects(calls)
    strays = {path for path in changed if not path.startswith(f"/{bucket}/{prefix}")}
    check(changed and not strays, f"the function changed {sorted(changed)}")
    check(stage.poller.is_empty(), "something is left in the queue")
    check("@" not in stage.function.program.said(), "the function's log has an e-mail address in it")
    say(f"it takes buckets of {ADMINISTRATOR} alone, wrote nothing but under {prefix}, its log has no e-mail address, and the queue is empty")


STEPS = (notifications_are_tested, dry_run, onboarding, the_same_list_again, too_little_time, new_account)
