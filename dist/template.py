"""CloudFormation templates as Python data, and back as YAML."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]

# The stack's, in AWS SAM.
STACK = "template.yaml"

# Whatever YAML may hold.
Node = Any


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags: `!Ref x` becomes `{"Ref": "x"}`."""


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


class Dumper(yaml.SafeDumper):
    """YAML as people write it: texts of several lines as blocks, and nothing by reference."""

    def ignore_aliases(self, _data: Node) -> bool:
        return True


def _text(dumper: Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Dumper.add_representer(str, _text)


def parse(text: str) -> Node:
    return yaml.load(text, Loader)


def read(path: str) -> Node:
    """The template at that path below the repository's root."""
    return parse((ROOT / path).read_text(encoding="utf-8"))


def text(template: Node) -> str:
    return yaml.dump(template, Dumper=Dumper, sort_keys=False, width=120, allow_unicode=True)
