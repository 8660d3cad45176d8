"""The roles: which accounts may become members, and what each role is good for.

Nothing on AWS would say that a condition is missing: everything goes on working, for a stranger, too.
"""

import re
from typing import NamedTuple

import pytest

from tests.support.templates import (
    MEMBER_ROLE,
    NO_VALUE,
    ORGANIZATION_EVENTS,
    STACK,
    TEMPLATES,
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

FUNCTION = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:guardduty-onboarding"
FROM_THE_FUNCTION = {"lambda:SourceFunctionArn": [{"Fn::Sub": FUNCTION}, {"Fn::Sub": f"{FUNCTION}:*"}]}

# The statements of the function's role, by their names.
STATEMENTS = {part["Sid"]: part for part in within(properties("FunctionRole")["Policies"]) if "Effect" in part}


@pytest.mark.parametrize("template", TEMPLATES)
def test_whatever_a_role_may_do_stands_with_it(template: str):
    for role in properties_of("AWS::IAM::Role", template).values():
        assert "ManagedPolicyArns" not in role
        assert role.get("Policies")
    kinds = {resource["Type"] for resource in resources(template).values()}
    assert kinds.isdisjoint({"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"})


@pytest.mark.parametrize("template", [MEMBER_ROLE, ORGANIZATION_EVENTS])
def test_a_template_for_a_stackset_has_no_transform(template: str):
    assert "Transform" not in load(template)


def test_sam_adds_nothing_to_the_function_or_its_role():
    assert "Globals" not in load(STACK)
    assert "Policies" not in properties("Function")
    assert properties("Function")["Role"] == arn("FunctionRole")


def test_lambda_assumes_the_functions_role_under_no_condition():
    """Nothing here could try one."""
    (trust,) = properties("FunctionRole")["AssumeRolePolicyDocument"]["Statement"]
    assert "Condition" not in trust


def test_the_function_has_the_name_that_its_role_is_bound_to():
    assert properties("Function")["FunctionName"] == FUNCTION.split(":")[-1]


def test_the_reader_role_is_assumed_by_the_function_alone():
    assert STATEMENTS["ReaderRole"]["Condition"] == {"ArnEquals": FROM_THE_FUNCTION}


def test_a_member_role_is_assumed_by_the_function_alone_and_in_the_named_organizations_alone():
    organizations = {"aws:ResourceOrgID": {"Fn::Split": [",", ref("OrganizationIds")]}}
    assert STATEMENTS["MemberAccounts"]["Condition"] == {
        "ArnEquals": FROM_THE_FUNCTION,
        "StringEquals": {"Fn::If": ["NamesOrganizations", organizations, NO_VALUE]},
    }
    assert load(STACK)["Conditions"]["NamesOrganizations"] == is_not_empty("OrganizationIds")


def conditions(sid: str) -> set[str]:
    """Every name in a statement's conditions."""
    return {name for part in within(STATEMENTS[sid].get("Condition", {})) for name in part}


@pytest.mark.parametrize("sid", STATEMENTS)
def test_only_what_assumes_a_role_is_bound_to_the_function(sid: str):
    """Lambda polls the queue, and keeps log and traces, in the role's name but not from the function's code."""
    assumes = "sts:AssumeRole" in listed(STATEMENTS[sid]["Action"])
    assert ("lambda:SourceFunctionArn" in conditions(sid)) == assumes


@pytest.mark.parametrize("sid", STATEMENTS)
def test_only_what_reads_or_writes_a_bucket_is_bound_to_this_account(sid: str):
    of_s3 = listed(STATEMENTS[sid]["Action"])[0].startswith("s3:")
    assert ("aws:ResourceAccount" in conditions(sid)) == of_s3
    if of_s3:
        assert STATEMENTS[sid]["Condition"].get("StringEquals") == {"aws:ResourceAccount": ref("AWS::AccountId")}


def test_no_organization_is_named_unless_somebody_names_one():
    assert parameters()["OrganizationIds"].get("Default") == ""


@pytest.mark.parametrize("good", ["", "o-exampleorgid", "o-exampleorgid,o-a1b2c3d4e5"])
def test_organizations_are_named_by_their_ids(good: str):
    assert re.search(parameters()["OrganizationIds"]["AllowedPattern"], good)


@pytest.mark.parametrize(
    "bad",
    [
        "exampleorgid",
        "o-*",
        "*",
        # An id with a blank before it is nobody's, and every account would be refused.
        "o-exampleorgid, o-a1b2c3d4e5",
        "o-exampleorgid,",
        "ou-ab12-cdefghij",
        "none",
    ],
)
def test_what_is_no_list_of_organizations_is_refused(bad: str):
    assert not re.search(parameters()["OrganizationIds"]["AllowedPattern"], bad)


class ExternalId(NamedTuple):
    """The parameter that names it in one of the two templates that have to agree on it."""

    template: str
    name: str

    def parameter(self) -> Node:
        return parameters(self.template)[self.name]


BOTH_SIDES = pytest.mark.parametrize(
    "external_id",
    [ExternalId(STACK, "MemberRoleExternalId"), ExternalId(MEMBER_ROLE, "ExternalId")],
    ids=lambda external_id: external_id.name,
)

# What stands for none: what a guided deployment is told to write, and what an older release has saved.
NO_EXTERNAL_ID = ("none", "")


@BOTH_SIDES
def test_a_guided_deployment_asks_for_the_external_id(external_id: ExternalId):
    assert "Default" not in external_id.parameter()


@BOTH_SIDES
@pytest.mark.parametrize("value", [*NO_EXTERNAL_ID, "amber-falcon"])
def test_an_external_id_can_be_given_or_left_out(external_id: ExternalId, value: str):
    assert re.search(external_id.parameter()["AllowedPattern"], value)


@BOTH_SIDES
def test_both_sides_agree_when_there_is_an_external_id(external_id: ExternalId):
    is_none = [{"Fn::Equals": [ref(external_id.name), value]} for value in NO_EXTERNAL_ID]
    assert load(external_id.template)["Conditions"]["HasExternalId"] == {"Fn::Not": [{"Fn::Or": is_none}]}


def test_the_function_presents_the_external_id():
    presented = {"Fn::If": ["HasExternalId", ref("MemberRoleExternalId"), NO_VALUE]}
    assert properties("Function")["Environment"]["Variables"]["MEMBER_ROLE_EXTERNAL_ID"] == presented


def test_a_member_role_trusts_the_functions_role_alone_and_asks_for_the_external_id():
    (trust,) = properties("MemberRole", MEMBER_ROLE)["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": ref("FunctionRoleArn")},
        "StringEquals": {"Fn::If": ["HasExternalId", {"sts:ExternalId": ref("ExternalId")}, NO_VALUE]},
    }
