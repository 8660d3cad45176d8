"""Follows an announcement from the default bus of the management account over our bus to the queue.

Nothing on AWS would say that it cannot pass: EventBridge does not retry a refused permission, and a rule in the wrong
Region or state just never fires.
"""

import fnmatch

import botocore.session

from agreement import check, finish, same, same_names
from tests.support.templates import ORGANIZATION_EVENTS, STACK, TEMPLATES, load

RULE = "AWS::Events::Rule"
QUEUE = "AWS::SQS::Queue"
EVENTBRIDGE = {"Service": "events.amazonaws.com"}

# In state ENABLED a rule gets no management event that CloudTrail calls read-only.
STATE = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"

# The Region is documented to stand in a template's section Rules. The partition is not.
IN_ASSERTIONS = {"AWS::Region"}


def of_type(template, kind):
    return {name: entry for name, entry in load(template)["Resources"].items() if entry["Type"] == kind}


def listed(value):
    return value if isinstance(value, list) else [value]


def arn_of(rule, resources):
    """The ARN that AWS will give the rule, as CloudFormation's Fn::Sub has it; `None` if AWS chooses its name."""
    if "Name" not in rule:
        return None
    name = rule["Name"]
    if "EventBusName" in rule:
        bus, _ = rule["EventBusName"]["Fn::GetAtt"]
        name = f"{resources[bus]['Properties']['Name']}/{name}"
    return f"arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{name}"


def admitted(policy):
    """The patterns of rules that the queue's policy lets send, each as it is written there."""
    for statement in policy["PolicyDocument"]["Statement"]:
        if "Fn::If" in statement:
            statement = statement["Fn::If"][1]
        if statement["Effect"] == "Allow" and statement["Principal"] == EVENTBRIDGE:
            for condition in statement["Condition"].values():
                yield from listed(condition.get("aws:SourceArn", []))


def queues_of(rule, template):
    """The template's own queues that the rule sends to: as a target, or what a target does not take."""
    for target in rule["Targets"]:
        for arn in (target["Arn"], target.get("DeadLetterConfig", {}).get("Arn")):
            if isinstance(arn, dict) and "Fn::GetAtt" in arn and arn["Fn::GetAtt"][0] in of_type(template, QUEUE):
                yield arn["Fn::GetAtt"][0]


def check_admission(template):
    """Every queue lets in exactly the rules that send to it, before any of them exists."""
    resources = load(template)["Resources"]
    rules = of_type(template, RULE)
    policies = of_type(template, "AWS::SQS::QueuePolicy")
    senders = {}
    for name, entry in rules.items():
        where = f"{template}: {name}"
        arn = arn_of(entry["Properties"], resources)
        check(arn, f"{where} has no name, so that no policy can admit it before it exists")
        queues = list(queues_of(entry["Properties"], template))
        check(queues, f"{where} sends to no queue of this template")
        for queue in queues:
            senders.setdefault(queue, set()).add(arn)
            of_queue = {key for key, policy in policies.items() if {"Ref": queue} in policy["Properties"]["Queues"]}
            waits_for = set(listed(entry.get("DependsOn", [])))
            check(of_queue & waits_for, f"{where} can exist before {queue}'s policy: expected DependsOn {of_queue}")
    for queue, arns in senders.items():
        patterns = [
            pattern
            for policy in policies.values()
            if {"Ref": queue} in policy["Properties"]["Queues"]
            for pattern in admitted(policy["Properties"])
        ]
        texts = [pattern["Fn::Sub"] for pattern in patterns if isinstance(pattern.get("Fn::Sub"), str)]
        check(len(texts) == len(patterns), f"{template}: {queue}'s policy admits {patterns}, expected ARNs by name")
        for arn in filter(None, arns):
            good = any(fnmatch.fnmatchcase(arn, text) for text in texts)
            check(good, f"{template}: {queue}'s policy does not admit {arn}")
        for text in texts:
            good = any(fnmatch.fnmatchcase(arn, text) for arn in filter(None, arns))
            check(good, f"{template}: {queue}'s policy admits {text}, which no rule has")
    return len(rules)


def check_states():
    """Of two rules on the way each needs the state."""
    for template in (STACK, ORGANIZATION_EVENTS):
        for name, entry in of_type(template, RULE).items():
            same(f"{template}: {name}'s state", entry["Properties"].get("State"), STATE)


