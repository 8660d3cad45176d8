"""Makes Terraform's inputs of the stack's parameters: `variables.py <file>` writes them."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from dist.stack import fixed
from dist.template import STACK, Node, read

TYPES = {"String": "string", "Number": "number"}

# Go's regular expressions have no lookaround and no references back. What needs them is left to CloudFormation.
NOT_IN_GO = re.compile(r"\(\?<?[=!]|\\[1-9]")


def quoted(value: str) -> str:
    """A text of HCL, in which nothing is a template."""
    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def literal(kind: str, value: str | float) -> str:
    """A value of the parameter's type, as HCL has it."""
    return quoted(str(value)) if kind == "String" else str(value)


def conditions(name: str, parameter: Node) -> Iterator[str]:
    """What CloudFormation would ask of the value, as far as Terraform can ask it."""
    kind, variable = parameter["Type"], f"var.{name}"
    if allowed := parameter.get("AllowedValues"):
        yield f"contains([{', '.join(literal(kind, value) for value in allowed)}], {variable})"
    if (pattern := parameter.get("AllowedPattern")) and not NOT_IN_GO.search(pattern):
        yield f"can(regex({quoted(pattern)}, {variable}))"
    size = f"length({variable})" if kind == "String" else variable
    for limit, sign in (("MinLength", ">="), ("MaxLength", "<="), ("MinValue", ">="), ("MaxValue", "<=")):
        if limit in parameter:
            yield f"{size} {sign} {parameter[limit]}"


def variable(name: str, parameter: Node) -> str:
    """One parameter as an input."""
    kind = parameter["Type"]
    lines = [
        f"  description = {quoted(parameter['Description'])}",
        f"  type        = {TYPES[kind]}",
        # With null, too, it then has the default.
        "  nullable    = false",
    ]
    if "Default" in parameter:
        lines.insert(2, f"  default     = {literal(kind, parameter['Default'])}")
    if wanted := " && ".join(conditions(name, parameter)):
        message = f"{name} {parameter['ConstraintDescription']}"
        lines += [
            "",
            "  validation {",
            f"    condition     = {wanted}",
            f"    error_message = {quoted(message)}",
            "  }",
        ]
    return "\n".join([f'variable "{name}" {{', *lines, "}\n"])


def variables() -> str:
    """All of them, and what the stack gets of them."""
    parameters = fixed(read(STACK), "x86_64")["Parameters"]
    widest = max(map(len, parameters))
    given = "".join(f"    {name:{widest}} = var.{name}\n" for name in parameters)
    return "\n".join(
        [
            f"# Made from {STACK} by dist/variables.py: change the template, and make this again.\n",
            *(variable(name, parameter) for name, parameter in parameters.items()),
            f"locals {{\n  parameters = {{\n{given}  }}\n}}\n",
        ]
    )


def main():
    (file,) = sys.argv[1:]
    Path(file).write_text(variables(), encoding="utf-8")


if __name__ == "__main__":
    main()
