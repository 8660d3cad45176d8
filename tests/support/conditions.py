"""Works out conditions of CloudFormation, those of a template's sections Conditions and Rules alike, and choices."""

from collections.abc import Mapping

from tests.support.templates import NO_VALUE, Node


def holds(condition: Node, names: Mapping[str, str], conditions: Mapping[str, Node]) -> bool:
    """Whether a condition is true, given what the names stand for and the template's other conditions."""
    ((function, argument),) = condition.items()
    match function:
        case "Condition":
            return holds(conditions[argument], names, conditions)
        case "Fn::Equals":
            left, right = (_value(node, names) for node in argument)
            return left == right
        case "Fn::Contains":
            values, value = argument
            return _value(value, names) in values
        case "Fn::Not":
            return not holds(argument[0], names, conditions)
        case "Fn::And":
            return all(holds(one, names, conditions) for one in argument)
        case "Fn::Or":
            return any(holds(one, names, conditions) for one in argument)
    raise ValueError(f"the condition {function} is not known here")


def chosen(node: Node, names: Mapping[str, str], conditions: Mapping[str, Node]) -> Node:
    """A part of a template in which every choice is made."""
    if isinstance(node, dict) and "Fn::If" in node:
        condition, yes, no = node["Fn::If"]
        return chosen(yes if holds({"Condition": condition}, names, conditions) else no, names, conditions)
    if isinstance(node, dict):
        kept = {key: chosen(item, names, conditions) for key, item in node.items()}
        return {key: item for key, item in kept.items() if item != NO_VALUE}
    if isinstance(node, list):
        return [item for item in (chosen(item, names, conditions) for item in node) if item != NO_VALUE]
    return node


def _value(node: Node, names: Mapping[str, str]) -> str:
    match node:
        case {"Ref": name}:
            return names[name]
        case {"Fn::Select": [index, {"Fn::Split": [between, text]}]}:
            return _value(text, names).split(between)[int(index)]
    return str(node)
