"""Lints templates, Terraform module and workflows: cfn-lint, `sam validate`, checkov, zizmor. None has a finding left.

What checkov is to pass over stands next to the resource, with its reason. checkov needs packages that
sam cannot live with, so it is in an environment of its own, which CHECKOV names.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.templates import ROOT, STACK, TEMPLATES, read, resources

TOOLS = Path(sys.executable).parent
CHECKOV = os.environ.get("CHECKOV", TOOLS / "checkov")

# The linters need a Region and no account: no profile and no credentials may get into this.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": os.environ.get("HOME", "/"),
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "SAM_CLI_TELEMETRY": "0",
}


def lint(*command: str | Path):
    """Runs a linter, which must find nothing."""
    ended = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        pytest.fail(f"{command[0]} ended with {ended.returncode}\n{ended.stdout}{ended.stderr}", pytrace=False)


def test_cfn_lint_finds_nothing():
    strict = ("--non-zero-exit-code", "informational", "--include-checks", "I")
    lint(TOOLS / "cfn-lint", *strict, "--", *TEMPLATES)


def test_sam_finds_nothing():
    """Only the stack's template has something to transform; the others are plain, for StackSets."""
    lint(TOOLS / "sam", "validate", "--lint", "--template", STACK)


def test_checkov_finds_nothing():
    short = ("--framework", "cloudformation", "--compact", "--quiet", "--skip-download")
    lint(CHECKOV, "--file", *TEMPLATES, *short)


def test_checkov_finds_nothing_in_the_terraform_module():
    lint(CHECKOV, "--directory", "terraform", "--framework", "terraform", "--compact", "--quiet", "--skip-download")


def test_zizmor_finds_nothing():
    """Among other things: actions are named by their commits, and a job has no permission that it does not need."""
    lint(TOOLS / "zizmor", "--offline", "--no-progress", "--persona", "pedantic", ".github/workflows")


def test_a_finding_of_zizmor_is_ignored_for_a_reason():
    """The reason stands behind the ignore, on its line."""
    for workflow in (ROOT / ".github/workflows").iterdir():
        for line in workflow.read_text(encoding="utf-8").splitlines():
            _, mark, reason = line.partition("zizmor: ignore")
            assert not mark or len(reason.partition("]")[2]) >= 20, f"{workflow.name}: {line}"


SKIPPED = [
    pytest.param(skipped, id=f"{template}-{name}-{skipped.get('id')}")
    for template in TEMPLATES
    for name, resource in resources(template).items()
    for skipped in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
]


@pytest.mark.parametrize("skipped", SKIPPED)
def test_a_check_is_passed_over_for_a_reason(skipped: dict[str, str]):
    assert len(skipped.get("comment", "")) >= 20


def test_a_check_of_the_terraform_module_is_passed_over_for_a_reason():
    skipped = re.findall("checkov:skip=(.*)", read("terraform/main.tf"))
    assert skipped
    assert all(re.fullmatch(r"CKV\w+:.{20,}", one) for one in skipped)


HIDDEN = [
    ".checkov.yaml",
    ".checkov.yml",
    ".cfnlintrc",
    ".cfnlintrc.yaml",
    ".cfnlintrc.yml",
    "zizmor.yml",
    "zizmor.yaml",
    ".github/zizmor.yml",
    ".github/zizmor.yaml",
]


@pytest.mark.parametrize("name", HIDDEN)
def test_no_check_is_passed_over_out_of_sight(name: str):
    assert not (ROOT / name).exists()
