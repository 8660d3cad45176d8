"""Walks unmodified boto3 through everything the simulator serves, and through the mistakes AWS documents.

The simulator's address comes from AWS_ENDPOINT_URL, as for any AWS client. Nothing but a loopback
address is accepted: pointed at AWS itself, this walk would switch GuardDuty on and off for real.

The administrator calls with a plain access key, every other account with a session of a role that
the simulator's STS hands out. Each step prints one line; the exit code is 1 if any step failed. A walk
leaves nothing behind in GuardDuty, so it can be repeated against the same simulator.
"""

import contextlib
import datetime
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ADMINISTRATOR = "123456789012"
MEMBER = "111122223333"
SECOND = "444455556666"
# Another administrator, whose invitations our members must not mix up with ours.
STRANGER = "999999999999"
# Never switches GuardDuty on, except where a session policy gets in its way.
NEWCOMER = "555555555555"
# On nobody's list.
UNKNOWN = "222222222222"
# The simulator is told what is the matter with these.
WRONG_EMAIL = "333333333333"
REGION_OFF = "666666666666"
SUSPENDED = "777777777777"

HOME = "us-east-1"
AWAY = "eu-west-1"

ROLE = "GuardDutyOnboardingMember"

# Formed as a detector id, owned by nobody (it is the sample of the API reference).
NOBODYS_DETECTOR = "12abc34d567e8fa901bc2d34e56789f0"
NOBODYS_INVITATION = "84b097800250d17d1872b34c4daadcf5"

HEX32 = re.compile(r"[0-9a-f]{32}")
# GuardDuty's timestamps are strings of this one form.
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

REJECTED = "The request is rejected because "

# Per account, in an answer with status 200.
CANNOT_CREATE_AS_MEMBER = (
    REJECTED
    + "the current account cannot create members since it is already an associated member of another master account."
)
CANNOT_BE_ITS_OWN_MEMBER = REJECTED + "an account cannot become a member of itself."
ALREADY_A_MEMBER = REJECTED + "the given account ID is already a member or associated member of the current account."
CANNOT_INVITE_AS_MEMBER = (
    REJECTED
    + "the current account cannot invite other accounts since it is already an associated member of another master account."
)
CANNOT_INVITE_ITSELF = REJECTED + "the current account cannot invite itself."
EMAIL_MISSING = REJECTED + "member account's email address is missing."
ALREADY_INVITED = (
    REJECTED
    + "the current account has already invited or is already the GuardDuty master of the given member account ID."
)
STILL_ASSOCIATED = (
    REJECTED + "the current account cannot delete the given member account ID since it is still associated to it."
)
TOO_MANY_MEMBERS = (
    REJECTED
    + "the current account cannot create anymore members since it cannot exceed the maximum number of allowed members."
)
NOT_YET_ASSOCIATED = (
    REJECTED
    + "the current account cannot disassociate the given member account ID since the latter is not yet associated to it."
)
NOT_AN_ASSOCIATED_MEMBER = REJECTED + "the given account ID is not an associated member of account the current account."
INVITATION_IN_USE = (
    REJECTED
    + "the current account cannot delete the invitation from the given master account ID "
    + "since it is still associated to it or has not declined their invitation yet."
)

# For the whole call, with status 400.
INVALID_OR_OUT_OF_RANGE = REJECTED + "an invalid or out-of-range value is specified as an input parameter."
INVALID_VALUES = REJECTED + "one or more input parameters have invalid values."
DETECTOR_MALFORMED = REJECTED + "the parameter detectorId has an invalid value."
DETECTOR_NOT_OWNED = REJECTED + "the input detectorId is not owned by the current account."
MEMBERS_CANNOT_MANAGE = REJECTED + "member accounts cannot manage specified resources or properties."
FEATURES_AND_DATA_SOURCES = (
    "The request failed because both data sources and features were provided. "
    + "You can provide only one; it is recommended to use features."
)
DETECTOR_EXISTS = REJECTED + "a detector already exists for the current account."
DETECTOR_HAS_MEMBERS = (
    REJECTED + "the current account cannot delete detector while it has invited or associated members."
)
MAX_RESULTS_OUT_OF_BOUNDS = REJECTED + "the parameter maxResults is out-of-bounds."
ONLY_ASSOCIATED_INVALID = REJECTED + "the parameter onlyAssociated has an invalid value."
ACCEPT_HAS_MEMBERS = (
    REJECTED
    + "the current account cannot accept invitations since it still has created, invited or associated members."
)
ACCEPT_ALREADY_MEMBER = (
    REJECTED
    + "the current account cannot accept invitations since it is already an associated member of some master account."
)
ACCEPT_NO_PENDING = (
    REJECTED
    + "the current account has no pending invitation from the given master account ID "
    + "or is already an associated member of another master account."
)
NOT_ASSOCIATED_TO_AN_ADMINISTRATOR = REJECTED + "the current account is not associated to a master account."
BATCH_TOO_LONG = "The request failed because the length provided for the {} array was 51. Max allowed length is 50."

# What onboarding needs of GuardDuty; the walk fails if it left one of these out.
GUARDDUTY_OPERATIONS = {
    "AcceptAdministratorInvitation",
    "AcceptInvitation",
    "CreateDetector",
    "CreateMembers",
    "DeclineInvitations",
    "DeleteDetector",
    "DeleteInvitations",
    "DeleteMembers",
    "DescribeOrganizationConfiguration",
    "DisassociateFromAdministratorAccount",
    "DisassociateFromMasterAccount",
    "DisassociateMembers",
    "GetAdministratorAccount",
    "GetDetector",
    "GetInvitationsCount",
    "GetMasterAccount",
    "GetMemberDetectors",
    "GetMembers",
    "GetRemainingFreeTrialDays",
    "InviteMembers",
    "ListDetectors",
    "ListInvitations",
    "ListMembers",
    "ListOrganizationAdminAccounts",
    "StartMonitoringMembers",
    "StopMonitoringMembers",
    "UpdateDetector",
    "UpdateMemberDetectors",
}


class Mismatch(Exception):
    """What came is not what AWS would have sent."""


