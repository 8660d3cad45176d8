"""Where the files of the release are."""

import platform
import subprocess
from pathlib import Path

import pytest

PROCESSOR = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]


def pytest_addoption(parser: pytest.Parser):
    parser.addoption("--out", type=Path, help="what dist/build.sh made")
    parser.addoption("--built", type=Path, help="the function as sam built it")


@pytest.fixture(scope="session")
def out(request: pytest.FixtureRequest) -> Path:
    return request.config.getoption("--out").resolve()


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Path:
    if program := request.config.getoption("--built"):
        return program.resolve()
    pytest.skip("there is no program to compare it with: --built names one")


@pytest.fixture(scope="session")
def zipped(out: Path) -> Path:
    """The function."""
    (found,) = out.glob(f"*-{PROCESSOR}.zip")
    return found


@pytest.fixture(scope="session")
def packed(out: Path) -> Path:
    """The archive."""
    (found,) = out.glob(f"*-{PROCESSOR}.tar.gz")
    return found


@pytest.fixture(scope="session")
def unpacked(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive's folder, as an operator unpacks it."""
    folder = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["tar", "-xzf", packed], cwd=folder, check=True)
    (found,) = folder.iterdir()
    return found
