"""Sets the scene: moto plays S3, a web server has the zips, and the code is taken out of the made template."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dist.template import ROOT, Node, parse
from tests.deploy.copier.custom_resource import Copier, CustomResource
from tests.deploy.copier.host import Host
from tests.deploy.copier.scene import KEYS, REGION, Scene
from tests.support.programs import CLEAN, Program, end_after

# In seconds; it takes less than one minute. Nothing waits without a limit, and this is the limit of them all.
LONGEST = 300


def pytest_configure():
    os.environ.clear()
    os.environ.update(CLEAN, AWS_DEFAULT_REGION=REGION)
    end_after(LONGEST)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Where everything that is started writes."""
    with tempfile.TemporaryDirectory(prefix="copier-") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def template(folder: Path) -> Node:
    """stack-from-release.yaml as a release makes it."""
    file = folder / "stack-from-release.yaml"
    make = [sys.executable, ROOT / "dist/from_release.py", "x86_64", "0" * 64, "", file]
    subprocess.run(make, env={**CLEAN, "PATH": str(folder / "no-programs"), "PYTHONPATH": str(ROOT)}, check=True)
    return parse(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def code(folder: Path, template: Node) -> Path:
    """The folder with the copier's index.py, as CloudFormation makes it of the template."""
    properties = template["Resources"]["Copier"]["Properties"]
    assert properties["Handler"] == "index.handler"
    (folder / "index.py").write_text(properties["Code"]["ZipFile"], encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def moto(folder: Path) -> Iterator[str]:
    recording = {"MOTO_ENABLE_RECORDING": "true", "MOTO_RECORDER_FILEPATH": str(folder / "requests.jsonl")}
    moto_server = [Path(sys.executable).parent / "moto_server", "-H", "127.0.0.1", "-p", "0"]
    with Program(moto_server, CLEAN | recording, folder) as program:
        yield program.address()


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as host:
        yield host


@pytest.fixture
def scene(moto: str, host: Host, folder: Path) -> Scene:
    return Scene(moto, host, folder / "requests.jsonl")


@pytest.fixture
def copier(code: Path, moto: str, host: Host) -> Copier:
    return Copier(code, host, {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": moto, **KEYS})


@pytest.fixture
def resource(copier: Copier) -> CustomResource:
    return CustomResource(copier)
