"""Lints the templates: cfn-lint, `sam validate --lint` and checkov, each with no finding left.

What checkov is to pass over stands in the template, next to the resource, with its reason. checkov needs packages that
sam cannot live with, so it is in an environment of its own: `lint.py <folder of checkov>`.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.templates import ROOT, STACK, TEMPLATES, load

TOOLS = Path(sys.executable).parent


def run(*command):
    print("$", Path(command[0]).name, *command[1:], flush=True)
    # The linters need some Region, and no account: nobody's profile or credentials may get into this.
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "SAM_CLI_TELEMETRY": "0",
    }
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def reasons():
    """Every check that is passed over says why, and there is no list of them anywhere else."""
    good = True
    for template in TEMPLATES:
        for name, resource in load(template)["Resources"].items():
            for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", []):
                if len(skip.get("comment", "")) < 20:
                    print(f"{template}: {name} passes over {skip.get('id')} without a reason", file=sys.stderr)
                    good = False
    for name in (".checkov.yaml", ".checkov.yml", ".cfnlintrc", ".cfnlintrc.yaml", ".cfnlintrc.yml"):
        if (ROOT / name).exists():
            print(f"{name} would pass over checks where nobody sees it", file=sys.stderr)
            good = False
    return good


def main():
    checkov = Path(sys.argv[1]) / "checkov" if len(sys.argv) > 1 else TOOLS / "checkov"
    passed = [
        run(
            str(TOOLS / "cfn-lint"), "--non-zero-exit-code", "informational", "--include-checks", "I", "--", *TEMPLATES
        ),
        # Only this one has something to transform; the others are plain, for StackSets.
        run(str(TOOLS / "sam"), "validate", "--lint", "--template", STACK),
        *(
            run(
                str(checkov),
                "--file",
                template,
                "--framework",
                "cloudformation",
                "--compact",
                "--quiet",
                "--skip-download",
            )
            for template in TEMPLATES
        ),
        reasons(),
    ]
    if not all(passed):
        sys.exit("the templates have findings, see above")
    print("no findings")


if __name__ == "__main__":
    main()
