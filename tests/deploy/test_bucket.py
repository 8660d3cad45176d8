"""The bucket: what it announces, how long it keeps things, and who may write to it.

Nothing on AWS would say that it is wrong: a list whose key has none of the prefixes just lies there.
"""

import re

import pytest

from tests.support.templates import (
    LISTS,
    NO_VALUE,
    STACK,
    Node,
    arn,
    is_not_empty,
    load,
    parameters,
    properties,
    properties_of,
    ref,
    resources,
    within,
)

BUCKET = properties("Bucket")
NOTIFICATIONS = BUCKET["NotificationConfiguration"]


def test_the_bucket_keeps_versions():
    assert BUCKET["VersioningConfiguration"] == {"Status": "Enabled"}


def test_the_bucket_is_encrypted():
    rules = BUCKET["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert [rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules] in (["AES256"], ["aws:kms"])


def test_the_bucket_is_never_public():
    ways = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    assert BUCKET["PublicAccessBlockConfiguration"] == dict.fromkeys(ways, True)


@pytest.mark.parametrize("policy", ["DeletionPolicy", "UpdateReplacePolicy"])
def test_the_bucket_outlives_its_stack(policy: str):
    assert resources()["Bucket"].get(policy, "").startswith("Retain")


def test_the_bucket_notifies_the_queue_alone_of_every_new_object():
    assert list(NOTIFICATIONS) == ["QueueConfigurations"]
    for notification in NOTIFICATIONS["QueueConfigurations"]:
        assert notification["Event"] == "s3:ObjectCreated:*"
        assert notification["Queue"] == arn("Queue")


def test_only_the_prefix_makes_an_object_a_list():
    """A suffix is compared letter by letter, so `.csv` would lose Team.CSV."""
    filters = [
        [(rule["Name"].lower(), rule["Value"]) for rule in notification.get("Filter", {})["S3Key"]["Rules"]]
        for notification in NOTIFICATIONS["QueueConfigurations"]
    ]
    assert sorted(filters) == [[("prefix", prefix)] for prefix in sorted(LISTS)]


def test_lists_are_announced_under_every_condition():
    """A list that may not be carried out gets a report that says so."""
    assert not [part for part in within(NOTIFICATIONS) if "Fn::If" in part]


def test_no_report_is_taken_for_a_list():
    assert not parameters()["ReportPrefix"]["Default"].startswith(LISTS)


def waits() -> int:
    """For how many days a message may wait for its list."""
    return properties("Queue")["MessageRetentionPeriod"] // 86_400


def expiry() -> dict[str, Node]:
    """Each rule by its id, those that are there under a condition with the condition's name."""
    rules = {}
    for rule in BUCKET["LifecycleConfiguration"]["Rules"]:
        condition, rule, otherwise = rule.get("Fn::If", (None, rule, NO_VALUE))
        assert otherwise == NO_VALUE
        rules[rule["Id"]] = condition, {key: part for key, part in rule.items() if key != "Id"}
    return rules


# The rule that deletes the lists of a prefix.
OF_LISTS = {
    "lists-expire": "accounts/",
    "suspensions-expire": "suspend/",
    "removals-expire": "remove/",
    "dry-runs-expire": "plan/",
}
RULES = ["reports-expire", *OF_LISTS, "old-versions-expire", "unfinished-uploads-expire"]


def test_lists_of_every_prefix_expire():
    assert tuple(OF_LISTS.values()) == LISTS


def test_these_are_the_rules_of_expiry():
    assert set(expiry()) == set(RULES)


def test_reports_expire():
    rule = {"Prefix": ref("ReportPrefix"), "ExpirationInDays": ref("ReportRetentionDays")}
    assert expiry()["reports-expire"] == (None, {"Status": "Enabled", **rule})


@pytest.mark.parametrize(("name", "prefix"), OF_LISTS.items())
def test_lists_expire_where_it_is_asked_for(name: str, prefix: str):
    days = ref("ListRetentionDays")
    rule = {"Prefix": prefix, "ExpirationInDays": days, "NoncurrentVersionExpiration": {"NoncurrentDays": days}}
    assert expiry()[name] == ("ListsExpire", {"Status": "Enabled", **rule})


@pytest.mark.parametrize("name", RULES)
def test_a_rule_of_expiry_is_enabled(name: str):
    _, rule = expiry()[name]
    assert rule["Status"] == "Enabled"


def test_an_old_version_outlives_its_message():
    _, rule = expiry()["old-versions-expire"]
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] > waits()


def test_lists_stay_unless_a_number_of_days_is_given():
    assert load(STACK)["Conditions"]["ListsExpire"] == is_not_empty("ListRetentionDays")
    assert parameters()["ListRetentionDays"]["Default"] == ""


def test_lists_outlive_their_messages():
    pattern = parameters()["ListRetentionDays"]["AllowedPattern"]
    assert [days for days in range(5000) if re.search(pattern, str(days))] == list(range(waits() + 1, 3651))


@pytest.mark.parametrize("odd", ["015", "15.5", "15d", " 15", "-15", "none"])
def test_days_are_a_plain_number(odd: str):
    assert not re.search(parameters()["ListRetentionDays"]["AllowedPattern"], odd)


def policy() -> Node:
    (policy,) = properties_of("AWS::S3::BucketPolicy").values()
    assert policy["Bucket"] == ref("Bucket")
    return {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}


def denied(sid: str) -> Node:
    return {"Sid": sid, "Effect": "Deny", "Principal": "*"}


def test_the_buckets_policy_has_these_statements():
    assert set(policy()) == {"TlsOnly", "OnlyTheFunctionWritesReports"}


def test_nobody_reaches_the_bucket_without_tls():
    assert policy()["TlsOnly"] == denied("TlsOnly") | {
        "Action": "s3:*",
        "Resource": [arn("Bucket"), {"Fn::Sub": "${Bucket.Arn}/*"}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_nobody_but_the_functions_role_writes_or_deletes_a_report():
    writing = ("PutObject", "DeleteObject", "DeleteObjectVersion", "ReplicateObject", "ReplicateDelete")
    assert policy()["OnlyTheFunctionWritesReports"] == denied("OnlyTheFunctionWritesReports") | {
        "Action": [f"s3:{action}" for action in writing],
        "Resource": {"Fn::Sub": "${Bucket.Arn}/${ReportPrefix}*"},
        "Condition": {"ArnNotEquals": {"aws:PrincipalArn": arn("FunctionRole")}},
    }


def test_the_function_writes_reports_where_the_policy_keeps_them():
    assert properties("Function")["Environment"]["Variables"]["REPORT_PREFIX"] == ref("ReportPrefix")
