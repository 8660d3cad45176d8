"""Somebody at a shell in the administrator account, with what the documents ask for and nothing else."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tests.deploy.motion.cloud import ADMINISTRATOR, HOME, Cloud
from tests.support.programs import CLEAN
from tests.support.templates import read

DEPLOY = "docs/deploy.md"
# Besides the AWS CLI. No cargo, no SAM, no pip, and no Python but the CLI's own.
TOOLS = ("sha256sum", "tar", "gzip")


def commands(heading: str) -> list[str]:
    """The commands that docs/deploy.md shows below that heading, before the next one."""
    _, found, section = read(DEPLOY).partition(f"# {heading}\n")
    assert found, f"{DEPLOY} has no heading {heading}"
    section = re.split("(?m)^#+ ", section)[0]
    blocks = re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", section)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [re.sub(r"\s{2,}#.*", "", line).strip() for line in lines]


class Operator:
    """One shell: what it is in and what it finds."""

    def __init__(self, cloud: Cloud, home: Path):
        self.folder = home / "operator"
        self.folder.mkdir()
        tools = home / "tools"
        tools.mkdir()
        for tool in TOOLS:
            (tools / tool).symlink_to(shutil.which(tool) or tool)
        (tools / "aws").symlink_to(Path(sys.executable).parent / "aws")
        # By that name moto finds the bucket in the path of an address.
        moto = cloud.moto.replace("127.0.0.1", "localhost")
        keys = cloud.environment(f"arn:aws:iam::{ADMINISTRATOR}:role/Operator", HOME)
        addresses = {name: moto for name in keys if name.startswith("AWS_ENDPOINT_URL")}
        self.environment = {**CLEAN, **keys, **addresses, "PATH": str(tools)}

    def runs(self, command: str) -> str:
        """What the command prints. It has to succeed."""
        print(f"$ {command}")
        words = shlex.split(command)
        if words[0] == "cd":
            self.folder /= words[1]
            assert self.folder.is_dir(), f"{command}: there is no such folder"
            return ""
        ended = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, f"{command}: {ended.stderr.strip()}"
        return ended.stdout
