"""Release archives as an operator unpacks them, with a program that is none."""

import hashlib
import shutil
import zipfile
from pathlib import Path

from dist.stack import ZIP, plain
from dist.template import ROOT, Node, text
from tests.support.conditions import chosen

MODULE = ROOT / "terraform"
SUMS = "SHA256SUMS"

PLAIN = plain("x86_64")


def resolved(account: str, region: str, given: dict[str, str]) -> Node:
    """The stack with its choices made for these parameters.

    moto would leave a null where a choice falls on nothing, which no policy may have.
    """
    defaults = {name: str(parameter.get("Default", "")) for name, parameter in PLAIN["Parameters"].items()}
    pseudo = {"AWS::Partition": "aws", "AWS::Region": region, "AWS::AccountId": account}
    return chosen(PLAIN, defaults | given | pseudo, PLAIN["Conditions"])


class Archive:
    """One unpacked archive of a version."""

    def __init__(self, beside: Path, version: str, stack: Node):
        self.name = f"guardduty-onboarding-{version}-x86_64"
        self.folder = beside / self.name
        self.folder.mkdir()
        shutil.copytree(MODULE, self.folder / MODULE.name, ignore=shutil.ignore_patterns(".terraform*"))
        self.zip = self.folder / ZIP
        with zipfile.ZipFile(self.zip, "w") as writing:
            writing.writestr("bootstrap", f"version {version}")
        self.stack = self.folder / "stack.yaml"
        self.stack.write_text(text(stack), encoding="utf-8")
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        lines = [f"{sum_of(path)}  ./{path.relative_to(self.folder)}\n" for path in files]
        (self.folder / SUMS).write_text("".join(lines), encoding="utf-8")


def sum_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
