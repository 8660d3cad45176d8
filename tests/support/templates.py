"""The CloudFormation templates, read with the short forms of functions (`!Ref x` becomes `{"Ref": "x"}`)."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]

STACK = "template.yaml"
MEMBER_ROLE = "templates/member-role.yaml"
ORGANIZATION_EVENTS = "templates/organization-events.yaml"
TEMPLATES = (STACK, MEMBER_ROLE, ORGANIZATION_EVENTS)

# The prefixes of lists.
LISTS = ("accounts/", "suspend/", "remove/", "plan/")

NO_VALUE = {"Ref": "AWS::NoValue"}

# Whatever YAML may hold.
Node = Any


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags."""


def _function(loader: Loader, tag: str, node: yaml.Node) -> Node:
    if isinstance(node, yaml.ScalarNode):
        argument = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        argument = loader.construct_sequence(node, deep=True)
    else:
        argument = loader.construct_mapping(node, deep=True)
    if tag in ("Ref", "Condition"):
        return {tag: argument}
    if tag == "GetAtt" and isinstance(argument, str):
        argument = argument.split(".", 1)
    return {f"Fn::{tag}": argument}


Loader.add_multi_constructor("!", _function)


def read(path: str) -> str:
    """The text of the file at that path below the repository's root."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def load(template: str) -> dict[str, Node]:
    """The template at that path. All readers share it: do not change it."""
    return yaml.load(read(template), Loader)


def parameters(template: str = STACK) -> dict[str, Node]:
    return load(template)["Parameters"]


def resources(template: str = STACK, kind: str | None = None) -> dict[str, Node]:
    """The template's resources, or those of one type, by their logical ids."""
    found = load(template)["Resources"].items()
    return {name: resource for name, resource in found if kind in (None, resource["Type"])}


def properties_of(kind: str, template: str = STACK) -> dict[str, Node]:
    """The properties of the template's resources of one type, by their logical ids."""
    return {name: resource["Properties"] for name, resource in resources(template, kind).items()}


def properties(name: str, template: str = STACK) -> dict[str, Node]:
    """The properties of the resource with that logical id."""
    return resources(template)[name]["Properties"]


def ref(name: str) -> Node:
    return {"Ref": name}


def arn(name: str) -> Node:
    return {"Fn::GetAtt": [name, "Arn"]}


def is_not_empty(parameter: str) -> Node:
    """The condition that the parameter has a value."""
    return {"Fn::Not": [{"Fn::Equals": [ref(parameter), ""]}]}


def within(part: Node) -> Iterator[dict[str, Node]]:
    """Every mapping in a part of a template, the outer ones first."""
    if isinstance(part, dict):
        yield part
    for below in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from within(below)


def listed(value: Node) -> list[Node]:
    """What may be written as a list or, being alone, without one."""
    return value if isinstance(value, list) else [value]