class Walk:
    """The simulator's address, the clients made so far and the steps taken."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.sessions = {}
        self.clients = {}
        self.steps = 0
        self.failed = []
        self.operations = set()
        # The last answer as it came over the wire, before botocore made sense of it.
        self.last_answer = None

    @contextlib.contextmanager
    def step(self, sentence):
        """One line of output. A failure is told and the walk goes on, so that one run shows them all."""
        self.steps += 1
        try:
            yield
        except Exception as error:  # the report below names it, whatever it is
            self.failed.append(sentence)
            print(f"FAILED  {sentence}\n        {type(error).__name__}: {error}", flush=True)
        else:
            print(f"ok      {sentence}", flush=True)

    def session(self, account):
        """A session of `account`: the administrator's own keys, or a role assumed with them."""
        if account not in self.sessions:
            if account == ADMINISTRATOR:
                session = boto3.Session()
            else:
                session = self.assumed(account)
            self.sessions[account] = session
        return self.sessions[account]

    def assumed(self, account, **parameters):
        """A new session of the member role in `account`."""
        answer = self.client("sts", ADMINISTRATOR).assume_role(
            RoleArn=role_arn(account), RoleSessionName="walk", **parameters
        )
        return session_of(answer["Credentials"])

    def client(self, service, account, region=HOME):
        """The one client of `service` that `account` has in `region`."""
        key = (service, account, region)
        if key not in self.clients:
            self.clients[key] = self.client_of(self.session(account), service, region)
        return self.clients[key]

    def client_of(self, session, service, region=HOME):
        """A client of `service` for exactly this session."""
        settings = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2})
        client = session.client(service, region_name=region, config=settings)
        if client.meta.endpoint_url.rstrip("/") != self.endpoint:
            raise SystemExit(f"{service} would be called at {client.meta.endpoint_url}, not at {self.endpoint}")
        client.meta.events.register("before-parse", self.remember)
        return client

    def remember(self, operation_model, response_dict, **_):
        self.operations.add((operation_model.service_model.service_name, operation_model.name))
        self.last_answer = response_dict

    def tell(self, path, **changes):
        """Tells the simulator itself how its world is; its answer's status and body."""
        request = urllib.request.Request(f"{self.endpoint}/_sim/{path}", json.dumps(changes).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def guardduty(self, account, region=HOME):
        return self.client("guardduty", account, region)


def role_arn(account):
    return f"arn:aws:iam::{account}:role/{ROLE}"


def session_of(credentials):
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def email(account):
    return f"root+{account}@example.com"


def check(truth, message):
    """`assert` with a message, which no interpreter flag switches off."""
    if not truth:
        raise Mismatch(message)


def equal(actual, expected, what):
    check(actual == expected, f"{what}: got {actual!r}, expected {expected!r}")


def matches(pattern, text, what):
    check(isinstance(text, str) and pattern.fullmatch(text), f"{what}: {text!r} does not look like {pattern.pattern}")


def refused(code, status, text, call, **parameters):
    """Makes the call, expects exactly this refusal, and returns it. `text` None leaves the words open."""
    try:
        answer = call(**parameters)
    except ClientError as error:
        reply = error.response
        equal(reply["Error"]["Code"], code, "error code")
        equal(reply["ResponseMetadata"]["HTTPStatusCode"], status, "status")
        if text is not None:
            equal(reply["Error"]["Message"], text, "message")
        return error
    answer.pop("ResponseMetadata", None)
    raise Mismatch(f"expected {code}, got the answer {answer!r}")


def bad_request(text, call, **parameters):
    return refused("BadRequestException", 400, text, call, **parameters)


def empty(answer, what):
    """Success without a word: status 200 and nothing in the body."""
    equal(answer["ResponseMetadata"]["HTTPStatusCode"], 200, f"status of {what}")
    equal({key for key in answer if key != "ResponseMetadata"}, set(), f"members of {what}")


def unprocessed(answer, expected):
    """Every account of `expected` was left out for its reason, and no other account was left out."""
    equal(answer["ResponseMetadata"]["HTTPStatusCode"], 200, "status")
    equal(
        {entry["AccountId"]: entry["Result"] for entry in answer["UnprocessedAccounts"]},
        expected,
        "unprocessed accounts",
    )


def member(guardduty, detector, account):
    """The administrator's view of one account, None if it has none."""
    found = guardduty.get_members(DetectorId=detector, AccountIds=[account])["Members"]
    check(len(found) <= 1, f"asked for {account}, got {found!r}")
    return found[0] if found else None


def status(guardduty, detector, account):
    found = member(guardduty, detector, account)
    return found["RelationshipStatus"] if found else None


def until_invited(guardduty, detector, accounts):
    """Waits for the verification of the e-mail addresses, which takes the simulator no longer than it was told."""
    deadline = time.monotonic() + 15
    waiting = list(accounts)
    while True:
        seen = guardduty.get_members(DetectorId=detector, AccountIds=waiting)["Members"]
        by_account = {entry["AccountId"]: entry["RelationshipStatus"] for entry in seen}
        for account in waiting:
            found = by_account.get(account)
            check(
                found in ("EmailVerificationInProgress", "Invited"),
                f"{account} is {found!r} after its invitation, expected EmailVerificationInProgress or Invited",
            )
        waiting = [account for account in waiting if by_account[account] != "Invited"]
        if not waiting:
            return
        check(time.monotonic() < deadline, f"still not verified after 15 seconds: {by_account!r}")
        time.sleep(0.1)


DATA_SOURCES = ("CloudTrail", "DNS logs", "flow logs", "S3 logs", "Kubernetes audit logs", "EBS volumes")


def statuses(sources):
    """The status of each data source by a short name."""
    found = (
        sources["CloudTrail"],
        sources["DNSLogs"],
        sources["FlowLogs"],
        sources["S3Logs"],
        sources["Kubernetes"]["AuditLogs"],
        sources["MalwareProtection"]["ScanEc2InstanceWithFindings"]["EbsVolumes"],
    )
    return dict(zip(DATA_SOURCES, (source["Status"] for source in found)))


def invitation_from(guardduty, administrator):
    """The newest pending invitation from `administrator`."""
    pending = [
        invitation
        for page in guardduty.get_paginator("list_invitations").paginate()
        for invitation in page["Invitations"]
        if invitation["AccountId"] == administrator and invitation["RelationshipStatus"] == "Invited"
    ]
    check(pending, f"no pending invitation from {administrator}")
    return max(pending, key=lambda invitation: invitation["InvitedAt"])["InvitationId"]


def identities(walk):
    sts = walk.client("sts", ADMINISTRATOR)

    with walk.step("a plain access key is the administrator"):
        identity = sts.get_caller_identity()
        equal(identity["Account"], ADMINISTRATOR, "account")
        check(identity["Arn"].startswith(f"arn:aws:iam::{ADMINISTRATOR}:"), f"ARN {identity['Arn']!r}")
        check(identity["UserId"], "no user id")

    with walk.step("an assumed role is a caller of the member's account"):
        answer = sts.assume_role(RoleArn=role_arn(MEMBER), RoleSessionName="walk", ExternalId="walk-external-id")
        session_arn = f"arn:aws:sts::{MEMBER}:assumed-role/{ROLE}/walk"
        equal(answer["AssumedRoleUser"]["Arn"], session_arn, "assumed role")
        check(
            answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":walk"),
            "the role id does not end in the session's name",
        )
        check(answer["Credentials"]["AccessKeyId"].startswith("ASIA"), "a temporary key starts with ASIA")
        lifetime = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
        check(3500 < lifetime.total_seconds() <= 3610, f"a session lasts an hour unless told otherwise, not {lifetime}")
        identity = walk.client_of(session_of(answer["Credentials"]), "sts").get_caller_identity()
        equal(identity["Account"], MEMBER, "account")
        equal(identity["Arn"], session_arn, "ARN")

    with walk.step("a session lasts as long as asked"):
        answer = sts.assume_role(RoleArn=role_arn(MEMBER), RoleSessionName="walk", DurationSeconds=900)
        lifetime = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
        check(800 < lifetime.total_seconds() <= 910, f"got {lifetime}")

    with walk.step("no two sessions share a key"):
        keys = {
            sts.assume_role(RoleArn=role_arn(SECOND), RoleSessionName="walk")["Credentials"]["AccessKeyId"]
            for _ in range(3)
        }
        equal(len(keys), 3, "different keys")

    with walk.step("a session that would last longer than twelve hours is refused"):
        refused(
            "ValidationError",
            400,
            None,
            sts.assume_role,
            RoleArn=role_arn(MEMBER),
            RoleSessionName="walk",
            DurationSeconds=43201,
        )

    with walk.step("a session name with a blank is refused"):
        refused("ValidationError", 400, None, sts.assume_role, RoleArn=role_arn(MEMBER), RoleSessionName="a walk")

    with walk.step("a session policy that is not JSON is refused"):
        refused(
            "MalformedPolicyDocument",
            400,
            None,
            sts.assume_role,
            RoleArn=role_arn(MEMBER),
            RoleSessionName="walk",
            Policy="allow everything",
        )


