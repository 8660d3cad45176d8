"""Runs the templates' event patterns over the samples in events/ and over near misses.

A rule that never fires looks exactly like one that has nothing to do. So every pattern is matched with every event, on
both sides of the way from the management account to the queue, and each event must fire exactly the rules that the
tables below name. A sample that no table knows is a failure, too. `way.py` checks the way itself.
"""

import copy
import json
import sys

import event_ruler

from tests.support.templates import MEMBER_ROLE, ORGANIZATION_EVENTS, ROOT, STACK, TEMPLATES, load, resources

CREATED = "AccountCreatedRule"
JOINED = "AccountJoinedRule"
MANAGED = "ManagedAccountCreatedRule"
UPDATED = "ManagedAccountUpdatedRule"

SERVICE_EVENT = "AWS Service Event via CloudTrail"
API_CALL = "AWS API Call via CloudTrail"
# AWS's reference of events in China spells the detail types so, its guide there as above.
SERVICE_EVENT_IN_CHINA = "Amazon Service Event via CloudTrail"
API_CALL_IN_CHINA = "Amazon API Call via CloudTrail"

# Sample to the rule that it fires; None stands for no rule. What is no event of EventBridge (notifications, requests,
# messages) comes to the function in another way and must fire none.
SAMPLES = {
    "organizations-create-account-result.json": CREATED,
    "organizations-account-joined.json": JOINED,
    "controltower-create-managed-account.json": MANAGED,
    "controltower-update-managed-account.json": UPDATED,
    "organizations-create-account-result-failed.json": None,
    # Recorded in the account that accepts, so no rule of ours ever sees it; none waits for it either.
    "organizations-accept-handshake.json": None,
    "others/organizations-close-account-result.json": None,
    "others/organizations-create-account-call.json": None,
    "plan.json": None,
    "queued-upload.json": None,
    "request.json": None,
    "s3-notification.json": None,
    "s3-object-created-eventbridge.json": None,
    "s3-test-event.json": None,
    "upload.json": None,
}

CREATION = "organizations-create-account-result.json"
JOINING = "organizations-account-joined.json"
HANDSHAKE = "organizations-accept-handshake.json"
MANAGING = "controltower-create-managed-account.json"
UPDATING = "controltower-update-managed-account.json"

CREATION_STATE = "detail.serviceEventDetails.createAccountStatus.state"
MANAGING_STATE = "detail.serviceEventDetails.createManagedAccountStatus.state"
UPDATING_STATE = "detail.serviceEventDetails.updateManagedAccountStatus.state"
HANDSHAKE_ACTION = "detail.responseElements.handshake.action"
HANDSHAKE_STATE = "detail.responseElements.handshake.state"

REMOVED = object()

# What it is, the sample that it is made from, what is different, the rule that fires.
VARIATIONS = [
    ("creation from another source", CREATION, {"source": "aws.ec2"}, None),
    ("creation from a source that is nearly ours", CREATION, {"source": "organizations"}, None),
    ("creation from a program's own event", CREATION, {"source": "com.example.organizations"}, None),
    ("creation in the name of Control Tower", CREATION, {"source": "aws.controltower"}, None),
    ("creation that failed", CREATION, {CREATION_STATE: "FAILED"}, None),
    ("creation under way", CREATION, {CREATION_STATE: "IN_PROGRESS"}, None),
    ("creation without a state", CREATION, {CREATION_STATE: REMOVED}, None),
    ("creation as an API call", CREATION, {"detail-type": API_CALL}, None),
    ("account that was closed", CREATION, {"detail.eventName": "CloseAccountResult"}, None),
    (
        "creation for GovCloud",
        CREATION,
        {"detail.serviceEventDetails.createAccountStatus.govCloudAccountId": "555555555555"},
        CREATED,
    ),
    (
        "creation in another Region and organization",
        CREATION,
        {"region": "us-gov-west-1", "account": "123456789012"},
        CREATED,
    ),
    ("creation in China", CREATION, {"region": "cn-northwest-1"}, CREATED),
    (
        "creation in China, spelt as there",
        CREATION,
        {"region": "cn-northwest-1", "detail-type": SERVICE_EVENT_IN_CHINA},
        CREATED,
    ),
    ("creation as an API call, spelt as in China", CREATION, {"detail-type": API_CALL_IN_CHINA}, None),
    ("account that left", JOINING, {"detail.eventName": "AccountDepartedOrganization"}, None),
    ("account that left by itself", JOINING, {"detail.eventName": "LeaveOrganization"}, None),
    ("joining from another source", JOINING, {"source": "aws.account"}, None),
    # AWS publishes no sample of it: whatever its shape turns out to be, it has to come through.
    ("joining as an API call", JOINING, {"detail-type": API_CALL}, JOINED),
    ("joining, spelt as in China", JOINING, {"detail-type": SERVICE_EVENT_IN_CHINA}, JOINED),
    ("joining by creation", JOINING, {"detail.serviceEventDetails.joinedMethod": "Created"}, JOINED),
    (
        "joining with the account elsewhere",
        JOINING,
        {"detail.serviceEventDetails": {"account": {"accountId": "444455556666"}}},
        JOINED,
    ),
    (
        "joining without details",
        JOINING,
        {"detail.serviceEventDetails": REMOVED, "detail.eventSource": REMOVED},
        JOINED,
    ),
    ("handshake in the management account", HANDSHAKE, {"account": "111122223333"}, None),
    ("handshake that switches all features on", HANDSHAKE, {HANDSHAKE_ACTION: "ENABLE_ALL_FEATURES"}, None),
    (
        "handshake that was declined",
        HANDSHAKE,
        {"detail.eventName": "DeclineHandshake", HANDSHAKE_STATE: "DECLINED"},
        None,
    ),
    ("handshake as a service event", HANDSHAKE, {"detail-type": SERVICE_EVENT}, None),
    ("invitation", HANDSHAKE, {"detail.eventName": "InviteAccountToOrganization", HANDSHAKE_STATE: "OPEN"}, None),
    ("managed creation that failed", MANAGING, {MANAGING_STATE: "FAILED"}, None),
    ("managed creation, spelt as in China", MANAGING, {"detail-type": SERVICE_EVENT_IN_CHINA}, MANAGED),
    ("managed creation as an API call", MANAGING, {"detail-type": API_CALL}, None),
    ("managed creation in the name of Organizations", MANAGING, {"source": "aws.organizations"}, None),
    ("managed creation with the details of an update", MANAGING, {"detail.eventName": "UpdateManagedAccount"}, None),
    ("organizational unit that was registered", MANAGING, {"detail.eventName": "RegisterOrganizationalUnit"}, None),
    ("managed creation in another home Region", MANAGING, {"region": "us-east-1"}, MANAGED),
    ("managed update, spelt as in China", UPDATING, {"detail-type": SERVICE_EVENT_IN_CHINA}, UPDATED),
    ("managed update that failed", UPDATING, {UPDATING_STATE: "FAILED"}, None),
    ("managed update with the details of a creation", UPDATING, {"detail.eventName": "CreateManagedAccount"}, None),
]

