"""Holds the stack to the numbers and shapes that the function counts on.

Nothing on AWS would say that they are wrong: a list whose key has none of the prefixes just lies there, and a message
that is hidden for too short a time is worked on twice.
"""

import re

from agreement import check, finish, parameters, resources, same, same_names, stack
from tests.support.templates import MEMBER_ROLE, ORGANIZATION_EVENTS, STACK, TEMPLATES, load


def check_queue():
    function = resources["Function"]["Properties"]
    queue = resources["Queue"]["Properties"]
    dead_letters = resources["DeadLetterQueue"]["Properties"]
    same(f"{STACK}: the function's timeout", function["Timeout"], 900)
    same(f"{STACK}: the queue's visibility timeout", queue["VisibilityTimeout"], function["Timeout"] + 60)
    same(
        f"{STACK}: the queue's redrive policy",
        queue["RedrivePolicy"],
        {
            "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]},
            "maxReceiveCount": {"Ref": "MaxDeliveries"},
        },
    )
    same(
        f"{STACK}: MAX_DELIVERIES, which has to be the queue's maxReceiveCount",
        function["Environment"]["Variables"]["MAX_DELIVERIES"],
        queue["RedrivePolicy"]["maxReceiveCount"],
    )
    same(f"{STACK}: QUEUE_URL", function["Environment"]["Variables"]["QUEUE_URL"], {"Ref": "Queue"})
    same(f"{STACK}: how long dead letters are kept", dead_letters["MessageRetentionPeriod"], 14 * 86_400)
    # A message's age goes on counting in the dead-letter queue, so the other one must not keep it for longer.
    same(f"{STACK}: how long messages are kept", queue["MessageRetentionPeriod"], 14 * 86_400)

    (source,) = function["Events"].values()
    same(f"{STACK}: what feeds the function", source["Type"], "SQS")
    feed = source["Properties"]
    same(f"{STACK}: the queue that feeds the function", feed["Queue"], {"Fn::GetAtt": ["Queue", "Arn"]})
    same(f"{STACK}: messages per batch", feed.get("BatchSize"), 1)
    same(f"{STACK}: the answer to a batch", feed.get("FunctionResponseTypes"), ["ReportBatchItemFailures"])
    most = feed.get("ScalingConfig", {}).get("MaximumConcurrency", 0)
    check(most >= 5, f"{STACK}: MaximumConcurrency is {most}, expected 5 or more: Lambda fetches with five at first")
    check(
        "ReservedConcurrentExecutions" not in function,
        f"{STACK}: reserved concurrency turns messages away, and each refusal counts as a delivery",
    )


def check_log():
    function = resources["Function"]["Properties"]
    name = resources["LogGroup"]["Properties"]["LogGroupName"]
    same(f"{STACK}: the log's name", name, f"/aws/lambda/{function['FunctionName']}")
    logging = function["LoggingConfig"]
    same(f"{STACK}: the function's log", logging["LogGroup"], {"Ref": "LogGroup"})
    same(f"{STACK}: the function's log level", logging["ApplicationLogLevel"], {"Ref": "LogLevel"})
    # Metrics are lines of the log that carry no level: from WARN on Lambda would drop them, and the alarms with them.
    same(f"{STACK}: the log levels", parameters["LogLevel"]["AllowedValues"], ["INFO", "DEBUG", "TRACE"])
    retention = parameters["LogRetentionDays"]
    check(retention["Default"] in retention["AllowedValues"], f"{STACK}: LogRetentionDays' default is not allowed")


def check_bucket():
    bucket = resources["Bucket"]["Properties"]
    same(f"{STACK}: the bucket's versions", bucket["VersioningConfiguration"], {"Status": "Enabled"})
    encryption = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    check(
        [rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in encryption] in (["AES256"], ["aws:kms"]),
        f"{STACK}: the bucket's encryption is {encryption}",
    )
    same(
        f"{STACK}: the bucket's public access block",
        bucket["PublicAccessBlockConfiguration"],
        dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True),
    )
    for name in ("DeletionPolicy", "UpdateReplacePolicy"):
        kept = resources["Bucket"].get(name, "").startswith("Retain")
        check(kept, f"{STACK}: the bucket's {name} does not keep lists")
    # No suffix: it is compared letter by letter, so `.csv` would lose Team.CSV.
    prefixes = []
    for to_queue in bucket["NotificationConfiguration"]["QueueConfigurations"]:
        same(f"{STACK}: what the bucket announces", to_queue["Event"], "s3:ObjectCreated:*")
        same(f"{STACK}: where the bucket announces it", to_queue["Queue"], {"Fn::GetAtt": ["Queue", "Arn"]})
        rules = to_queue.get("Filter", {}).get("S3Key", {}).get("Rules", [])
        same(f"{STACK}: what a notification is filtered by", [rule["Name"].lower() for rule in rules], ["prefix"])
        prefixes += [rule["Value"] for rule in rules]
    same(f"{STACK}: the prefixes of lists", sorted(prefixes), ["accounts/", "plan/"])
    same(f"{STACK}: what the bucket notifies", list(bucket["NotificationConfiguration"]), ["QueueConfigurations"])
    check(
        not parameters["ReportPrefix"]["Default"].startswith(("accounts/", "plan/")),
        f"{STACK}: reports would be taken for lists",
    )


