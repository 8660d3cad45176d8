"""Letting accounts go: what the roles may do for it, and which parameter has to say so.

Nothing on AWS would say that a role may do it without being asked: a mistake would only go further.
"""

import re
from typing import NamedTuple

import pytest

from tests.support.templates import (
    LISTS,
    MEMBER_ROLE,
    NO_VALUE,
    STACK,
    TEMPLATES,
    Node,
    listed,
    load,
    parameters,
    properties,
    properties_of,
    ref,
    within,
)


class Grant(NamedTuple):
    """An action that lets accounts go, and the parameter that has to allow it."""

    template: str
    role: str
    action: str
    parameter: str

    def statements(self) -> list[Node]:
        """Every statement of the role that has the action."""
        parts = within(properties(self.role, self.template)["Policies"])
        return [part for part in parts if self.action in listed(part.get("Action", []))]


GRANTS = [
    Grant(STACK, "FunctionRole", "guardduty:StopMonitoringMembers", "AllowSuspend"),
    Grant(STACK, "FunctionRole", "guardduty:DisassociateMembers", "AllowRemove"),
    Grant(MEMBER_ROLE, "MemberRole", "guardduty:DeleteDetector", "AllowDeleteDetector"),
]

EVERY_GRANT = pytest.mark.parametrize("grant", GRANTS, ids=lambda grant: grant.parameter)

# Ends no active membership: GuardDuty refuses that. A member whose e-mail is wrong is replaced with it.
HARMLESS = "guardduty:DeleteMembers"

SWITCHES = [
    (STACK, "AllowSuspend"),
    (STACK, "AllowRemove"),
    (STACK, "DeleteDetectors"),
    (MEMBER_ROLE, "AllowDeleteDetector"),
]


def conditional(grant: Grant) -> list[tuple[str, Node]]:
    """The statements of the role that are there under a condition only, each with the condition's name."""
    parts = within(properties(grant.role, grant.template)["Policies"])
    branches = [part["Fn::If"] for part in parts if "Fn::If" in part]
    return [(condition, then) for condition, then, otherwise in branches if otherwise == NO_VALUE]


@EVERY_GRANT
def test_a_role_lets_accounts_go_only_where_its_parameter_says_so(grant: Grant):
    (statement,) = grant.statements()
    assert statement["Action"] == grant.action
    ((condition, _),) = [(name, then) for name, then in conditional(grant) if then == statement]
    assert load(grant.template)["Conditions"][condition] == {"Fn::Equals": [ref(grant.parameter), "true"]}


@pytest.mark.parametrize(("template", "name"), SWITCHES)
def test_nothing_is_let_go_unless_somebody_says_so(template: str, name: str):
    parameter = parameters(template)[name]
    assert (parameter["Default"], parameter["AllowedValues"]) == ("false", ["false", "true"])


def test_no_role_can_end_anything_else():
    ends = re.compile("guardduty:(Stop|Disassociate|Delete|Decline|Disable|Archive|Unarchive|Untag)")
    roles = [role for template in TEMPLATES for role in properties_of("AWS::IAM::Role", template).values()]
    actions = {action for role in roles for part in within(role) for action in listed(part.get("Action", []))}
    assert {action for action in actions if ends.match(action)} == {grant.action for grant in GRANTS} | {HARMLESS}


def test_members_are_let_go_in_the_chosen_regions_only():
    """Under the same condition as what onboarding needs."""
    (onboarding,) = Grant(STACK, "FunctionRole", HARMLESS, "").statements()
    for grant in GRANTS[:2]:
        (statement,) = grant.statements()
        assert (statement["Resource"], statement["Condition"]) == ("*", onboarding["Condition"])


def test_only_a_detector_with_the_tag_of_this_administrator_is_deleted():
    (statement,) = GRANTS[2].statements()
    assert statement["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:guardduty:*:${AWS::AccountId}:detector/*"}
    administrator = {"Fn::Select": [4, {"Fn::Split": [":", ref("FunctionRoleArn")]}]}
    assert statement["Condition"] == {"StringEquals": {"aws:ResourceTag/guardduty-onboarding": administrator}}


def of_s3(sid: str) -> Node:
    """A statement of the function's role, which is there under every condition."""
    policies = properties("FunctionRole")["Policies"]
    (policy,) = [policy for policy in policies if policy.get("PolicyName") == "lists-and-reports"]
    (statement,) = [one for one in policy["PolicyDocument"]["Statement"] if one.get("Sid") == sid]
    return statement


def test_every_list_can_be_read_whether_or_not_it_may_be_carried_out():
    statement = of_s3("ReadLists")
    bucket = "arn:${AWS::Partition}:s3:::guardduty-onboarding-${AWS::AccountId}-${AWS::Region}"
    assert statement["Action"] == ["s3:GetObject", "s3:GetObjectVersion"]
    assert statement["Resource"] == [{"Fn::Sub": f"{bucket}/{prefix}*"} for prefix in LISTS]


def test_only_lists_are_looked_up():
    assert of_s3("SeeThatAListIsGone")["Condition"]["StringLike"] == {"s3:prefix": [f"{prefix}*" for prefix in LISTS]}


def protected() -> Node:
    return parameters()["ProtectedAccounts"]


def test_nobody_is_protected_unless_somebody_is_named():
    assert protected()["Default"] == ""


def test_a_hundred_accounts_can_be_protected():
    """All settings together must not be larger than Lambda takes."""
    ids = ",".join(["111122223333"] * 100)
    assert re.search(protected()["AllowedPattern"], ids)
    assert protected()["MaxLength"] == len(ids)
    assert "at most 100:" in protected()["Description"]


@pytest.mark.parametrize("bad", ["11112222333", "1111222233334", "111122223333, 444455556666", "111122223333,", "all"])
def test_what_is_no_list_of_account_ids_protects_nobody_and_is_refused(bad: str):
    assert not re.search(protected()["AllowedPattern"], bad)


def test_one_list_lets_fifty_accounts_go_and_no_parameter_lifts_that_beyond_guarddutys_quota():
    bounds = {key: parameters()["MaxLeaving"][key] for key in ("Default", "MinValue", "MaxValue")}
    assert bounds == {"Default": 50, "MinValue": 1, "MaxValue": 5000}
