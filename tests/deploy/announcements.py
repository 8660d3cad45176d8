"""Announcements of accounts: samples, variations of them and near misses, and the rule that each has to fire."""

import copy
import json

from tests.support.templates import ROOT, Node, read

EVENTS = ROOT / "events"

CREATED = "AccountCreatedRule"
JOINED = "AccountJoinedRule"
MANAGED = "ManagedAccountCreatedRule"
UPDATED = "ManagedAccountUpdatedRule"

SERVICE_EVENT = "AWS Service Event via CloudTrail"
API_CALL = "AWS API Call via CloudTrail"
# AWS's reference of events in China spells the detail types so, its guide there as above.
SERVICE_EVENT_IN_CHINA = "Amazon Service Event via CloudTrail"
API_CALL_IN_CHINA = "Amazon API Call via CloudTrail"

# Sample to the rule that it fires. What is no event of EventBridge (notifications, requests, messages) comes to the
# function in another way and must fire none.
SAMPLES: dict[str, str | None] = {
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
    "reconcile.json": None,
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
VARIATIONS: list[tuple[str, str, dict[str, object], str | None]] = [
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


def files() -> set[str]:
    """Every sample that there is."""
    return {path.relative_to(EVENTS).as_posix() for path in EVENTS.rglob("*.json")}


def sample(name: str) -> Node:
    return json.loads(read(f"events/{name}"))


def varied(event: Node, changes: dict[str, object]) -> Node:
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
