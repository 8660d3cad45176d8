"""Sets the stage: moto plays AWS, and operators have the release archive and Terraform.

Everything listens on the loopback interface, and no call can leave the machine.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.terraform.cloud import Cloud
from tests.deploy.terraform.operator import Operator, plugins
from tests.support.programs import CLEAN, Program, end_after

# In seconds; it takes two or three minutes. Nothing waits without a limit, and this is the limit of them all.
LONGEST = 900


def pytest_configure():
    # Nobody's profile or credentials may get into this.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(CLEAN)
    end_after(LONGEST)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    plugins()
    moto_server = [Path(sys.executable).parent / "moto_server", "-H", "127.0.0.1", "-p", "0"]
    with Program(moto_server, CLEAN, tmp_path_factory.mktemp("moto")) as moto:
        yield Cloud(moto.address())


@pytest.fixture(scope="session")
def operator(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """The one of the story: each test finds what the one before has left."""
    return Operator(tmp_path_factory.mktemp("story"), cloud.address)


@pytest.fixture(scope="session")
def beginner(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(tmp_path_factory.mktemp("beginner"), cloud.address)


@pytest.fixture
def newcomer(beginner: Operator) -> Iterator[Operator]:
    """An operator who has deployed nothing, and has no archive yet."""
    yield beginner
    for archive in beginner.folder.glob("guardduty-onboarding-*"):
        shutil.rmtree(archive)