problems = []


def check(good, problem):
    if not good:
        problems.append(problem)


def sample(name):
    return json.loads((ROOT / "events" / name).read_text(encoding="utf-8"))


def varied(event, changes):
    """The event with other values at those places."""
    event = copy.deepcopy(event)
    for place, value in changes.items():
        *way, last = place.split(".")
        part = event
        for step in way:
            part = part[step]
        if value is REMOVED:
            del part[last]
        else:
            part[last] = value
    return event


def leaves(pattern, way=()):
    """Every place that the pattern looks at."""
    for field, below in pattern.items():
        if isinstance(below, dict):
            yield from leaves(below, (*way, field))
        else:
            yield ".".join((*way, field))


def fired(rules, event):
    """The rules whose patterns match."""
    names = set()
    for name, rule in rules.items():
        try:
            if event_ruler.test_event_pattern(json.dumps(event), json.dumps(rule["EventPattern"])):
                names.add(name)
        except RuntimeError as error:
            problems.append(f"{name} cannot be matched, {error}: {json.dumps(rule['EventPattern'])}")
    return names


def expect(rules_of, what, event, rule):
    for template, rules in rules_of.items():
        wanted = {rule} if rule else set()
        got = fired(rules, event)
        check(
            got == wanted,
            f"{template}: {what} fires {sorted(got) or 'nothing'}, expected {sorted(wanted) or 'nothing'}",
        )
    print(f"  {what}: {rule or '-'}")


def check_samples(rules_of):
    print("samples, and the rule that each fires on both sides:")
    files = sorted(path.relative_to(ROOT / "events").as_posix() for path in (ROOT / "events").rglob("*.json"))
    for name in files:
        if name in SAMPLES:
            expect(rules_of, name, sample(name), SAMPLES[name])
        else:
            problems.append(f"events/{name} is in no table of this script: say which rule it fires")
    for name in sorted(set(SAMPLES) - set(files)):
        problems.append(f"events/{name} is gone, but this script still names it")


def check_variations(rules_of):
    print("variations:")
    for what, name, changes, rule in VARIATIONS:
        expect(rules_of, what, varied(sample(name), changes), rule)


def check_leaves(rules_of):
    """Each place that a pattern looks at counts: with another value there, or none, the rule stays silent."""
    print("places that a pattern looks at, each of which silences it:")
    for template, rules in rules_of.items():
        for name, rule in rules.items():
            events = [sample(file) for file, fires in SAMPLES.items() if fires == name]
            event = next((event for event in events if name in fired(rules, event)), None)
            if event is None:
                problems.append(f"{template}: no sample fires {name}")
                continue
            for place in leaves(rule["EventPattern"]):
                # The envelope is EventBridge's own, and never without these.
                values = ("another value", REMOVED) if place.startswith("detail.") else ("another value",)
                for changed in (varied(event, {place: value}) for value in values):
                    check(name not in fired(rules, changed), f"{template}: {name} does not care for {place}")
            print(f"  {template}, {name}: {', '.join(leaves(rule['EventPattern']))}")


def main():
    rules_of = {template: resources(template, "AWS::Events::Rule") for template in TEMPLATES}
    check(not rules_of.pop(MEMBER_ROLE), f"{MEMBER_ROLE} has event rules, but this script expects none")
    for template, rules in rules_of.items():
        check(set(rules) == {CREATED, JOINED, MANAGED, UPDATED}, f"{template} has the rules {sorted(rules)}")
    # Whether the stack in the administrator account takes events at all is one question, not one per rule.
    conditions = {
        name: rule.get("Condition") for name, rule in load(STACK)["Resources"].items() if name in rules_of[STACK]
    }
    check(set(conditions.values()) == {"TakesEvents"}, f"{STACK}: the rules have the conditions {conditions}")

    check_samples(rules_of)
    check_variations(rules_of)
    check_leaves(rules_of)

    for problem in dict.fromkeys(problems):
        print(f"WRONG: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
    print(f"all right: {len(SAMPLES)} samples, {len(VARIATIONS)} variations, {sum(map(len, rules_of.values()))} rules")


if __name__ == "__main__":
    main()
