"""Protection plans: a detector's features, and the data sources that they once were."""

import pytest

from tests.boto3 import refusals
from tests.boto3.accounts import Account
from tests.boto3.answers import Answer, bad_request, empty, unprocessed
from tests.boto3.simulator import Simulator


def statuses(sources: Answer) -> dict[str, str]:
    """The status of each data source by a short name."""
    found = {
        "CloudTrail": sources["CloudTrail"],
        "DNS logs": sources["DNSLogs"],
        "flow logs": sources["FlowLogs"],
        "S3 logs": sources["S3Logs"],
        "Kubernetes audit logs": sources["Kubernetes"]["AuditLogs"],
        "EBS volumes": sources["MalwareProtection"]["ScanEc2InstanceWithFindings"]["EbsVolumes"],
    }
    return {name: source["Status"] for name, source in found.items()}


def ebs_volumes(on: bool) -> Answer:
    return {"MalwareProtection": {"ScanEc2InstanceWithFindings": {"EbsVolumes": on}}}


def feature(name: str, status: str) -> Answer:
    return {"Name": name, "Status": status}


def seen_by(administrator: Account, member: Account) -> Answer:
    """The member's configuration in its administrator's eyes."""
    answer = administrator.guardduty.get_member_detectors(**administrator.own, AccountIds=[member.number])
    assert answer["UnprocessedAccounts"] == []
    (configuration,) = answer["MemberDataSourceConfigurations"]
    assert configuration["AccountId"] == member.number
    return configuration


def update(administrator: Account, member: Account, **wanted: object) -> Answer:
    guardduty = administrator.guardduty
    return guardduty.update_member_detectors(**administrator.own, AccountIds=[member.number], **wanted)


@pytest.mark.parametrize(
    "name", ["S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS"]
)
def test_a_detector_created_without_a_word_about_features_has_this_one(administrator: Account, name: str):
    assert administrator.features().get(name) == "ENABLED"


def test_a_detector_created_without_a_word_about_features_has_no_runtime_monitoring(administrator: Account):
    assert administrator.features().get("RUNTIME_MONITORING", "DISABLED") == "DISABLED"


def test_features_also_show_as_data_sources(administrator: Account):
    assert set(statuses(administrator.detector()["DataSources"]).values()) == {"ENABLED"}


def test_a_feature_is_switched_by_either_name(administrator: Account):
    empty(administrator.guardduty.update_detector(**administrator.own, DataSources=ebs_volumes(False)))
    assert administrator.features()["EBS_MALWARE_PROTECTION"] == "DISABLED"
    assert statuses(administrator.detector()["DataSources"])["EBS volumes"] == "DISABLED"
    on = [feature("EBS_MALWARE_PROTECTION", "ENABLED")]
    empty(administrator.guardduty.update_detector(**administrator.own, Features=on))
    assert statuses(administrator.detector()["DataSources"])["EBS volumes"] == "ENABLED"


def test_features_and_data_sources_in_one_call_are_refused(administrator: Account):
    both = {"DataSources": ebs_volumes(False), "Features": [feature("EBS_MALWARE_PROTECTION", "ENABLED")]}
    update = administrator.guardduty.update_detector
    bad_request(refusals.FEATURES_AND_DATA_SOURCES, update, **administrator.own, **both)


def test_both_kinds_of_runtime_monitoring_in_one_call_are_refused(administrator: Account):
    both = [feature("RUNTIME_MONITORING", "ENABLED"), feature("EKS_RUNTIME_MONITORING", "DISABLED")]
    update = administrator.guardduty.update_detector
    bad_request(refusals.BOTH_RUNTIMES, update, **administrator.own, Features=both)


def test_a_detector_lists_what_is_off_too(administrator: Account):
    runtime = next(one for one in administrator.detector()["Features"] if one["Name"] == "RUNTIME_MONITORING")
    additional = {one["Name"]: one["Status"] for one in runtime["AdditionalConfiguration"]}
    agents = ["EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT"]
    assert (runtime["Status"], additional) == ("DISABLED", dict.fromkeys(agents, "DISABLED"))


def test_a_members_features_are_read_and_changed(administrator: Account, member: Account):
    administrator.onboard(member)
    unprocessed(update(administrator, member, Features=[feature("S3_DATA_EVENTS", "DISABLED")]), {})
    seen = seen_by(administrator, member)
    assert {one["Name"]: one["Status"] for one in seen["Features"]}.get("S3_DATA_EVENTS") == "DISABLED"
    assert statuses(seen["DataSources"])["S3 logs"] == "DISABLED"
    assert member.features().get("S3_DATA_EVENTS") == "DISABLED"


def test_a_members_features_are_read_and_changed_as_data_sources(administrator: Account, member: Account):
    administrator.onboard(member)
    wanted = {"Kubernetes": {"AuditLogs": {"Enable": False}}}
    unprocessed(update(administrator, member, DataSources=wanted), {})
    found = statuses(seen_by(administrator, member)["DataSources"])
    assert [name for name, status in found.items() if status == "DISABLED"] == ["Kubernetes audit logs"]


