"""Makes plain CloudFormation of the stack's SAM template: no macro, no build, one processor.

`stack.py <processor> <file>` writes it for a function whose zip lies beside the file.
"""

import copy
import os
import sys
from pathlib import Path

from samtranslator.translator.transform import transform

from dist.template import STACK, Node, read, text

# Beside the stack's template in the archive.
ZIP = "function.zip"
FUNCTION = "AWS::Lambda::Function"
SAM_FUNCTION = "AWS::Serverless::Function"


class NoManagedPolicies:
    """Our template uses no managed policies, so SAM need not ask IAM for them."""

    def load(self) -> dict[str, str]:
        return {}


def transformed(template: Node, code: str) -> Node:
    """A SAM template as plain CloudFormation, its function's code lying at `code` in S3."""
    template = copy.deepcopy(template)
    for resource in template["Resources"].values():
        if resource["Type"] == SAM_FUNCTION:
            resource["Properties"]["CodeUri"] = code
            for built in ("BuildMethod", "BuildProperties"):
                resource["Metadata"].pop(built, None)
    # SAM asks for a Region, for which it would choose ARNs of AWS's own; our template has none of those.
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    return transform(template, {}, NoManagedPolicies())


def fixed(template: Node, processor: str) -> Node:
    """The template for one processor, which is no choice any more."""
    template = copy.deepcopy(template)
    del template["Parameters"]["Architecture"]
    interface = template["Metadata"]["AWS::CloudFormation::Interface"]
    del interface["ParameterLabels"]["Architecture"]
    for group in interface["ParameterGroups"]:
        group["Parameters"] = [name for name in group["Parameters"] if name != "Architecture"]
    function_of(template, SAM_FUNCTION)["Properties"]["Architectures"] = [processor]
    return template


def function_of(template: Node, kind: str = FUNCTION) -> Node:
    """The one function of the template."""
    (function,) = (resource for resource in template["Resources"].values() if resource["Type"] == kind)
    return function


def plain(processor: str) -> Node:
    """The stack as plain CloudFormation; its code is the zip beside it, as `aws cloudformation package` takes it."""
    stack = transformed(fixed(read(STACK), processor), "s3://placeholder/placeholder")
    function_of(stack)["Properties"]["Code"] = ZIP
    return stack


def main():
    processor, file = sys.argv[1:]
    made = f"# Made from {STACK} for {processor}: change that one.\n"
    Path(file).write_text(made + text(plain(processor)), encoding="utf-8")


if __name__ == "__main__":
    main()
