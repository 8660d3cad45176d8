"""What GuardDuty's administrator and its members see, asked of the simulator without the function."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.deploy.motion.cloud import ADMINISTRATOR, REGIONS, Cloud


def detectors(cloud: Cloud, account: str, region: str) -> list[str]:
    return cloud.client("guardduty", account, region).list_detectors()["DetectorIds"]


def is_untouched(cloud: Cloud, accounts: Iterable[str]) -> bool:
    """Whether GuardDuty is off in the administrator account and in these, everywhere."""
    return not any(detectors(cloud, account, region) for account in (ADMINISTRATOR, *accounts) for region in REGIONS)


def members(cloud: Cloud) -> dict[tuple[str, str], dict[str, Any]]:
    """Everything that GuardDuty says of the administrator's members, by Region and account, times included."""
    found = {}
    for region in REGIONS:
        guardduty = cloud.client("guardduty", ADMINISTRATOR, region)
        for detector in guardduty.list_detectors()["DetectorIds"]:
            for page in guardduty.get_paginator("list_members").paginate(DetectorId=detector, OnlyAssociated="false"):
                found |= {(region, member["AccountId"]): member for member in page["Members"]}
    return found


def check_members(cloud: Cloud, emails: Mapping[str, str]):
    """Each account is a monitored member in each Region, with its e-mail, in its administrator's eyes and its own."""
    found = members(cloud)
    for account, email in emails.items():
        for region in REGIONS:
            member = found.get((region, account))
            assert member, f"{account} is no member in {region}"
            status = member["RelationshipStatus"]
            assert status == "Enabled", f"member {account} in {region} is {status}"
            assert member["Email"] == email, f"member {account} in {region} has another e-mail"
            guardduty = cloud.client("guardduty", account, region)
            (detector,) = guardduty.list_detectors()["DetectorIds"]
            assert guardduty.get_detector(DetectorId=detector)["Status"] == "ENABLED", f"{account} is not monitored"
            administrator = guardduty.get_administrator_account(DetectorId=detector)["Administrator"]
            assert administrator["AccountId"] == ADMINISTRATOR, f"{account} has another administrator in {region}"
