"""What makes a release: its tools are the ones that the tests have, and licences are accepted in one place."""

import re
import tomllib

import pytest

from tests.support.templates import ROOT

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def versions(path: str) -> dict[str, str]:
    """Package to version. PyPI takes pydantic_core for pydantic-core, and so do its tools."""
    return {re.sub("[-_.]+", "-", name).lower(): version for name, version in PINNED.findall(text(path))}


BUILD = versions("dist/requirements.txt")
WANTED = versions("dist/requirements.in")
TESTED = versions("tests/deploy/requirements.txt") | versions("tests/deploy/constraints.txt")


@pytest.mark.parametrize("name", sorted(BUILD))
def test_a_release_is_built_with_what_is_tested(name: str):
    assert BUILD[name] == TESTED.get(name, BUILD[name])


def test_the_packages_with_hashes_are_those_asked_for():
    assert {name: BUILD.get(name) for name in WANTED} == WANTED
    assert len(WANTED) == len([line for line in text("dist/requirements.in").splitlines() if PINNED.match(line)])


def test_licences_are_accepted_in_one_place():
    """cargo-deny refuses what is not accepted, cargo-about prints what is."""
    denied, printed = tomllib.loads(text("deny.toml")), tomllib.loads(text("dist/about.toml"))
    assert printed["accepted"] == denied["licenses"]["allow"]


def test_a_release_is_built_with_a_rust_that_the_code_supports():
    needed = tomllib.loads(text("Cargo.toml"))["workspace"]["package"]["rust-version"]
    (used,) = re.findall(r"RUSTUP_TOOLCHAIN: (\S+)", text(".github/workflows/release.yml"))
    assert [int(part) for part in used.split(".")] >= [int(part) for part in needed.split(".")]


def test_every_tool_that_a_workflow_installs_has_its_version():
    known = {line.split()[0] for line in text("dist/tools.txt").splitlines()}
    for workflow in (ROOT / ".github/workflows").iterdir():
        for asked in re.findall(r"bash dist/tools\.sh (.*)", workflow.read_text(encoding="utf-8")):
            assert set(asked.split()) <= known, workflow.name