def detectors(walk):
    """Switches GuardDuty on for the administrator; returns its detectors in both Regions."""
    home, away = walk.guardduty(ADMINISTRATOR, HOME), walk.guardduty(ADMINISTRATOR, AWAY)
    found = {HOME: None, AWAY: None}

    with walk.step("there is no detector to begin with"):
        equal(home.list_detectors()["DetectorIds"], [], f"detectors in {HOME}")
        equal(away.list_detectors()["DetectorIds"], [], f"detectors in {AWAY}")

    with walk.step("a detector is created"):
        found[HOME] = home.create_detector(Enable=True)["DetectorId"]
        matches(HEX32, found[HOME], "detector id")
        equal(home.list_detectors()["DetectorIds"], [found[HOME]], f"detectors in {HOME}")

    with walk.step("a second detector is refused"):
        bad_request(DETECTOR_EXISTS, home.create_detector, Enable=True)

    with walk.step("a refusal has the envelope that AWS's has"):
        error = bad_request(DETECTOR_EXISTS, home.create_detector, Enable=True)
        check(isinstance(error, home.exceptions.BadRequestException), f"it is a {type(error).__name__}")
        equal(walk.last_answer["headers"].get("x-amzn-errortype"), "BadRequestException", "header x-amzn-ErrorType")
        equal(walk.last_answer["headers"].get("content-type"), "application/json", "header Content-Type")
        body = json.loads(walk.last_answer["body"])
        equal(body, {"message": DETECTOR_EXISTS, "__type": "InvalidInputException"}, "body")

    with walk.step("a detector is of one Region only"):
        equal(away.list_detectors()["DetectorIds"], [], f"detectors in {AWAY}")
        bad_request(DETECTOR_NOT_OWNED, away.get_detector, DetectorId=found[HOME])

    with walk.step("the same client token creates one detector, however often it is sent"):
        asked = {"Enable": True, "ClientToken": "walk-token", "Tags": {"team": "security"}}
        found[AWAY] = away.create_detector(**asked)["DetectorId"]
        equal(away.create_detector(**asked)["DetectorId"], found[AWAY], "detector of the repeated call")
        check(found[AWAY] != found[HOME], "two Regions share a detector id")

    with walk.step("a detector tells its state"):
        detector = home.get_detector(DetectorId=found[HOME])
        equal(detector["Status"], "ENABLED", "status")
        check(
            detector["ServiceRole"].startswith(f"arn:aws:iam::{ADMINISTRATOR}:role/aws-service-role/guardduty"),
            "service role",
        )
        matches(TIMESTAMP, detector["CreatedAt"], "createdAt")
        matches(TIMESTAMP, detector["UpdatedAt"], "updatedAt")
        equal(detector["FindingPublishingFrequency"], "SIX_HOURS", "publishing frequency")

    with walk.step("a detector created without a word about features has all but runtime monitoring"):
        features = {f["Name"]: f["Status"] for f in home.get_detector(DetectorId=found[HOME])["Features"]}
        for name in (
            "S3_DATA_EVENTS",
            "EKS_AUDIT_LOGS",
            "EBS_MALWARE_PROTECTION",
            "RDS_LOGIN_EVENTS",
            "LAMBDA_NETWORK_LOGS",
        ):
            equal(features.get(name), "ENABLED", name)
        equal(features.get("RUNTIME_MONITORING", "DISABLED"), "DISABLED", "RUNTIME_MONITORING")

    with walk.step("features are also told as the data sources that they once were"):
        sources = home.get_detector(DetectorId=found[HOME])["DataSources"]
        equal(statuses(sources), dict.fromkeys(DATA_SOURCES, "ENABLED"), "data sources")
        off = {"MalwareProtection": {"ScanEc2InstanceWithFindings": {"EbsVolumes": False}}}
        empty(home.update_detector(DetectorId=found[HOME], DataSources=off), "UpdateDetector")
        detector = home.get_detector(DetectorId=found[HOME])
        features = {f["Name"]: f["Status"] for f in detector["Features"]}
        equal(features["EBS_MALWARE_PROTECTION"], "DISABLED", "EBS_MALWARE_PROTECTION")
        equal(statuses(detector["DataSources"])["EBS volumes"], "DISABLED", "EBS volumes")
        on = [{"Name": "EBS_MALWARE_PROTECTION", "Status": "ENABLED"}]
        bad_request(
            FEATURES_AND_DATA_SOURCES, home.update_detector, DetectorId=found[HOME], DataSources=off, Features=on
        )
        empty(home.update_detector(DetectorId=found[HOME], Features=on), "UpdateDetector")
        detector = home.get_detector(DetectorId=found[HOME])
        equal(statuses(detector["DataSources"])["EBS volumes"], "ENABLED", "EBS volumes")

    with walk.step("a detector keeps its tags"):
        equal(away.get_detector(DetectorId=found[AWAY])["Tags"], {"team": "security"}, "tags")

    with walk.step("a detector is suspended and resumed"):
        empty(home.update_detector(DetectorId=found[HOME], Enable=False), "UpdateDetector")
        equal(home.get_detector(DetectorId=found[HOME])["Status"], "DISABLED", "status")
        empty(
            home.update_detector(DetectorId=found[HOME], Enable=True, FindingPublishingFrequency="ONE_HOUR"),
            "UpdateDetector",
        )
        detector = home.get_detector(DetectorId=found[HOME])
        equal(detector["Status"], "ENABLED", "status")
        equal(detector["FindingPublishingFrequency"], "ONE_HOUR", "publishing frequency")

    with walk.step("a malformed detector id is refused"):
        bad_request(DETECTOR_MALFORMED, home.get_detector, DetectorId="not-a-detector")
        bad_request(DETECTOR_MALFORMED, home.get_members, DetectorId="not-a-detector", AccountIds=[MEMBER])

    with walk.step("a detector that nobody has is refused"):
        bad_request(DETECTOR_NOT_OWNED, home.get_detector, DetectorId=NOBODYS_DETECTOR)
        bad_request(DETECTOR_NOT_OWNED, home.update_detector, DetectorId=NOBODYS_DETECTOR, Enable=True)
        bad_request(DETECTOR_NOT_OWNED, home.delete_detector, DetectorId=NOBODYS_DETECTOR)
        bad_request(DETECTOR_NOT_OWNED, home.list_members, DetectorId=NOBODYS_DETECTOR)

    with walk.step("another account's detector is refused"):
        bad_request(DETECTOR_NOT_OWNED, walk.guardduty(MEMBER).get_detector, DetectorId=found[HOME])
        bad_request(DETECTOR_NOT_OWNED, walk.guardduty(MEMBER).get_members, DetectorId=found[HOME], AccountIds=[SECOND])

    with walk.step("a page of more than fifty is refused"):
        bad_request(MAX_RESULTS_OUT_OF_BOUNDS, home.list_detectors, MaxResults=51)
        bad_request(MAX_RESULTS_OUT_OF_BOUNDS, home.list_members, DetectorId=found[HOME], MaxResults=51)
        bad_request(MAX_RESULTS_OUT_OF_BOUNDS, home.list_invitations, MaxResults=51)

    return found


