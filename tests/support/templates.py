"""The CloudFormation templates, and the parts of them that tests ask for."""

from collections.abc import Iterator
from functools import cache

from dist.template import ROOT, STACK, Node, parse

MEMBER_ROLE = "templates/member-role.yaml"
ORGANIZATION_EVENTS = "templates/organization-events.yaml"
TEMPLATES = (STACK, MEMBER_ROLE, ORGANIZATION_EVENTS)

# The prefixes of lists.
LISTS = ("accounts/", "suspend/", "remove/", "plan/")

NO_VALUE = {"Ref": "AWS::NoValue"}


def read(path: str) -> str:
    """The text of the file at that path below the repository's root."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def load(template: str) -> dict[str, Node]:
    """The template at that path. All readers share it: do not change it."""
    return parse(read(template))


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
