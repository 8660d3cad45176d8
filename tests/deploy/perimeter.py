"""Holds the templates to whom they let in: which accounts may become members, who writes reports, who hears of an alarm.

Nothing on AWS would say that a condition is missing: everything goes on working, for a stranger, too.
"""

import re

from agreement import check, finish, of_type, parameters, resources, same, same_names, stack
from tests.support.templates import MEMBER_ROLE, ORGANIZATION_EVENTS, STACK, TEMPLATES, load

FUNCTION = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:guardduty-onboarding"
FROM_THE_FUNCTION = {"lambda:SourceFunctionArn": [{"Fn::Sub": FUNCTION}, {"Fn::Sub": f"{FUNCTION}:*"}]}
OWN_ACCOUNT = {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}
NOTHING = {"Ref": "AWS::NoValue"}

# Who may be the external id of nobody: what a guided deployment is told to write, and what an older release has saved.
NO_EXTERNAL_ID = ("none", "")


def statements(part):
    """Every statement of a role's policies, or of any part of them."""
    if isinstance(part, dict):
        if "Effect" in part:
            yield part
            return
        part = list(part.values())
    if isinstance(part, list):
        for below in part:
            yield from statements(below)


def actions(statement):
    action = statement["Action"]
    return [action] if isinstance(action, str) else action


def keys(part):
    """Every name in a part of a template."""
    if isinstance(part, dict):
        yield from part
        part = list(part.values())
    if isinstance(part, list):
        for below in part:
            yield from keys(below)


