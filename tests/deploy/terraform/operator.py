"""An operator with Terraform: a folder with the configuration of the module's README, and the commands typed there."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dist.template import ROOT, Node
from tests.deploy.terraform.cloud import KEYS, REGION
from tests.support.programs import CLEAN

# A folder with the provider, laid out as `terraform init -plugin-dir` requires.
PLUGINS = "GUARDDUTY_ONBOARDING_TERRAFORM_PLUGINS"
# If it is set, the tests fail for lack of Terraform instead of being skipped.
REQUIRE = "GUARDDUTY_ONBOARDING_REQUIRE_TERRAFORM"
# Where the provider is searched unless PLUGINS is set. The last two are Terraform's own.
PLUGIN_FOLDERS = ("/opt/tf-plugins", "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins")

# What the README has instead of one.
VERSION = "<version>"

# What `plan -detailed-exitcode` ends with.
NOTHING_TO_CHANGE, FAILED, CHANGES = 0, 1, 2


def plugins() -> Path:
    """A folder that has the provider, which is never downloaded. Tests are skipped without one or without Terraform."""
    (wanted,) = re.findall(r'version = "~> (\d+\.\d+)"', (ROOT / "terraform/versions.tf").read_text(encoding="utf-8"))
    folders = [os.environ[PLUGINS]] if PLUGINS in os.environ else PLUGIN_FOLDERS
    provider = f"registry.terraform.io/hashicorp/aws/{wanted}.*"
    found = [folder for folder in map(Path, folders) if any(folder.glob(provider))]
    if shutil.which("terraform") and found:
        return found[0]
    lack = f"{provider} is in none of {', '.join(folders)} ({PLUGINS} names another folder)"
    reason = lack if shutil.which("terraform") else "there is no terraform"
    assert REQUIRE not in os.environ, f"Terraform is required by {REQUIRE}, but {reason}"
    return pytest.skip(f"{reason} (set {REQUIRE}=1 to make this a failure)")


class Operator:
    """Has nothing of the developer's: no profile, plugin, cache or settings."""

    def __init__(self, folder: Path, endpoint: str):
        self.folder = folder
        self.plugins = plugins()
        self.environment = (
            CLEAN
            | {
                "HOME": str(folder),
                "TF_CLI_CONFIG_FILE": str(folder / "settings.tfrc"),
                "TF_CLI_ARGS": "-no-color",
                "TF_INPUT": "0",
                "CHECKPOINT_DISABLE": "1",
                "AWS_ENDPOINT_URL": endpoint,
            }
            | {name.upper(): value for name, value in KEYS.items()}
        )
        (folder / "settings.tfrc").touch()
        self.initialized = ""

    def terraform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def run(self, *arguments: str) -> str:
        """A command that must work; what it prints."""
        ended = self.terraform(*arguments)
        assert ended.returncode == 0, f"terraform {' '.join(arguments)}\n{ended.stdout}{ended.stderr}"
        return ended.stdout

    def writes(self, version: str, inputs: dict[str, str | int] | None = None, region: str = REGION):
        """Writes the README's configuration for that version, with these inputs of the module besides."""
        readme = (ROOT / "terraform/README.md").read_text(encoding="utf-8")
        (configuration,) = re.findall(r"```hcl\n(.*?)```", readme, re.DOTALL)
        configuration = configuration.replace(VERSION, version).replace(REGION, region)
        (self.folder / "main.tf").write_text(configuration, encoding="utf-8")
        # Terraform merges this one over it.
        override = {"module": {"guardduty_onboarding": inputs or {}}}
        (self.folder / "inputs_override.tf.json").write_text(json.dumps(override), encoding="utf-8")
        # It takes seconds, in which it hashes the provider. Nothing but another source asks for it again.
        if version != self.initialized:
            self.run("init", f"-plugin-dir={self.plugins}")
            self.initialized = version

    def apply(self) -> list[str]:
        """Applies it; what was done to which resource of the module, in the order in which it was done."""
        events = map(json.loads, self.run("apply", "-auto-approve", "-json").splitlines())
        hooks = [event["hook"] for event in events if event["type"] == "apply_complete"]
        return [f"{hook['action']} {hook['resource']['resource']}" for hook in hooks]

    def refusals(self) -> list[str]:
        """What Terraform says against applying this."""
        ended = self.terraform("apply", "-auto-approve", "-json")
        assert ended.returncode == FAILED, ended.stdout
        events = map(json.loads, ended.stdout.splitlines())
        return [event["diagnostic"]["detail"] for event in events if event["@level"] == "error"]

    def planned(self) -> dict[str, Node]:
        """What each resource of the module is to be, by type and name."""
        self.run("plan", "-out=planned")
        plan = json.loads(self.run("show", "-json", "planned"))
        (module,) = plan["planned_values"]["root_module"]["child_modules"]
        return {
            resource["address"].removeprefix(f"{module['address']}."): resource["values"]
            for resource in module["resources"]
        }