def creation(walk, detector):
    guardduty = walk.guardduty(ADMINISTRATOR)
    of_detector = {"DetectorId": detector}

    with walk.step("an account is not invited before it was created"):
        unprocessed(guardduty.invite_members(**of_detector, AccountIds=[MEMBER]), {MEMBER: EMAIL_MISSING})
        equal(member(guardduty, detector, MEMBER), None, "member")

    with walk.step("an account does not become its own member"):
        details = [{"AccountId": ADMINISTRATOR, "Email": email(ADMINISTRATOR)}]
        unprocessed(
            guardduty.create_members(**of_detector, AccountDetails=details), {ADMINISTRATOR: CANNOT_BE_ITS_OWN_MEMBER}
        )

    both = [{"AccountId": account, "Email": email(account)} for account in (MEMBER, SECOND)]

    with walk.step("members are created"):
        unprocessed(guardduty.create_members(**of_detector, AccountDetails=both), {})
        created = member(guardduty, detector, MEMBER)
        check(created is not None, "the new member is not there")
        equal(created["RelationshipStatus"], "Created", "status")
        equal(created["Email"], email(MEMBER), "e-mail")
        equal(created["AdministratorId"], ADMINISTRATOR, "administratorId")
        equal(created["MasterId"], ADMINISTRATOR, "masterId")
        matches(TIMESTAMP, created["UpdatedAt"], "updatedAt")
        check("InvitedAt" not in created, "invited before it was invited")

    with walk.step("creating a member twice is told per account"):
        unprocessed(
            guardduty.create_members(**of_detector, AccountDetails=both),
            {MEMBER: ALREADY_A_MEMBER, SECOND: ALREADY_A_MEMBER},
        )

    with walk.step("fifty-one accounts in one call are refused whole"):
        error = BATCH_TOO_LONG.format("accountDetails")
        bad_request(error, guardduty.create_members, **of_detector, AccountDetails=[both[0]] * 51)
        error = BATCH_TOO_LONG.format("accountIds")
        for call in (
            guardduty.invite_members,
            guardduty.get_members,
            guardduty.disassociate_members,
            guardduty.delete_members,
        ):
            bad_request(error, call, **of_detector, AccountIds=[MEMBER] * 51)
        equal(status(guardduty, detector, MEMBER), "Created", "status")

    with walk.step("an e-mail of more than sixty-four characters is refused"):
        details = [{"AccountId": UNKNOWN, "Email": "x" * 53 + "@example.com"}]
        bad_request(INVALID_VALUES, guardduty.create_members, **of_detector, AccountDetails=details)
        equal(member(guardduty, detector, UNKNOWN), None, "member")

    with walk.step("an account that is no member is simply not among the members"):
        answer = guardduty.get_members(**of_detector, AccountIds=[UNKNOWN, SECOND])
        equal([found["AccountId"] for found in answer["Members"]], [SECOND], "members")

    with walk.step("a list of members leaves out those not associated unless asked for"):
        equal(guardduty.list_members(**of_detector)["Members"], [], "associated members")
        equal(guardduty.list_members(**of_detector, OnlyAssociated="true")["Members"], [], "associated members")
        for spelling in ("false", "FALSE"):
            found = guardduty.list_members(**of_detector, OnlyAssociated=spelling)["Members"]
            equal({entry["AccountId"] for entry in found}, {MEMBER, SECOND}, f"members with {spelling}")
        bad_request(ONLY_ASSOCIATED_INVALID, guardduty.list_members, **of_detector, OnlyAssociated="maybe")

    with walk.step("members come in pages"):
        first = guardduty.list_members(**of_detector, OnlyAssociated="false", MaxResults=1)
        equal(len(first["Members"]), 1, "members on the first page")
        check(first.get("NextToken"), "no token for the second page")
        pages = guardduty.get_paginator("list_members").paginate(
            **of_detector, OnlyAssociated="false", PaginationConfig={"PageSize": 1}
        )
        found = [entry["AccountId"] for page in pages for entry in page["Members"]]
        equal(sorted(found), sorted([MEMBER, SECOND]), "members over all pages")

    with walk.step("a created member can be deleted and created again"):
        unprocessed(guardduty.delete_members(**of_detector, AccountIds=[SECOND]), {})
        equal(member(guardduty, detector, SECOND), None, "member")
        unprocessed(guardduty.create_members(**of_detector, AccountDetails=both[1:]), {})
        equal(status(guardduty, detector, SECOND), "Created", "status")

    with walk.step("a member that is not associated can be neither disassociated nor monitored"):
        unprocessed(guardduty.disassociate_members(**of_detector, AccountIds=[MEMBER]), {MEMBER: NOT_YET_ASSOCIATED})
        for call in (guardduty.start_monitoring_members, guardduty.stop_monitoring_members):
            unprocessed(
                call(**of_detector, AccountIds=[MEMBER, UNKNOWN]),
                {MEMBER: NOT_AN_ASSOCIATED_MEMBER, UNKNOWN: NOT_AN_ASSOCIATED_MEMBER},
            )

    with walk.step("the other Region knows nothing of these members"):
        away = walk.guardduty(ADMINISTRATOR, AWAY)
        there = away.list_detectors()["DetectorIds"][0]
        equal(away.list_members(DetectorId=there, OnlyAssociated="false")["Members"], [], f"members in {AWAY}")


def invitation(walk, detector):
    """Invites both members and accepts; returns the members' own detectors."""
    administrator = walk.guardduty(ADMINISTRATOR)
    first, second = walk.guardduty(MEMBER), walk.guardduty(SECOND)
    own = {MEMBER: None, SECOND: None}

    with walk.step("a member without an invitation has none to list, count or accept"):
        own[MEMBER] = first.create_detector(Enable=True)["DetectorId"]
        own[SECOND] = second.create_detector(Enable=True)["DetectorId"]
        equal(first.list_invitations()["Invitations"], [], "invitations")
        equal(first.get_invitations_count()["InvitationsCount"], 0, "invitations counted")
        bad_request(
            ACCEPT_NO_PENDING,
            first.accept_administrator_invitation,
            DetectorId=own[MEMBER],
            AdministratorId=ADMINISTRATOR,
            InvitationId=NOBODYS_INVITATION,
        )

    with walk.step("an account without an administrator is told so with an empty answer"):
        empty(first.get_administrator_account(DetectorId=own[MEMBER]), "GetAdministratorAccount")
        empty(first.get_master_account(DetectorId=own[MEMBER]), "GetMasterAccount")
        empty(administrator.get_administrator_account(DetectorId=detector), "GetAdministratorAccount")

    with walk.step("an account without an administrator has none to leave"):
        for call in (first.disassociate_from_administrator_account, first.disassociate_from_master_account):
            bad_request(NOT_ASSOCIATED_TO_AN_ADMINISTRATOR, call, DetectorId=own[MEMBER])

    with walk.step("members are invited, and their e-mail addresses verified"):
        answer = administrator.invite_members(
            DetectorId=detector,
            AccountIds=[MEMBER, SECOND],
            DisableEmailNotification=True,
            Message="please join",
        )
        unprocessed(answer, {})
        until_invited(administrator, detector, [MEMBER, SECOND])
        matches(TIMESTAMP, member(administrator, detector, MEMBER).get("InvitedAt"), "invitedAt")

    with walk.step("inviting a member twice is told per account"):
        unprocessed(administrator.invite_members(DetectorId=detector, AccountIds=[MEMBER]), {MEMBER: ALREADY_INVITED})

    with walk.step("an account does not invite itself"):
        unprocessed(
            administrator.invite_members(DetectorId=detector, AccountIds=[ADMINISTRATOR]),
            {ADMINISTRATOR: CANNOT_INVITE_ITSELF},
        )

    with walk.step("a detector with members is not deleted"):
        bad_request(DETECTOR_HAS_MEMBERS, administrator.delete_detector, DetectorId=detector)

    with walk.step("the invitation is in the member's list"):
        listed = first.list_invitations()["Invitations"]
        equal([found["AccountId"] for found in listed], [ADMINISTRATOR], "inviters")
        matches(HEX32, listed[0]["InvitationId"], "invitationId")
        equal(listed[0]["RelationshipStatus"], "Invited", "status")
        matches(TIMESTAMP, listed[0]["InvitedAt"], "invitedAt")
        equal(first.get_invitations_count()["InvitationsCount"], 1, "invitations counted")
        equal(walk.guardduty(MEMBER, AWAY).list_invitations()["Invitations"], [], f"invitations in {AWAY}")

    with walk.step("an empty invitation id is refused"):
        bad_request(
            INVALID_OR_OUT_OF_RANGE,
            first.accept_administrator_invitation,
            DetectorId=own[MEMBER],
            AdministratorId=ADMINISTRATOR,
            InvitationId="",
        )

    with walk.step("an invitation is accepted only as it was sent"):
        given = {"DetectorId": own[MEMBER], "InvitationId": invitation_from(first, ADMINISTRATOR)}
        bad_request(ACCEPT_NO_PENDING, first.accept_administrator_invitation, **given, AdministratorId=STRANGER)
        given["InvitationId"] = NOBODYS_INVITATION
        bad_request(ACCEPT_NO_PENDING, first.accept_administrator_invitation, **given, AdministratorId=ADMINISTRATOR)

    with walk.step("an invitation is not accepted with somebody else's detector"):
        given = {"AdministratorId": ADMINISTRATOR, "InvitationId": invitation_from(first, ADMINISTRATOR)}
        bad_request(DETECTOR_NOT_OWNED, first.accept_administrator_invitation, **given, DetectorId=own[SECOND])
        bad_request(DETECTOR_MALFORMED, first.accept_administrator_invitation, **given, DetectorId="not-a-detector")

    with walk.step("the first member accepts"):
        accepted = invitation_from(first, ADMINISTRATOR)
        empty(
            first.accept_administrator_invitation(
                DetectorId=own[MEMBER], AdministratorId=ADMINISTRATOR, InvitationId=accepted
            ),
            "AcceptAdministratorInvitation",
        )
        equal(status(administrator, detector, MEMBER), "Enabled", "status")
        found = first.get_administrator_account(DetectorId=own[MEMBER])["Administrator"]
        equal(found["AccountId"], ADMINISTRATOR, "administrator")
        equal(found["RelationshipStatus"], "Enabled", "status at the member")
        equal(found["InvitationId"], accepted, "invitation")

    with walk.step("an accepted invitation stays listed and is no longer counted"):
        listed = first.list_invitations()["Invitations"]
        equal([(i["AccountId"], i["RelationshipStatus"]) for i in listed], [(ADMINISTRATOR, "Enabled")], "invitations")
        equal(first.get_invitations_count()["InvitationsCount"], 0, "invitations counted")

    with walk.step("accepting twice is refused"):
        bad_request(
            ACCEPT_ALREADY_MEMBER,
            first.accept_administrator_invitation,
            DetectorId=own[MEMBER],
            AdministratorId=ADMINISTRATOR,
            InvitationId=NOBODYS_INVITATION,
        )

    with walk.step("the second member accepts by the operation's old name"):
        accepted = invitation_from(second, ADMINISTRATOR)
        empty(
            second.accept_invitation(DetectorId=own[SECOND], MasterId=ADMINISTRATOR, InvitationId=accepted),
            "AcceptInvitation",
        )
        found = second.get_master_account(DetectorId=own[SECOND])["Master"]
        equal((found["AccountId"], found["RelationshipStatus"]), (ADMINISTRATOR, "Enabled"), "master")
        listed = administrator.list_members(DetectorId=detector)["Members"]
        equal({entry["AccountId"] for entry in listed}, {MEMBER, SECOND}, "associated members")

    with walk.step("a member that is associated is neither created, invited nor deleted"):
        details = [{"AccountId": MEMBER, "Email": email(MEMBER)}]
        unprocessed(
            administrator.create_members(DetectorId=detector, AccountDetails=details), {MEMBER: ALREADY_A_MEMBER}
        )
        unprocessed(administrator.invite_members(DetectorId=detector, AccountIds=[MEMBER]), {MEMBER: ALREADY_INVITED})
        unprocessed(administrator.delete_members(DetectorId=detector, AccountIds=[MEMBER]), {MEMBER: STILL_ASSOCIATED})
        equal(status(administrator, detector, MEMBER), "Enabled", "status")

    with walk.step("a member has no members of its own"):
        details = [{"AccountId": UNKNOWN, "Email": email(UNKNOWN)}]
        unprocessed(
            first.create_members(DetectorId=own[MEMBER], AccountDetails=details), {UNKNOWN: CANNOT_CREATE_AS_MEMBER}
        )
        unprocessed(
            first.invite_members(DetectorId=own[MEMBER], AccountIds=[UNKNOWN]), {UNKNOWN: CANNOT_INVITE_AS_MEMBER}
        )

    return own


