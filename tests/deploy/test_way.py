"""Follows an announcement from the default bus of the management account over our bus to the queue.

Nothing on AWS would say that it cannot pass: EventBridge does not retry a refused permission, and a rule in the wrong
Region or state just never fires.
"""

import fnmatch
from collections.abc import Iterator

import botocore.session
import pytest

from tests.support.conditions import holds
from tests.support.templates import (
    ORGANIZATION_EVENTS,
    STACK,
    TEMPLATES,
    Node,
    arn,
    listed,
    load,
    parameters,
    properties,
    properties_of,
    ref,
    resources,
    within,
)

RULE = "AWS::Events::Rule"
QUEUE = "AWS::SQS::Queue"
POLICY = "AWS::SQS::QueuePolicy"

# In state ENABLED a rule gets no management event that CloudTrail calls read-only.
STATE = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"

# The Region is documented to stand in a template's section Rules. The partition is not.
IN_ASSERTIONS = {"AWS::Region"}

RULES = [(template, name) for template in TEMPLATES for name in resources(template, RULE)]
FORWARDING = list(resources(ORGANIZATION_EVENTS, RULE))
# A rule with a schedule waits for no event; its message is its own (test_reconcile.py).
MATCHING = [(template, name) for template, name in RULES if "ScheduleExpression" not in properties(name, template)]
RECEIVING = [name for template, name in MATCHING if template == STACK]

EVERY_RULE = pytest.mark.parametrize(("template", "name"), RULES)


def arn_of(name: str, template: str) -> str:
    """The ARN that AWS will give the rule, as CloudFormation's Fn::Sub has it."""
    rule = properties(name, template)
    assert "Name" in rule, "it has no name, so that no policy can admit it before it exists"
    path = rule["Name"]
    if "EventBusName" in rule:
        bus, _ = rule["EventBusName"]["Fn::GetAtt"]
        path = f"{properties(bus, template)['Name']}/{path}"
    return f"arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{path}"


def queues_of(name: str, template: str) -> set[str]:
    """The template's own queues that the rule sends to: as a target, or what a target does not take."""
    targets = properties(name, template)["Targets"]
    arns = [arn for one in targets for arn in (one["Arn"], one.get("DeadLetterConfig", {}).get("Arn"))]
    return {queue for queue in resources(template, QUEUE) if arn(queue) in arns}


def policies_of(queue: str, template: str) -> dict[str, Node]:
    policies = properties_of(POLICY, template)
    return {name: policy for name, policy in policies.items() if ref(queue) in policy["Queues"]}


def admitted(queue: str, template: str) -> Iterator[Node]:
    """The patterns of rules that the queue's policies let send, each as it is written there."""
    for policy in policies_of(queue, template).values():
        for statement in policy["PolicyDocument"]["Statement"]:
            if "Fn::If" in statement:
                statement = statement["Fn::If"][1]
            if statement["Effect"] == "Allow" and statement["Principal"] == {"Service": "events.amazonaws.com"}:
                for condition in statement["Condition"].values():
                    yield from listed(condition.get("aws:SourceArn", []))


@EVERY_RULE
def test_a_rule_sends_to_a_queue_of_its_template(template: str, name: str):
    assert queues_of(name, template)


@EVERY_RULE
def test_a_rule_waits_for_the_policy_of_its_queue(template: str, name: str):
    for queue in queues_of(name, template):
        assert set(policies_of(queue, template)) & set(listed(resources(template)[name].get("DependsOn", [])))


@EVERY_RULE
def test_a_queue_admits_a_rule_that_sends_to_it(template: str, name: str):
    for queue in queues_of(name, template):
        patterns = [pattern["Fn::Sub"] for pattern in admitted(queue, template)]
        assert any(fnmatch.fnmatchcase(arn_of(name, template), pattern) for pattern in patterns), patterns


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_queue_admits_no_rule_that_there_is_not(template: str):
    for queue in resources(template, QUEUE):
        senders = [name for name in resources(template, RULE) if queue in queues_of(name, template)]
        for pattern in admitted(queue, template):
            assert fnmatch.filter([arn_of(name, template) for name in senders], pattern["Fn::Sub"]), pattern