def check_expiry():
    """Reports go after a while; lists only if it is asked for, and never before their message."""
    rules = {}
    for rule in resources["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]:
        condition, rule = ("always", rule) if "Fn::If" not in rule else (rule["Fn::If"][0], rule["Fn::If"][1])
        same(f"{STACK}: {rule['Id']}'s status", rule["Status"], "Enabled")
        rules[rule["Id"]] = condition, {key: part for key, part in rule.items() if key not in ("Id", "Status")}
    noncurrent = rules["old-versions-expire"][1]["NoncurrentVersionExpiration"]["NoncurrentDays"]
    waits = resources["Queue"]["Properties"]["MessageRetentionPeriod"] // 86_400
    check(noncurrent > waits, f"{STACK}: a version goes after {noncurrent} days, its message after {waits}")
    days = {"Ref": "ListRetentionDays"}
    lists = {"ExpirationInDays": days, "NoncurrentVersionExpiration": {"NoncurrentDays": days}}
    wanted = {
        "reports-expire": (
            "always",
            {"Prefix": {"Ref": "ReportPrefix"}, "ExpirationInDays": {"Ref": "ReportRetentionDays"}},
        ),
        "lists-expire": ("ListsExpire", {"Prefix": "accounts/", **lists}),
        "dry-runs-expire": ("ListsExpire", {"Prefix": "plan/", **lists}),
    }
    same_names(f"{STACK}: lifecycle rules", rules, {*wanted, "old-versions-expire", "unfinished-uploads-expire"})
    for name, rule in wanted.items():
        same(f"{STACK}: lifecycle rule {name}", rules.get(name), rule)
    asked = {"Fn::Not": [{"Fn::Equals": [{"Ref": "ListRetentionDays"}, ""]}]}
    same(f"{STACK}: when lists expire", stack["Conditions"]["ListsExpire"], asked)
    retention = parameters["ListRetentionDays"]
    same(f"{STACK}: ListRetentionDays' default", retention["Default"], "")
    taken = [number for number in range(5000) if re.search(retention["AllowedPattern"], str(number))]
    same(f"{STACK}: which days ListRetentionDays takes", taken, list(range(waits + 1, 3651)))
    for odd in ("015", "15.5", "15d", " 15", "-15", "none"):
        check(not re.search(retention["AllowedPattern"], odd), f"{STACK}: ListRetentionDays takes {odd!r}")


def check_memory():
    same(f"{STACK}: the function's memory", resources["Function"]["Properties"]["MemorySize"], {"Ref": "MemorySize"})


def check_roles():
    """Whatever a role may do stands in its template, and only the stack's template has something to transform."""
    for template in TEMPLATES:
        found = load(template)
        for name, resource in found["Resources"].items():
            properties = resource.get("Properties", {})
            if resource["Type"] == "AWS::IAM::Role":
                check("ManagedPolicyArns" not in properties, f"{template}: {name} has managed policies")
                check(properties.get("Policies"), f"{template}: {name} may do nothing")
            check(
                resource["Type"] not in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"),
                f"{template}: {name} is a policy apart from its role",
            )
        if template in (MEMBER_ROLE, ORGANIZATION_EVENTS):
            check("Transform" not in found, f"{template} has a Transform, which a StackSet does not take")
    check("Globals" not in stack, f"{STACK} has Globals, which this script does not look at")
    function = resources["Function"]["Properties"]
    check("Policies" not in function, f"{STACK}: SAM would make the function's policies")
    same(f"{STACK}: the function's role", function["Role"], {"Fn::GetAtt": ["FunctionRole", "Arn"]})


def main():
    check_queue()
    check_log()
    check_bucket()
    check_expiry()
    check_memory()
    check_roles()
    finish("the stack has the shape that the function counts on")


if __name__ == "__main__":
    main()