def two_administrators(walk, detector, own):
    administrator, stranger = walk.guardduty(ADMINISTRATOR), walk.guardduty(STRANGER)
    first = walk.guardduty(MEMBER)
    theirs = None

    with walk.step("another administrator may invite our member as well"):
        theirs = stranger.create_detector(Enable=True)["DetectorId"]
        details = [{"AccountId": MEMBER, "Email": email(MEMBER)}]
        unprocessed(stranger.create_members(DetectorId=theirs, AccountDetails=details), {})
        unprocessed(stranger.invite_members(DetectorId=theirs, AccountIds=[MEMBER]), {})
        until_invited(stranger, theirs, [MEMBER])
        equal(first.get_invitations_count()["InvitationsCount"], 1, "invitations counted")

    with walk.step("invitations come in pages"):
        pages = first.get_paginator("list_invitations").paginate(PaginationConfig={"PageSize": 1})
        found = [[entry["AccountId"] for entry in page["Invitations"]] for page in pages]
        equal(max(len(page) for page in found), 1, "invitations on a page")
        equal(sorted(sum(found, [])), sorted([ADMINISTRATOR, STRANGER]), "inviters over all pages")

    with walk.step("a member of one administrator does not accept another's invitation"):
        bad_request(
            ACCEPT_ALREADY_MEMBER,
            first.accept_administrator_invitation,
            DetectorId=own[MEMBER],
            AdministratorId=STRANGER,
            InvitationId=invitation_from(first, STRANGER),
        )
        equal(status(administrator, detector, MEMBER), "Enabled", "status")

    with walk.step("an account with members does not accept an invitation"):
        details = [{"AccountId": STRANGER, "Email": email(STRANGER)}]
        unprocessed(administrator.create_members(DetectorId=detector, AccountDetails=details), {})
        unprocessed(administrator.invite_members(DetectorId=detector, AccountIds=[STRANGER]), {})
        until_invited(administrator, detector, [STRANGER])
        bad_request(
            ACCEPT_HAS_MEMBERS,
            stranger.accept_administrator_invitation,
            DetectorId=theirs,
            AdministratorId=ADMINISTRATOR,
            InvitationId=invitation_from(stranger, ADMINISTRATOR),
        )

    with walk.step("an invited member can be disassociated, invited again, and deleted"):
        unprocessed(administrator.disassociate_members(DetectorId=detector, AccountIds=[STRANGER]), {})
        equal(status(administrator, detector, STRANGER), "Removed", "status")
        unprocessed(administrator.invite_members(DetectorId=detector, AccountIds=[STRANGER]), {})
        until_invited(administrator, detector, [STRANGER])
        unprocessed(administrator.delete_members(DetectorId=detector, AccountIds=[STRANGER]), {})
        equal(member(administrator, detector, STRANGER), None, "member")

    with walk.step("an invitation is declined before it is deleted"):
        unprocessed(first.delete_invitations(AccountIds=[STRANGER]), {STRANGER: INVITATION_IN_USE})
        unprocessed(first.decline_invitations(AccountIds=[STRANGER]), {})
        equal(first.get_invitations_count()["InvitationsCount"], 1, "invitations but the accepted one")
        unprocessed(first.delete_invitations(AccountIds=[STRANGER]), {})
        equal(first.get_invitations_count()["InvitationsCount"], 0, "invitations but the accepted one")
        listed = [entry["AccountId"] for entry in first.list_invitations()["Invitations"]]
        equal(listed, [ADMINISTRATOR], "inviters")

    with walk.step("the invitation of one's administrator is not deleted"):
        unprocessed(first.delete_invitations(AccountIds=[ADMINISTRATOR]), {ADMINISTRATOR: INVITATION_IN_USE})

    with walk.step("the other administrator's view is its own"):
        equal(status(stranger, theirs, MEMBER), "Resigned", "status of a declined invitation")
        equal(status(administrator, detector, MEMBER), "Enabled", "status")
        unprocessed(stranger.delete_members(DetectorId=theirs, AccountIds=[MEMBER]), {})