@pytest.mark.parametrize(("template", "name"), MATCHING)
def test_a_rule_gets_every_management_event(template: str, name: str):
    """Of two rules on the way each needs the state."""
    assert properties(name, template).get("State") == STATE


@pytest.mark.parametrize("name", RECEIVING)
def test_a_receiving_rule_leads_from_our_bus_to_the_queue(name: str):
    rule = properties(name, STACK)
    assert rule.get("EventBusName") == {"Fn::GetAtt": ["EventBus", "Name"]}
    assert [target["Arn"] for target in rule["Targets"]] == [arn("Queue")]


@pytest.mark.parametrize("name", FORWARDING)
def test_a_forwarding_rule_is_on_the_default_bus(name: str):
    """CloudTrail's events are on the default bus and on no other."""
    assert "EventBusName" not in properties(name, ORGANIZATION_EVENTS)


@pytest.mark.parametrize("name", FORWARDING)
def test_a_forwarding_rule_has_a_name_that_its_role_trusts(name: str):
    assert properties(name, ORGANIZATION_EVENTS).get("Name", "").startswith("guardduty-onboarding-")


@pytest.mark.parametrize("name", FORWARDING)
def test_a_forwarding_rule_leads_to_our_bus_and_keeps_what_it_refuses(name: str):
    for target in properties(name, ORGANIZATION_EVENTS)["Targets"]:
        assert target["Arn"] == ref("EventBusArn")
        # Without it EventBridge may not put events on a bus of another account.
        assert target.get("RoleArn") == arn("ForwardingRole")
        assert target.get("DeadLetterConfig") == {"Arn": arn("UndeliveredQueue")}


def regions() -> tuple[set[str], set[str]]:
    """Every Region that has GuardDuty, and those of them where Organizations is, which is where it announces."""
    every: set[str] = set()
    announcing: set[str] = set()
    for partition in botocore.session.get_session().get_data("endpoints")["partitions"]:
        services = partition["services"]
        here = set(services.get("guardduty", {}).get("endpoints", {})) & set(partition["regions"])
        organizations = services.get("organizations", {}).get("endpoints", {}).values()
        scopes = {endpoint["credentialScope"]["region"] for endpoint in organizations}
        every |= here
        # A partition with one Region has no other for it.
        announcing |= here & scopes if scopes or len(here) != 1 else here
    return every, announcing


EVERY_REGION, ANNOUNCING = regions()


def rules_of_parameters(template: str) -> dict[str, Node]:
    return load(template).get("Rules", {})


def allowed(forward: str) -> set[str]:
    """The Regions in which the management account's template can be deployed so."""

    def passes(rule: Node, region: str) -> bool:
        names = {"ForwardOrganizations": forward, "AWS::Region": region}
        applies = "RuleCondition" not in rule or holds(rule["RuleCondition"], names, {})
        return not applies or all(holds(assertion["Assert"], names, {}) for assertion in rule["Assertions"])

    rules = rules_of_parameters(ORGANIZATION_EVENTS).values()
    return {region for region in EVERY_REGION if all(passes(rule, region) for rule in rules)}


@pytest.mark.parametrize("template", TEMPLATES)
def test_assertions_use_what_is_documented_to_work_there(template: str):
    used = {part["Ref"] for part in within(rules_of_parameters(template)) if "Ref" in part}
    assert used <= {*parameters(template)} | IN_ASSERTIONS


def test_organizations_can_be_forwarded_where_it_announces_and_nowhere_else():
    assert allowed(forward="true") == ANNOUNCING


def test_without_organizations_the_template_can_be_deployed_everywhere():
    assert allowed(forward="false") == EVERY_REGION
