"""Reconciling by a schedule: without one nothing of it exists, with one all of it does.

Nothing on AWS would say that a part is missing: a rule whose messages the queue turns away looks like one that is not
due.
"""

import json
import re

import pytest

from tests.support.conditions import holds
from tests.support.templates import (
    NO_VALUE,
    STACK,
    Node,
    arn,
    is_not_empty,
    listed,
    load,
    parameters,
    properties,
    properties_of,
    ref,
    resources,
    within,
)

CONDITION = "Reconciles"


def without(part: Node, name: str) -> Node:
    """A part of the template as it is where that condition does not hold, its other conditions left as they are."""
    if isinstance(part, list):
        return [kept for below in part if (kept := without(below, name)) != NO_VALUE]
    if not isinstance(part, dict):
        return part
    if part.get("Fn::If", [None])[0] == name:
        return without(part["Fn::If"][2], name)
    return {key: without(below, name) for key, below in part.items() if not is_left_out(below, name)}


def is_left_out(resource: Node, name: str) -> bool:
    return isinstance(resource, dict) and resource.get("Condition") == name


def has(stack: Node) -> dict[str, bool]:
    """What of reconciling these resources have."""
    text = json.dumps(stack)
    return {
        "a rule": "ScheduleExpression" in text,
        "the rule's leave to use the queue": "rule/guardduty-onboarding-reconcile" in text,
        "an alarm on drift": '"guardduty-onboarding-drift"' in text,
        "that alarm on the dashboard": "alarm:guardduty-onboarding-drift" in text,
        "the permission to list members": "guardduty:ListMembers" in text,
    }


def test_without_a_schedule_nothing_of_it_exists_and_with_one_all_of_it_does():
    everything = has(resources())
    assert everything == dict.fromkeys(everything, True)
    assert has(without(resources(), CONDITION)) == dict.fromkeys(everything, False)


@pytest.mark.parametrize(("schedule", "reconciles"), [("", False), ("rate(1 day)", True)])
def test_whether_there_is_a_schedule_is_one_question(schedule: str, reconciles: bool):
    conditions = load(STACK)["Conditions"]
    assert conditions[CONDITION] == is_not_empty("ReconcileSchedule")
    assert holds(conditions[CONDITION], {"ReconcileSchedule": schedule}, conditions) == reconciles


def test_the_rule_sends_the_queue_what_the_function_reads():
    scheduled = [rule for rule in properties_of("AWS::Events::Rule").values() if "ScheduleExpression" in rule]
    rule = properties("ReconcileRule")
    assert scheduled == [rule]
    assert (rule["ScheduleExpression"], rule["State"]) == (ref("ReconcileSchedule"), "ENABLED")
    (target,) = rule["Targets"]
    assert target["Arn"] == arn("Queue")
    message = target["Input"]["Fn::Sub"]
    sent = {mode: json.loads(message.replace("${ReconcileMode}", mode)) for mode in modes()}
    assert sent == {"report": {"reconcile": "report"}, "heal": {"reconcile": "heal"}}


def modes() -> list[str]:
    return parameters()["ReconcileMode"]["AllowedValues"]


def test_nothing_is_healed_unless_somebody_says_so():
    assert (parameters()["ReconcileSchedule"]["Default"], parameters()["ReconcileMode"]["Default"]) == ("", "report")


def granting(action: str) -> Node:
    parts = within(properties("FunctionRole")["Policies"])
    (statement,) = [part for part in parts if action in listed(part.get("Action", []))]
    return statement


def test_members_are_listed_in_the_chosen_regions_only():
    statement = granting("guardduty:ListMembers")
    assert listed(statement["Action"]) == ["guardduty:ListMembers"]
    onboarding = granting("guardduty:GetMembers")
    assert (statement["Resource"], statement["Condition"]) == ("*", onboarding["Condition"])


def schedule_is_taken(schedule: str) -> bool:
    """The whole value has to match, as CloudFormation has it."""
    return re.fullmatch(parameters()["ReconcileSchedule"]["AllowedPattern"], schedule) is not None


@pytest.mark.parametrize(
    "good", ["", "rate(1 day)", "rate(12 hours)", "rate(30 minutes)", "rate(1 hour)", "cron(0 6 * * ? *)"]
)
def test_a_schedule_is_one_of_eventbridges(good: str):
    assert schedule_is_taken(good)


@pytest.mark.parametrize(
    "bad",
    [
        "daily",
        "rate(0 days)",
        "rate(1 week)",
        # EventBridge wants the singular for one and the plural for more.
        "rate(1 days)",
        "rate(2 day)",
        "rate(1)",
        "rate(1 day",
        "1 day",
        "cron()",
        "0 6 * * ? *",
        # The rule would take one of the two.
        "rate(1 day) cron(0 6 * * ? *)",
        "at(2030-01-01T00:00:00)",
        " rate(1 day)",
    ],
)
def test_what_is_no_schedule_is_refused(bad: str):
    assert not schedule_is_taken(bad)