def monitoring(walk, detector, own):
    administrator, first = walk.guardduty(ADMINISTRATOR), walk.guardduty(MEMBER)
    of_detector = {"DetectorId": detector}

    with walk.step("monitoring is stopped and started by the administrator"):
        unprocessed(administrator.stop_monitoring_members(**of_detector, AccountIds=[MEMBER]), {})
        equal(status(administrator, detector, MEMBER), "Disabled", "status")
        listed = administrator.list_members(**of_detector)["Members"]
        check(MEMBER in {entry["AccountId"] for entry in listed}, "a disabled member is an associated one")
        equal(first.get_detector(DetectorId=own[MEMBER])["Status"], "DISABLED", "status of its detector")
        unprocessed(administrator.start_monitoring_members(**of_detector, AccountIds=[MEMBER]), {})
        equal(status(administrator, detector, MEMBER), "Enabled", "status")
        equal(first.get_detector(DetectorId=own[MEMBER])["Status"], "ENABLED", "status of its detector")

    with walk.step("a member that is not monitored switches its detector on, and that is all that it may do"):
        update = first.update_detector
        for change in (
            {"Enable": False},
            {"FindingPublishingFrequency": "ONE_HOUR"},
            {"Features": [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}]},
            {"DataSources": {"S3Logs": {"Enable": False}}},
        ):
            bad_request(MEMBERS_CANNOT_MANAGE, update, DetectorId=own[MEMBER], **change)
        unprocessed(administrator.stop_monitoring_members(**of_detector, AccountIds=[MEMBER]), {})
        empty(update(DetectorId=own[MEMBER], Enable=True), "UpdateDetector")
        equal(status(administrator, detector, MEMBER), "Enabled", "status")

    with walk.step("a member's features are read and changed"):
        answer = administrator.get_member_detectors(**of_detector, AccountIds=[MEMBER])
        equal(answer["UnprocessedAccounts"], [], "unprocessed accounts")
        equal([f["AccountId"] for f in answer["MemberDataSourceConfigurations"]], [MEMBER], "members")
        wanted = [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}]
        unprocessed(administrator.update_member_detectors(**of_detector, AccountIds=[MEMBER], Features=wanted), {})
        answer = administrator.get_member_detectors(**of_detector, AccountIds=[MEMBER])
        features = {f["Name"]: f["Status"] for f in answer["MemberDataSourceConfigurations"][0]["Features"]}
        equal(features.get("S3_DATA_EVENTS"), "DISABLED", "S3_DATA_EVENTS as the administrator sees it")
        features = {f["Name"]: f["Status"] for f in first.get_detector(DetectorId=own[MEMBER])["Features"]}
        equal(features.get("S3_DATA_EVENTS"), "DISABLED", "S3_DATA_EVENTS as the member sees it")

    with walk.step("a member's features are read and changed as data sources"):
        wanted = {"Kubernetes": {"AuditLogs": {"Enable": False}}}
        unprocessed(administrator.update_member_detectors(**of_detector, AccountIds=[MEMBER], DataSources=wanted), {})
        answer = administrator.get_member_detectors(**of_detector, AccountIds=[MEMBER])
        found = statuses(answer["MemberDataSourceConfigurations"][0]["DataSources"])
        off = [name for name in DATA_SOURCES if found[name] == "DISABLED"]
        equal(off, ["S3 logs", "Kubernetes audit logs"], "data sources that are off")

    with walk.step("malware protection is the member's own to switch, and some plans are no member's at all"):
        for wanted in (
            {"Features": [{"Name": "EBS_MALWARE_PROTECTION", "Status": "DISABLED"}]},
            {"DataSources": {"MalwareProtection": {"ScanEc2InstanceWithFindings": {"EbsVolumes": False}}}},
        ):
            answer = administrator.update_member_detectors(**of_detector, AccountIds=[MEMBER], **wanted)
            equal([entry["AccountId"] for entry in answer["UnprocessedAccounts"]], [MEMBER], "accounts left out")
        strange = [{"Name": "AGENT_OF_NOTHING", "Status": "ENABLED"}]
        for wanted in (
            {"Name": "AI_ANALYST", "Status": "ENABLED"},
            {"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": strange},
        ):
            bad_request(
                INVALID_VALUES, administrator.update_member_detectors, **of_detector, AccountIds=[MEMBER], Features=[wanted]
            )

    with walk.step("the days left of the free trial are told"):
        answer = administrator.get_remaining_free_trial_days(**of_detector, AccountIds=[MEMBER])
        equal([found["AccountId"] for found in answer["Accounts"]], [MEMBER], "accounts")
        for feature in answer["Accounts"][0]["Features"]:
            check(0 <= feature["FreeTrialDaysRemaining"] <= 30, f"{feature!r}")

    with walk.step("an administrator by invitation has no organization to describe"):
        bad_request(None, administrator.describe_organization_configuration, **of_detector)
        equal(administrator.list_organization_admin_accounts()["AdminAccounts"], [], "organization administrators")


def leaving(walk, detector, own):
    administrator = walk.guardduty(ADMINISTRATOR)
    first, second = walk.guardduty(MEMBER), walk.guardduty(SECOND)
    of_detector = {"DetectorId": detector}

    with walk.step("a member leaves its administrator"):
        empty(
            second.disassociate_from_administrator_account(DetectorId=own[SECOND]),
            "DisassociateFromAdministratorAccount",
        )
        equal(status(administrator, detector, SECOND), "Resigned", "status")
        empty(second.get_administrator_account(DetectorId=own[SECOND]), "GetAdministratorAccount")
        equal(second.get_detector(DetectorId=own[SECOND])["Status"], "ENABLED", "status of its detector")
        bad_request(
            NOT_ASSOCIATED_TO_AN_ADMINISTRATOR, second.disassociate_from_administrator_account, DetectorId=own[SECOND]
        )

    with walk.step("a member that left is invited again without being created again"):
        unprocessed(administrator.invite_members(**of_detector, AccountIds=[SECOND]), {})
        until_invited(administrator, detector, [SECOND])
        second.accept_administrator_invitation(
            DetectorId=own[SECOND], AdministratorId=ADMINISTRATOR, InvitationId=invitation_from(second, ADMINISTRATOR)
        )
        equal(status(administrator, detector, SECOND), "Enabled", "status")

    with walk.step("a member leaves by the operation's old name"):
        empty(second.disassociate_from_master_account(DetectorId=own[SECOND]), "DisassociateFromMasterAccount")
        equal(status(administrator, detector, SECOND), "Resigned", "status")

    with walk.step("an administrator lets a member go, which keeps its detector"):
        unprocessed(administrator.disassociate_members(**of_detector, AccountIds=[MEMBER]), {})
        gone = member(administrator, detector, MEMBER)
        equal(gone["RelationshipStatus"], "Removed", "status")
        equal(gone["Email"], email(MEMBER), "e-mail")
        empty(first.get_administrator_account(DetectorId=own[MEMBER]), "GetAdministratorAccount")
        equal(first.get_detector(DetectorId=own[MEMBER])["Status"], "ENABLED", "status of its detector")
        equal(administrator.list_members(**of_detector)["Members"], [], "associated members")

    with walk.step("a member that is gone can be deleted"):
        unprocessed(administrator.delete_members(**of_detector, AccountIds=[MEMBER, SECOND]), {})
        equal(administrator.get_members(**of_detector, AccountIds=[MEMBER, SECOND])["Members"], [], "members")
        equal(administrator.list_members(**of_detector, OnlyAssociated="false")["Members"], [], "members")


def other_region(walk, detector):
    """The same member in the other Region, which gives its detector up while it is associated."""
    administrator, first = walk.guardduty(ADMINISTRATOR, AWAY), walk.guardduty(MEMBER, AWAY)

    with walk.step("the other Region is onboarded on its own"):
        own = first.create_detector(Enable=True)["DetectorId"]
        details = [{"AccountId": MEMBER, "Email": email(MEMBER)}]
        unprocessed(administrator.create_members(DetectorId=detector, AccountDetails=details), {})
        unprocessed(administrator.invite_members(DetectorId=detector, AccountIds=[MEMBER]), {})
        until_invited(administrator, detector, [MEMBER])
        first.accept_administrator_invitation(
            DetectorId=own, AdministratorId=ADMINISTRATOR, InvitationId=invitation_from(first, ADMINISTRATOR)
        )
        equal(status(administrator, detector, MEMBER), "Enabled", "status")

    with walk.step("a member that deletes its detector is removed"):
        empty(first.delete_detector(DetectorId=first.list_detectors()["DetectorIds"][0]), "DeleteDetector")
        equal(status(administrator, detector, MEMBER), "Removed", "status")


