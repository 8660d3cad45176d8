"""AWS's own scripts for administrators by invitation, unchanged: what they leave behind.

They are not part of this project. Without a checkout of amazon-guardduty-multiaccount-scripts all of this is skipped.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.boto3.accounts import Account
from tests.boto3.simulator import AWAY, HOME, ROLE, Simulator

CHECKOUT = "GUARDDUTY_ONBOARDING_AWS_SCRIPTS"

pytestmark = pytest.mark.skipif(not os.environ.get(CHECKOUT), reason=f"{CHECKOUT} names no checkout of AWS's scripts")

# Runs one of the scripts for this administrator and these accounts, with more flags.
Script = Callable[..., None]


@pytest.fixture
def administrator(simulator: Simulator, numbers: Iterator[str]) -> Account:
    """One whose number has no leading zero, as disableguardduty.py drops it."""
    return Account(simulator, f"2{next(numbers)[1:]}")


@pytest.fixture
def script(tmp_path: Path) -> Script:
    def run(name: str, administrator: Account, *accounts: Account, flags: tuple[str, ...] = ()):
        accounts_file = tmp_path / "accounts.csv"
        accounts_file.write_text("".join(f"{account.number},{account.email}\n" for account in accounts))
        command = [sys.executable, "-B", str(Path(os.environ[CHECKOUT], name).resolve()), str(accounts_file)]
        command += ["--master_account", administrator.number, "--assume_role", ROLE]
        command += ["--enabled_regions", f"{HOME},{AWAY}", *flags]
        # It waits five seconds for each membership.
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        assert (ended.returncode, "Failed Accounts" in ended.stdout) == (0, False), ended.stdout + ended.stderr

    return run


def everywhere(account: Account) -> list[Account]:
    """The account in both Regions, with the detector that it has there by now."""
    both = [account, account.elsewhere(AWAY)]
    for one in both:
        (detector,) = one.guardduty.list_detectors()["DetectorIds"]
        one.own = {"DetectorId": detector}
    return both


def onboard(administrator: Account, *accounts: Account):
    """Makes the accounts members in both Regions."""
    for region in (HOME, AWAY):
        own = administrator.elsewhere(region).enable()
        own.onboard(*(account.elsewhere(region).enable() for account in accounts))


def test_enableguardduty_makes_members(script: Script, administrator: Account, new_account: Callable[[], Account]):
    accounts = [new_account(), new_account()]
    script("enableguardduty.py", administrator, *accounts)
    for own in everywhere(administrator):
        assert [own.status_of(account) for account in accounts] == ["Enabled", "Enabled"]
    detectors = [own.detector()["Status"] for account in accounts for own in everywhere(account)]
    assert detectors == ["ENABLED"] * 4


def test_disableguardduty_ends_memberships_and_deletes_detectors(
    script: Script, administrator: Account, new_account: Callable[[], Account]
):
    leaving, staying = new_account(), new_account()
    onboard(administrator, leaving, staying)
    script("disableguardduty.py", administrator, leaving)
    for own in everywhere(administrator):
        assert (own.status_of(leaving), own.status_of(staying)) == (None, "Enabled")
    assert leaving.guardduty.list_detectors()["DetectorIds"] == []
    assert leaving.elsewhere(AWAY).guardduty.list_detectors()["DetectorIds"] == []
    assert [own.detector()["Status"] for own in everywhere(staying)] == ["ENABLED", "ENABLED"]


def test_updatefeatures_sets_plans_of_members(
    script: Script, administrator: Account, new_account: Callable[[], Account]
):
    member, other = new_account(), new_account()
    onboard(administrator, member, other)
    before = [own.features() for own in everywhere(other)]
    for flags, wanted in (("disable", "DISABLED"), ("enable", "ENABLED")):
        script("updatefeatures.py", administrator, member, flags=(f"--{flags}_s3", f"--{flags}_eks"))
        for own in everywhere(member):
            plans = own.features()
            assert (plans["S3_DATA_EVENTS"], plans["EKS_AUDIT_LOGS"]) == (wanted, wanted)
        assert [own.features() for own in everywhere(other)] == before