def check_function_role():
    """The role is good for this function alone in other accounts, and for this account's buckets alone."""
    role = resources["FunctionRole"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    check(
        "Condition" not in trust, f"{STACK}: Lambda must assume the role under no condition: nothing here can try one"
    )
    found = {statement["Sid"]: statement for statement in statements(role["Policies"])}
    same(f"{STACK}: the function's name", resources["Function"]["Properties"]["FunctionName"], FUNCTION.split(":")[-1])
    same(
        f"{STACK}: under which condition the reader role is assumed",
        found["ReaderRole"]["Condition"],
        {"ArnEquals": FROM_THE_FUNCTION},
    )
    organizations = {"aws:ResourceOrgID": {"Fn::Split": [",", {"Ref": "OrganizationIds"}]}}
    same(
        f"{STACK}: under which condition a member's role is assumed",
        found["MemberAccounts"]["Condition"],
        {
            "ArnEquals": FROM_THE_FUNCTION,
            "StringEquals": {"Fn::If": ["NamesOrganizations", organizations, NOTHING]},
        },
    )
    named = {"Fn::Not": [{"Fn::Equals": [{"Ref": "OrganizationIds"}, ""]}]}
    same(f"{STACK}: when organizations are named", stack["Conditions"]["NamesOrganizations"], named)
    for sid, statement in found.items():
        has = set(keys(statement.get("Condition", {})))
        assumes, of_s3 = "sts:AssumeRole" in actions(statement), actions(statement)[0].startswith("s3:")
        # Lambda polls the queue, and keeps log and traces, in the role's name but not from the function's code.
        check(assumes == ("lambda:SourceFunctionArn" in has), f"{STACK}: {sid} and lambda:SourceFunctionArn: {has}")
        check(of_s3 == ("aws:ResourceAccount" in has), f"{STACK}: {sid} and aws:ResourceAccount: {has}")
        if of_s3:
            same(f"{STACK}: {sid}'s owner of the bucket", statement["Condition"].get("StringEquals"), OWN_ACCOUNT)

    pattern = parameters["OrganizationIds"]["AllowedPattern"]
    same(f"{STACK}: OrganizationIds' default", parameters["OrganizationIds"].get("Default"), "")
    for good in ("", "o-exampleorgid", "o-exampleorgid,o-a1b2c3d4e5"):
        check(re.search(pattern, good), f"{STACK}: OrganizationIds refuses {good!r}")
    # An id with a blank before it is nobody's, and every account would be refused.
    for bad in (
        "exampleorgid",
        "o-*",
        "*",
        "o-exampleorgid, o-a1b2c3d4e5",
        "o-exampleorgid,",
        "ou-ab12-cdefghij",
        "none",
    ):
        check(not re.search(pattern, bad), f"{STACK}: OrganizationIds takes {bad!r}")


def check_bucket_policy():
    """Nobody but the function's role writes or deletes a report, over TLS as everything else."""
    (policy,) = of_type("AWS::S3::BucketPolicy").values()
    same(f"{STACK}: the bucket that the policy is for", policy["Bucket"], {"Ref": "Bucket"})
    found = {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}
    same(
        f"{STACK}: the bucket's TlsOnly",
        found.pop("TlsOnly", None),
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}, {"Fn::Sub": "${Bucket.Arn}/*"}],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )
    same(
        f"{STACK}: the bucket's other statements",
        found,
        {
            "OnlyTheFunctionWritesReports": {
                "Sid": "OnlyTheFunctionWritesReports",
                "Effect": "Deny",
                "Principal": "*",
                "Action": [
                    "s3:PutObject",
                    "s3:DeleteObject",
                    "s3:DeleteObjectVersion",
                    "s3:ReplicateObject",
                    "s3:ReplicateDelete",
                ],
                "Resource": {"Fn::Sub": "${Bucket.Arn}/${ReportPrefix}*"},
                "Condition": {"ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["FunctionRole", "Arn"]}}},
            }
        },
    )
    same(
        f"{STACK}: where reports go",
        resources["Function"]["Properties"]["Environment"]["Variables"]["REPORT_PREFIX"],
        {"Ref": "ReportPrefix"},
    )


def check_external_ids():
    """A guided deployment asks for it; `none` and an empty one mean none, on both sides alike."""
    for template, name in ((STACK, "MemberRoleExternalId"), (MEMBER_ROLE, "ExternalId")):
        found = load(template)
        parameter = found["Parameters"][name]
        check("Default" not in parameter, f"{template}: {name} has a default, so nobody is asked for it")
        for value in (*NO_EXTERNAL_ID, "amber-falcon"):
            check(re.search(parameter["AllowedPattern"], value), f"{template}: {name} refuses {value!r}")
        wanted = {"Fn::Not": [{"Fn::Or": [{"Fn::Equals": [{"Ref": name}, value]} for value in NO_EXTERNAL_ID]}]}
        same(f"{template}: when there is an external id", found["Conditions"]["HasExternalId"], wanted)
    same(
        f"{STACK}: MEMBER_ROLE_EXTERNAL_ID",
        resources["Function"]["Properties"]["Environment"]["Variables"]["MEMBER_ROLE_EXTERNAL_ID"],
        {"Fn::If": ["HasExternalId", {"Ref": "MemberRoleExternalId"}, NOTHING]},
    )
    (trust,) = load(MEMBER_ROLE)["Resources"]["MemberRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    same(
        f"{MEMBER_ROLE}: whom the role trusts",
        trust["Condition"],
        {
            "ArnEquals": {"aws:PrincipalArn": {"Ref": "FunctionRoleArn"}},
            "StringEquals": {"Fn::If": ["HasExternalId", {"sts:ExternalId": {"Ref": "ExternalId"}}, NOTHING]},
        },
    )


def check_topics():
    """Every alarm goes to an encrypted topic of its own template, and to an e-mail where one is given."""
    topics = {}
    for template in TEMPLATES:
        found = load(template)
        alarms = [entry for entry in found["Resources"].values() if entry["Type"] == "AWS::CloudWatch::Alarm"]
        for alarm in alarms:
            name = alarm["Properties"]["AlarmName"]
            same(f"{template}: {name}'s actions", alarm["Properties"].get("AlarmActions"), [{"Ref": "AlarmTopic"}])
            check(
                name.startswith("guardduty-onboarding-"),
                f"{template}: {name} has a name that the topic's and the key's policies do not admit",
            )
        if alarms:
            part = {
                name: found["Resources"][name]["Properties"] for name in ("AlarmKey", "AlarmTopic", "AlarmTopicPolicy")
            }
            part["AlarmKey"] = part["AlarmKey"]["KeyPolicy"]
            part["AlarmTopic"] = part["AlarmTopic"]["KmsMasterKeyId"]
            part["AlarmSubscription"] = found["Resources"]["AlarmSubscription"]["Properties"]
            part["AlarmEmail"] = {key: found["Parameters"]["AlarmEmail"][key] for key in ("Default", "AllowedPattern")}
            part["AlarmTopicArn"] = found["Outputs"]["AlarmTopicArn"]["Value"]
            topics[template] = part
    same_names("templates with alarms", topics, [STACK, ORGANIZATION_EVENTS])
    same(f"{ORGANIZATION_EVENTS}: its topic against the stack's", topics.get(ORGANIZATION_EVENTS), topics.get(STACK))
    # Resources of which only some exist would make a deployment fail, or an alarm that nobody hears.
    found = load(ORGANIZATION_EVENTS)["Resources"]
    for name in ("AlarmKey", "AlarmTopic", "AlarmTopicPolicy", "UndeliveredAlarm"):
        same(f"{ORGANIZATION_EVENTS}: {name}'s condition", found[name].get("Condition"), "Forwards")
    same(f"{ORGANIZATION_EVENTS}: its subscription's", found["AlarmSubscription"].get("Condition"), "WritesAlarms")


def main():
    check_function_role()
    check_bucket_policy()
    check_external_ids()
    check_topics()
    finish("the templates let in whom they say")


if __name__ == "__main__":
    main()