def other_worlds(walk, detector):
    """Accounts that are not as they should be, and a quota that is used up, as the simulator is told."""
    administrator = walk.guardduty(ADMINISTRATOR)
    of_detector = {"DetectorId": detector}

    with walk.step("the simulator is told what is the matter with an account, and nothing by half"):
        equal(walk.tell(f"account/{WRONG_EMAIL}", email="somebody@example.com"), (200, {}), "answer")
        equal(walk.tell(f"account/{REGION_OFF}", regionsOff=[HOME]), (200, {}), "answer")
        equal(walk.tell(f"account/{SUSPENDED}", suspended=True), (200, {}), "answer")
        code, answer = walk.tell(f"account/{UNKNOWN}", suspended=True, colour="red")
        equal(code, 400, "status")
        check("colour" in answer["message"], f"message {answer['message']!r}")

    troubled = {
        WRONG_EMAIL: "EmailVerificationFailed",
        REGION_OFF: "RegionDisabled",
        SUSPENDED: "AccountSuspended",
        UNKNOWN: "Invited",
    }

    with walk.step("the verification ends in what is the matter"):
        details = [{"AccountId": account, "Email": email(account)} for account in troubled]
        unprocessed(administrator.create_members(**of_detector, AccountDetails=details), {})
        unprocessed(administrator.invite_members(**of_detector, AccountIds=list(troubled)), {})
        until_invited(administrator, detector, [UNKNOWN])
        found = {account: status(administrator, detector, account) for account in troubled}
        equal(found, troubled, "statuses")

    with walk.step("a Region that is off does not know the account's token until it is on"):
        there = walk.guardduty(REGION_OFF)
        refused("UnrecognizedClientException", 403, None, there.list_detectors)
        equal(walk.tell(f"account/{REGION_OFF}", regionsOn=[HOME]), (200, {}), "answer")
        equal(there.list_detectors()["DetectorIds"], [], "detectors")

    with walk.step("a quota that is used up is told per account"):
        equal(walk.tell("world", memberQuota=len(troubled)), (200, {}), "answer")
        details = [{"AccountId": MEMBER, "Email": email(MEMBER)}]
        unprocessed(
            administrator.create_members(**of_detector, AccountDetails=details), {MEMBER: TOO_MANY_MEMBERS}
        )
        equal(walk.tell("world", memberQuota=5000), (200, {}), "answer")

    with walk.step("what could not join is deleted"):
        unprocessed(administrator.disassociate_members(**of_detector, AccountIds=[UNKNOWN]), {})
        unprocessed(administrator.delete_members(**of_detector, AccountIds=list(troubled)), {})
        unprocessed(walk.guardduty(UNKNOWN).delete_invitations(AccountIds=[ADMINISTRATOR]), {})