def check_receiving():
    rules = of_type(STACK, RULE)
    for name, entry in rules.items():
        rule = entry["Properties"]
        same(f"{STACK}: the bus of {name}", rule.get("EventBusName"), {"Fn::GetAtt": ["EventBus", "Name"]})
        targets = [target["Arn"] for target in rule["Targets"]]
        same(f"{STACK}: where {name} leads", targets, [{"Fn::GetAtt": ["Queue", "Arn"]}])


def check_forwarding():
    for name, entry in of_type(ORGANIZATION_EVENTS, RULE).items():
        rule, where = entry["Properties"], f"{ORGANIZATION_EVENTS}: {name}"
        # CloudTrail's events are on the default bus and on no other.
        check("EventBusName" not in rule, f"{where} is not on the default bus")
        check(
            rule.get("Name", "").startswith("guardduty-onboarding-"),
            f"{where} has a name that its role's trust policy does not admit",
        )
        for target in rule["Targets"]:
            same(f"{where}: its target", target["Arn"], {"Ref": "EventBusArn"})
            # Without it EventBridge may not put events on a bus of another account.
            same(f"{where}: its role", target.get("RoleArn"), {"Fn::GetAtt": ["ForwardingRole", "Arn"]})
            kept = target.get("DeadLetterConfig")
            same(f"{where}: where the bus's refusals go", kept, {"Arn": {"Fn::GetAtt": ["UndeliveredQueue", "Arn"]}})


def references(part):
    """Every name that a part of a template refers to."""
    if isinstance(part, dict):
        if "Ref" in part:
            yield part["Ref"]
        part = list(part.values())
    if isinstance(part, list):
        for below in part:
            yield from references(below)


def value(node, names):
    return names[node["Ref"]] if isinstance(node, dict) else node


def holds(condition, names):
    """Whether a condition of the section Rules is true, given what the names stand for."""
    ((function, argument),) = condition.items()
    if function == "Fn::Equals":
        return value(argument[0], names) == value(argument[1], names)
    if function == "Fn::Contains":
        return value(argument[1], names) in argument[0]
    if function == "Fn::Not":
        return not holds(argument[0], names)
    if function in ("Fn::And", "Fn::Or"):
        results = [holds(one, names) for one in argument]
        return all(results) if function == "Fn::And" else any(results)
    raise ValueError(f"this script does not know the function {function}")


def passes(template, names):
    for rule in load(template).get("Rules", {}).values():
        applies = "RuleCondition" not in rule or holds(rule["RuleCondition"], names)
        if applies and not all(holds(assertion["Assert"], names) for assertion in rule["Assertions"]):
            return False
    return True


def regions():
    """Every Region that has GuardDuty, and those of them where Organizations is, which is where it announces."""
    every, announcing = set(), set()
    for partition in botocore.session.get_session().get_data("endpoints")["partitions"]:
        services = partition["services"]
        here = {region for region in services.get("guardduty", {}).get("endpoints", {}) if region in partition["regions"]}
        organizations = services.get("organizations", {}).get("endpoints", {}).values()
        scopes = {endpoint["credentialScope"]["region"] for endpoint in organizations}
        every |= here
        # A partition with one Region has no other for it.
        announcing |= here & scopes if scopes or len(here) != 1 else here
    return every, announcing


def check_assertions():
    every, announcing = regions()
    for template in TEMPLATES:
        found = load(template)
        unknown = set(references(found.get("Rules", {}))) - set(found["Parameters"]) - IN_ASSERTIONS
        check(not unknown, f"{template}: its Rules use {sorted(unknown)}, which is not documented to work there")
        if unknown:
            return len(every)
    allowed = {
        region for region in every if passes(ORGANIZATION_EVENTS, {"ForwardOrganizations": "true", "AWS::Region": region})
    }
    same_names(f"{ORGANIZATION_EVENTS}: where Organizations can be forwarded", allowed, announcing)
    elsewhere = {
        region for region in every if passes(ORGANIZATION_EVENTS, {"ForwardOrganizations": "false", "AWS::Region": region})
    }
    same_names(f"{ORGANIZATION_EVENTS}: where it can be deployed without that", elsewhere, every)
    return len(every)


def main():
    rules = sum(map(check_admission, TEMPLATES))
    check_states()
    check_receiving()
    check_forwarding()
    asked = check_assertions()
    finish(f"announcements can pass: {rules} rules admitted by name, assertions asked in {asked} Regions")


if __name__ == "__main__":
    main()
