"""Reads CloudFormation templates, short forms of functions included (`!Ref x` becomes `{"Ref": "x"}`)."""

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]

STACK = "template.yaml"
MEMBER_ROLE = "templates/member-role.yaml"
ORGANIZATION_EVENTS = "templates/organization-events.yaml"
TEMPLATES = (STACK, MEMBER_ROLE, ORGANIZATION_EVENTS)


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags."""


def _function(loader, tag, node):
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


def load(template):
    """The template of that path below the repository's root."""
    return yaml.load((ROOT / template).read_text(encoding="utf-8"), Loader)


def resources(template, kind):
    """Its resources of one type: logical id to properties."""
    found = load(template)["Resources"].items()
    return {name: resource.get("Properties", {}) for name, resource in found if resource["Type"] == kind}