def session_policies(walk):
    statement = {"Effect": "Allow", "Action": ["guardduty:ListDetectors", "guardduty:GetDetector"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    with walk.step("a session policy lets through what it allows, and nothing else"):
        guardduty = walk.client_of(walk.assumed(NEWCOMER, Policy=policy), "guardduty")
        equal(guardduty.list_detectors()["DetectorIds"], [], "detectors")
        error = refused("AccessDeniedException", 403, None, guardduty.create_detector, Enable=True)
        message = error.response["Error"]["Message"]
        user = f"arn:aws:sts::{NEWCOMER}:assumed-role/{ROLE}/walk"
        expected = f"User: {user} is not authorized to perform: guardduty:CreateDetector"
        check(message.startswith(expected), f"message: {message!r} does not start with {expected!r}")
        refused("AccessDeniedException", 403, None, guardduty.list_invitations)

    with walk.step("an account's first detector needs leave to create the service-linked role"):
        statement["Action"] = "guardduty:*"
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        guardduty = walk.client_of(walk.assumed(NEWCOMER, Policy=policy), "guardduty")
        needed = "The request was rejected because you do not have the required iam:CreateServiceLinkedRole permission."
        refused("AccessDeniedException", 400, needed, guardduty.create_detector, Enable=True)

    with walk.step("what a session was refused has not happened"):
        equal(walk.guardduty(NEWCOMER).list_detectors()["DetectorIds"], [], "detectors")


def clean_up(walk):
    with walk.step("without members a detector is deleted, and nothing is left"):
        for account in (ADMINISTRATOR, STRANGER, MEMBER, SECOND):
            for region in (HOME, AWAY):
                guardduty = walk.guardduty(account, region)
                for detector in guardduty.list_detectors()["DetectorIds"]:
                    listed = guardduty.list_members(DetectorId=detector, OnlyAssociated="false")["Members"]
                    if listed:
                        accounts = [entry["AccountId"] for entry in listed]
                        guardduty.disassociate_members(DetectorId=detector, AccountIds=accounts)
                        guardduty.delete_members(DetectorId=detector, AccountIds=accounts)
                    empty(guardduty.delete_detector(DetectorId=detector), "DeleteDetector")
                    bad_request(DETECTOR_NOT_OWNED, guardduty.get_detector, DetectorId=detector)
                equal(guardduty.list_detectors()["DetectorIds"], [], f"detectors of {account} in {region}")

    with walk.step("an invitation that led nowhere can be deleted"):
        for account in (STRANGER, MEMBER, SECOND):
            for region in (HOME, AWAY):
                guardduty = walk.guardduty(account, region)
                inviters = sorted({entry["AccountId"] for entry in guardduty.list_invitations()["Invitations"]})
                if inviters:
                    unprocessed(guardduty.delete_invitations(AccountIds=inviters), {})
                equal(guardduty.list_invitations()["Invitations"], [], f"invitations of {account} in {region}")


def uploads(walk):
    s3 = walk.client("s3", ADMINISTRATOR)
    bucket = "walk-uploads"
    # Blank, plus and a letter outside ASCII, each of which is written differently in a URL.
    key = "accounts/our team+\u00e9.csv"
    versions = []

    with walk.step("a bucket is created"):
        s3.create_bucket(Bucket=bucket)

    # Unlike S3's own, a bucket of the simulator keeps versions from the start.
    with walk.step("each upload of an object is a version"):
        for body in (b"first\n", b"second\n"):
            answer = s3.put_object(Bucket=bucket, Key=key, Body=body)
            check(answer["ETag"], "no ETag")
            versions.append(answer["VersionId"])
        check(versions[0] != versions[1], "both versions have one id")

    with walk.step("an object is read as it is now, and as it was"):
        answer = s3.get_object(Bucket=bucket, Key=key)
        equal((answer["Body"].read(), answer["VersionId"]), (b"second\n", versions[1]), "current version")
        answer = s3.get_object(Bucket=bucket, Key=key, VersionId=versions[0])
        equal((answer["Body"].read(), answer["VersionId"]), (b"first\n", versions[0]), "first version")

    with walk.step("an object's size is known without reading it"):
        answer = s3.head_object(Bucket=bucket, Key=key)
        equal((answer["ContentLength"], answer["VersionId"]), (7, versions[1]), "head")

    with walk.step("an object is read only if it still is what it was"):
        tag = s3.head_object(Bucket=bucket, Key=key)["ETag"]
        equal(s3.get_object(Bucket=bucket, Key=key, IfMatch=tag)["Body"].read(), b"second\n", "body")
        stale = s3.head_object(Bucket=bucket, Key=key, VersionId=versions[0])["ETag"]
        refused("PreconditionFailed", 412, None, s3.get_object, Bucket=bucket, Key=key, IfMatch=stale)

    with walk.step("an object is read in part"):
        answer = s3.get_object(Bucket=bucket, Key=key, Range="bytes=0-2")
        equal((answer["Body"].read(), answer["ContentRange"]), (b"sec", "bytes 0-2/7"), "first three bytes")

    with walk.step("a large object comes back as it went"):
        body = bytes(range(256)) * 4096
        s3.put_object(Bucket=bucket, Key="large", Body=body)
        check(s3.get_object(Bucket=bucket, Key="large")["Body"].read() == body, "the bodies differ")

    with walk.step("objects are listed by prefix and in pages"):
        s3.put_object(Bucket=bucket, Key="accounts/second.csv", Body=b"")
        answer = s3.list_objects_v2(Bucket=bucket, Prefix="accounts/")
        found = [(entry["Key"], entry["Size"]) for entry in answer["Contents"]]
        equal(found, [(key, 7), ("accounts/second.csv", 0)], "objects")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
        found = [[entry["Key"] for entry in page["Contents"]] for page in pages]
        equal(found, [[key], ["accounts/second.csv"], ["large"]], "pages")

    with walk.step("what is not there is told by S3's own names"):
        refused("NoSuchKey", 404, None, s3.get_object, Bucket=bucket, Key="missing")
        refused("NoSuchBucket", 404, None, s3.get_object, Bucket="walk-nothing", Key=key)
        refused("NoSuchBucket", 404, None, s3.list_objects_v2, Bucket="walk-nothing")
        refused("NoSuchVersion", 404, None, s3.get_object, Bucket=bucket, Key="large", VersionId=versions[0])
        refused("404", 404, None, s3.head_object, Bucket=bucket, Key="missing")

    with walk.step("a deleted object leaves its versions"):
        answer = s3.delete_object(Bucket=bucket, Key=key)
        equal(answer["DeleteMarker"], True, "delete marker")
        refused("NoSuchKey", 404, None, s3.get_object, Bucket=bucket, Key=key)
        equal(s3.get_object(Bucket=bucket, Key=key, VersionId=versions[0])["Body"].read(), b"first\n", "first version")
        for rest in ("accounts/second.csv", "large"):
            s3.delete_object(Bucket=bucket, Key=rest)
        equal(s3.list_objects_v2(Bucket=bucket)["KeyCount"], 0, "objects left")


def regions(walk):
    account = walk.client("account", ADMINISTRATOR)
    wanted = ["ENABLED", "ENABLED_BY_DEFAULT"]

    with walk.step("the Regions an account has are listed"):
        answer = account.list_regions(RegionOptStatusContains=wanted, MaxResults=50)
        found = {entry["RegionName"]: entry["RegionOptStatus"] for entry in answer["Regions"]}
        equal(len(found), 17, "Regions enabled by default")
        equal((found.get(HOME), found.get(AWAY)), ("ENABLED_BY_DEFAULT", "ENABLED_BY_DEFAULT"), "status")

    with walk.step("Regions come in pages"):
        pages = account.get_paginator("list_regions").paginate(
            RegionOptStatusContains=wanted, PaginationConfig={"PageSize": 5}
        )
        sizes = [len(page["Regions"]) for page in pages]
        equal((sum(sizes), max(sizes)), (17, 5), "Regions in all and on a page")

    with walk.step("a member lists its own Regions"):
        answer = walk.client("account", MEMBER).list_regions(RegionOptStatusContains=wanted)
        check(HOME in {entry["RegionName"] for entry in answer["Regions"]}, f"{HOME} is missing")


def queues(walk):
    sqs = walk.client("sqs", ADMINISTRATOR)
    # A new name for each walk: what an earlier one left in its queue is none of our business.
    name = f"walk-{time.time_ns()}"
    queue = None

    with walk.step("a queue is created, and keeps a message"):
        queue = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
        sent = sqs.send_message(QueueUrl=queue, MessageBody='{"walk": "\u00e9 & <more>"}')
        check(sent["MessageId"], "no message id")
        attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        equal(attributes["ApproximateNumberOfMessages"], "1", "messages")
        equal(attributes["VisibilityTimeout"], "60", "visibility timeout")

    with walk.step("a received message is hidden until its visibility is changed"):
        asked = {"QueueUrl": queue, "MessageSystemAttributeNames": ["ApproximateReceiveCount"]}
        message = sqs.receive_message(**asked)["Messages"][0]
        equal(message["Body"], '{"walk": "\u00e9 & <more>"}', "body")
        equal(message["Attributes"]["ApproximateReceiveCount"], "1", "receive count")
        equal(sqs.receive_message(**asked).get("Messages", []), [], "messages in sight")
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
        message = sqs.receive_message(**asked)["Messages"][0]
        equal(message["Attributes"]["ApproximateReceiveCount"], "2", "receive count")

    with walk.step("a deleted message does not come back"):
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
        message = sqs.receive_message(QueueUrl=queue)["Messages"][0]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        equal(sqs.receive_message(QueueUrl=queue).get("Messages", []), [], "messages")
        attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        equal(attributes["ApproximateNumberOfMessages"], "0", "messages")
        equal(attributes["ApproximateNumberOfMessagesNotVisible"], "0", "hidden messages")

    with walk.step("a message received too often goes to the dead-letter queue"):
        dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        equal(arn, f"arn:aws:sqs:{HOME}:{ADMINISTRATOR}:{name}-dead", "ARN")
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
        live = sqs.create_queue(QueueName=f"{name}-live", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
        sqs.send_message(QueueUrl=live, MessageBody="unlucky")
        for attempt in (1, 2):
            found = sqs.receive_message(QueueUrl=live, VisibilityTimeout=0).get("Messages", [])
            equal([entry["Body"] for entry in found], ["unlucky"], f"attempt {attempt}")
        equal(sqs.receive_message(QueueUrl=live).get("Messages", []), [], "messages of the live queue")
        found = sqs.receive_message(QueueUrl=dead).get("Messages", [])
        equal([entry["Body"] for entry in found], ["unlucky"], "messages of the dead-letter queue")

    with walk.step("a queue that does not exist is refused"):
        try:
            sqs.send_message(QueueUrl=queue + "-nothing", MessageBody="lost")
        except sqs.exceptions.QueueDoesNotExist as error:
            equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 400, "status")
        else:
            raise Mismatch("the message was sent")


def organization(walk):
    organizations = walk.client("organizations", ADMINISTRATOR)

    with walk.step("an account is described with the e-mail address of its root user"):
        account = organizations.describe_account(AccountId=UNKNOWN)["Account"]
        equal(account["Email"], f"root-{UNKNOWN}@example.com", "e-mail")
        refused("InvalidInputException", 400, None, organizations.describe_account, AccountId="123")

    with walk.step("the accounts of the organization are listed"):
        for page in organizations.get_paginator("list_accounts").paginate():
            for account in page["Accounts"]:
                check(account["Id"] != UNKNOWN, f"{UNKNOWN} is listed")

    with walk.step("an operation that is not simulated says so"):
        error = refused(
            "UnknownOperationException",
            400,
            None,
            walk.guardduty(ADMINISTRATOR).list_publishing_destinations,
            DetectorId=NOBODYS_DETECTOR,
        )
        check(error.response["Error"]["Message"], "no message")


def everything_called(walk):
    with walk.step("every GuardDuty operation on the list was called"):
        called = {name for service, name in walk.operations if service == "guardduty"}
        equal(GUARDDUTY_OPERATIONS - called, set(), "operations left out")


def main():
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "").rstrip("/")
    if urllib.parse.urlsplit(endpoint).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise SystemExit(f"AWS_ENDPOINT_URL is {endpoint!r}, expected the loopback address of a simulator")

    walk = Walk(endpoint)
    identities(walk)
    found = detectors(walk)
    creation(walk, found[HOME])
    own = invitation(walk, found[HOME])
    two_administrators(walk, found[HOME], own)
    monitoring(walk, found[HOME], own)
    leaving(walk, found[HOME], own)
    other_region(walk, found[AWAY])
    other_worlds(walk, found[HOME])
    session_policies(walk)
    clean_up(walk)
    uploads(walk)
    regions(walk)
    queues(walk)
    organization(walk)
    everything_called(walk)

    print(f"{walk.steps} steps with {len(walk.operations)} operations, {len(walk.failed)} failed")
    return 1 if walk.failed else 0


if __name__ == "__main__":
    sys.exit(main())
