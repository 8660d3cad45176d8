"""The archive of a release, deployed with the AWS CLI by the commands of docs/deploy.md."""

import base64
import hashlib
import json
import shutil
import zipfile
from pathlib import Path

from dist.archive import SUMS
from dist.stack import ZIP
from dist.template import Node, parse, text
from tests.deploy.motion.cloud import ADMINISTRATOR, HOME
from tests.deploy.motion.operator import Operator, commands
from tests.deploy.terraform.archive import resolved

WAY = "Way 1: the AWS CLI"
UNINSTALL = "Uninstall"


class Release:
    """An archive in the operator's hands."""

    def __init__(self, archive: Path, operator: Operator):
        self.operator = operator
        for file in (archive, archive.with_name(SUMS)):
            shutil.copy(file, operator.folder)
        (command,) = [command for command in commands("Verify a download") if command.startswith("sha256sum")]
        operator.runs(command)

    def packaged(self, parameters: dict[str, str]) -> Node:
        """What the AWS CLI deploys, after it has deployed it and taken it away again.

        moto gives a stack no outputs if a change set has made it; so the walk deploys that once more, in one call.
        """
        self._deploy(parameters)
        self._check_deployed()
        self._uninstall()
        return parse((self.operator.folder / "packaged.yaml").read_text(encoding="utf-8"))

    def _deploy(self, parameters: dict[str, str]):
        """Types every command of the document, with parameters of ours."""
        for command in commands(WAY):
            if command.startswith("aws cloudformation package"):
                # Its sum has been checked by now, and moto takes no choices.
                stack = text(resolved(ADMINISTRATOR, HOME, parameters))
                (self.operator.folder / "stack.yaml").write_text(stack, encoding="utf-8")
            command, overrides, answers = command.partition("--parameter-overrides ")
            if overrides:
                assert {answer.split("=")[0] for answer in answers.split()} <= set(parameters), "they are others here"
                command = " ".join([command + overrides, *(f"{name}={value}" for name, value in parameters.items())])
            self.operator.runs(command)

    def _check_deployed(self):
        sum_of_zip = hashlib.sha256((self.operator.folder / ZIP).read_bytes()).digest()
        assert self._sums_of_functions() == [base64.b64encode(sum_of_zip).decode()], "another zip was deployed"

    def _sums_of_functions(self) -> list[str]:
        query = "--query Functions[].CodeSha256 --output json"
        return json.loads(self.operator.runs(f"aws lambda list-functions --region {HOME} {query}"))

    def _uninstall(self):
        of_stack = "delete-stack --region eu-west-1"
        (command,) = [command for command in commands(UNINSTALL) if of_stack in command]
        self.operator.runs(command)
        assert self._sums_of_functions() == []

    def function(self) -> Path:
        """Its program, unpacked."""
        with zipfile.ZipFile(self.operator.folder / ZIP) as packed:
            (entry,) = packed.infolist()
            program = Path(packed.extract(entry, self.operator.folder))
            program.chmod(entry.external_attr >> 16)
        return program