def test_a_region_may_lack_a_plan(simulator: Simulator, administrator: Account):
    poor = administrator.elsewhere("ap-east-2")
    assert simulator.tell("region/ap-east-2", lacksPlans=["RDS_LOGIN_EVENTS"]) == (200, {})
    named = [feature("RDS_LOGIN_EVENTS", "DISABLED"), feature("S3_DATA_EVENTS", "DISABLED")]
    bad_request(refusals.INVALID_VALUES, poor.guardduty.create_detector, Enable=True, Features=named)
    poor.enable(Features=named[1:])
    there, here = poor.features(), administrator.features()
    assert set(here) - set(there) == {"RDS_LOGIN_EVENTS"}
    assert there["S3_DATA_EVENTS"] == "DISABLED"
    bad_request(refusals.INVALID_VALUES, poor.guardduty.update_detector, **poor.own, Features=named)


def test_a_member_that_has_just_joined_is_left_out(simulator: Simulator, administrator: Account, member: Account):
    simulator.tell("world", plansSettableAfterMs=60_000)
    try:
        administrator.onboard(member)
    finally:
        simulator.tell("world", plansSettableAfterMs=0)
    left_out = {member.number: refusals.NOT_AN_ASSOCIATED_MEMBER}
    unprocessed(update(administrator, member, Features=[feature("S3_DATA_EVENTS", "DISABLED")]), left_out)
    asked = {**administrator.own, "AccountIds": [member.number]}
    answer = administrator.guardduty.get_member_detectors(**asked)
    unprocessed(answer, left_out)
    assert answer["MemberDataSourceConfigurations"] == []
    assert administrator.status_of(member) == "Enabled"


def test_a_change_of_plans_may_be_shown_late(simulator: Simulator, administrator: Account, member: Account):
    administrator.onboard(member)
    simulator.tell("world", plansVisibleAfterMs=60_000)
    try:
        unprocessed(update(administrator, member, Features=[feature("S3_DATA_EVENTS", "DISABLED")]), {})
    finally:
        simulator.tell("world", plansVisibleAfterMs=0)
    assert statuses(seen_by(administrator, member)["DataSources"])["S3 logs"] == "ENABLED"
    assert member.features()["S3_DATA_EVENTS"] == "DISABLED"


def test_one_change_of_plans_at_a_time(simulator: Simulator, administrator: Account, member: Account, second: Account):
    administrator.onboard(member, second)
    wanted = {"Features": [feature("S3_DATA_EVENTS", "DISABLED")]}
    simulator.tell("world", plansOccupiedMs=60_000)
    try:
        unprocessed(update(administrator, member, **wanted), {})
    finally:
        simulator.tell("world", plansOccupiedMs=0)
    change = {**administrator.own, "AccountIds": [second.number], **wanted}
    bad_request(refusals.CONCURRENT_CHANGE, administrator.guardduty.update_member_detectors, **change)
    bad_request(refusals.CONCURRENT_CHANGE, administrator.guardduty.update_detector, **administrator.own, **wanted)


@pytest.mark.parametrize(
    "wanted",
    [{"Features": [feature("EBS_MALWARE_PROTECTION", "DISABLED")]}, {"DataSources": ebs_volumes(False)}],
    ids=["as a feature", "as a data source"],
)
def test_malware_protection_is_the_members_own_to_switch(administrator: Account, member: Account, wanted: Answer):
    administrator.onboard(member)
    left_out = update(administrator, member, **wanted)["UnprocessedAccounts"]
    assert [entry["AccountId"] for entry in left_out] == [member.number]


@pytest.mark.parametrize(
    "wanted",
    [
        feature("AI_ANALYST", "ENABLED"),
        feature("RUNTIME_MONITORING", "ENABLED")
        | {"AdditionalConfiguration": [feature("AGENT_OF_NOTHING", "ENABLED")]},
    ],
    ids=["a feature", "a part of one"],
)
def test_what_no_member_can_have_is_refused(administrator: Account, member: Account, wanted: Answer):
    administrator.onboard(member)
    change = {"AccountIds": [member.number], "Features": [wanted]}
    bad_request(refusals.INVALID_VALUES, administrator.guardduty.update_member_detectors, **administrator.own, **change)


def test_the_free_trial_has_at_most_thirty_days_left(administrator: Account, member: Account):
    administrator.onboard(member)
    asked = administrator.guardduty.get_remaining_free_trial_days
    (account,) = asked(**administrator.own, AccountIds=[member.number])["Accounts"]
    assert account["AccountId"] == member.number
    for one in account["Features"]:
        assert 0 <= one["FreeTrialDaysRemaining"] <= 30, one
