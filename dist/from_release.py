"""Makes a stack that CloudFormation's console alone can deploy: it fetches the function's zip from a release by itself.

`from_release.py <processor> <sha256> <address> <file>` writes it for the zip with that sum. The address, where the
release will hold the zip, becomes a default. Without a release it is empty, and the operator has to give one.
"""

import copy
import re
import sys
from pathlib import Path

from dist.stack import plain
from dist.template import ROOT, STACK, Node, read, text

COPIER = "dist/copier.yaml"
INTERFACE = "AWS::CloudFormation::Interface"


def laid_over(below: Node, above: Node) -> Node:
    """The lower template with what the upper one adds; a value of the upper one takes the place of the lower one's."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return below | {key: laid_over(below[key], part) if key in below else part for key, part in above.items()}


def grouped(below: Node, above: Node) -> Node:
    """The groups of parameters, with what the upper template adds at the beginning of the group of the same label."""
    added = {group["Label"]["default"]: group["Parameters"] for group in above}
    groups = [group | {"Parameters": added.pop(group["Label"]["default"], []) + group["Parameters"]} for group in below]
    if added:
        raise ValueError(f"the stack has no group of parameters {', '.join(added)}")
    return groups


def from_release(processor: str, sha256: str, address: str) -> Node:
    """The plain stack with what fetches the zip."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256!r} is no SHA-256: it has 64 hexadecimal digits, in lower case")
    stack, copier = plain(processor), copy.deepcopy(read(COPIER))
    resources, parameter = copier["Resources"], copier["Parameters"]["FunctionZipAddress"]
    resources["FunctionZip"]["Properties"]["Sha256"] = sha256
    code = resources["Copier"]["Properties"]["Code"]
    code["ZipFile"] = (ROOT / code["ZipFile"]).read_text(encoding="utf-8")
    if address:
        if not re.fullmatch(parameter["AllowedPattern"], address):
            raise ValueError(f"{address!r} is no address of a zip: it {parameter['ConstraintDescription']}")
        parameter["Default"] = address
    interface = copier["Metadata"][INTERFACE]
    interface["ParameterGroups"] = grouped(
        stack["Metadata"][INTERFACE]["ParameterGroups"], interface["ParameterGroups"]
    )
    return laid_over(stack, copier)


def main():
    processor, sha256, address, file = sys.argv[1:]
    try:
        stack = from_release(processor, sha256, address)
    except ValueError as error:
        sys.exit(f"{file} is not made: {error}")
    made = f"# Made from {STACK}, {COPIER} and dist/copier.py for {processor}: change those.\n"
    Path(file).write_text(made + text(stack), encoding="utf-8")


if __name__ == "__main__":
    main()
