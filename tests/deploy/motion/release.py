"""The archive of a release, deployed with the AWS CLI by the commands of docs/deploy.md."""

import base64
import hashlib
import json
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from dist.stack import ZIP
from dist.template import Node, parse, text
from tests.deploy.motion.operator import Operator, commands

WAY = "Way 1: the AWS CLI"
UNINSTALL = "Uninstall"


class Release:
    """An archive in the operator's hands."""

    def __init__(self, archive: Path, operator: Operator):
        self.operator = operator
        self.packed = Path(shutil.copy(archive, operator.folder))

    def stack(self) -> Node:
        """Its template of the stack."""
        with tarfile.open(self.packed) as packed:
            file = packed.extractfile(f"{self.packed.name.removesuffix('.tar.gz')}/stack.yaml")
            assert file, "stack.yaml is no file"
            return parse(file.read().decode())

    def deploy(self, stack: Node, parameters: dict[str, str]):
        """Types every command of the document. `stack` takes the template's place once its sum has been checked."""
        for command in commands(WAY):
            if command.startswith("aws cloudformation package"):
                (self.operator.folder / "stack.yaml").write_text(text(stack), encoding="utf-8")
            if command.startswith("aws cloudformation deploy"):
                answers = json.dumps({"Parameters": parameters})
                (self.operator.folder / "parameters.json").write_text(answers, encoding="utf-8")
            print(self.operator.runs(command))

    def function(self, configuration: dict[str, Any]) -> Path:
        """Its program, unpacked, after a look at whether that is what was deployed."""
        archive = self.operator.folder / ZIP
        sum_of_zip = hashlib.sha256(archive.read_bytes()).digest()
        assert configuration["CodeSha256"] == base64.b64encode(sum_of_zip).decode(), "another zip was deployed"
        with zipfile.ZipFile(archive) as packed:
            (entry,) = packed.infolist()
            program = Path(packed.extract(entry, self.operator.folder))
            program.chmod(entry.external_attr >> 16)
        return program

    def uninstall(self):
        of_stack = "delete-stack --region eu-west-1"
        (command,) = [command for command in commands(UNINSTALL) if of_stack in command]
        self.operator.runs(command)
