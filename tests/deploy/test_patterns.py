"""Runs the templates' event patterns over the samples in events/ and over near misses.

A rule that never fires looks exactly like one that has nothing to do. So every pattern is matched with every event, on
both sides of the way from the management account to the queue, and each event must fire exactly the rule that the
tables of announcements name.
"""

import json
from collections.abc import Iterator

import event_ruler
import pytest

from tests.deploy.announcements import (
    CREATED,
    JOINED,
    MANAGED,
    REMOVED,
    SAMPLES,
    UPDATED,
    VARIATIONS,
    files,
    sample,
    varied,
)
from tests.support.templates import MEMBER_ROLE, ORGANIZATION_EVENTS, STACK, Node, properties_of, resources

RULE = "AWS::Events::Rule"

BOTH_SIDES = pytest.mark.parametrize("template", [ORGANIZATION_EVENTS, STACK])


def rules(template: str) -> dict[str, Node]:
    """The template's rules that wait for an event, by their logical ids. The others have a schedule."""
    return {name: rule for name, rule in properties_of(RULE, template).items() if "ScheduleExpression" not in rule}


def fired(template: str, event: Node) -> set[str]:
    """The template's rules whose patterns match."""
    as_json = json.dumps(event)
    return {
        name
        for name, rule in rules(template).items()
        if event_ruler.test_event_pattern(as_json, json.dumps(rule["EventPattern"]))
    }


def expected(rule: str | None) -> set[str]:
    return {rule} if rule else set()


@BOTH_SIDES
def test_each_side_has_a_rule_for_each_announcement(template: str):
    assert set(rules(template)) == {CREATED, JOINED, MANAGED, UPDATED}


def test_a_member_account_has_no_rule():
    assert not properties_of(RULE, MEMBER_ROLE)


def test_whether_the_stack_takes_events_is_one_question():
    conditions = {name: resources(STACK)[name].get("Condition") for name in rules(STACK)}
    assert conditions == dict.fromkeys(conditions, "TakesEvents")


def test_the_table_has_every_sample_and_no_other():
    assert set(SAMPLES) == files()


@BOTH_SIDES
@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_fires_its_rule_alone(template: str, name: str):
    assert fired(template, sample(name)) == expected(SAMPLES[name])


@BOTH_SIDES
@pytest.mark.parametrize(
    ("name", "changes", "rule"), [row[1:] for row in VARIATIONS], ids=[row[0] for row in VARIATIONS]
)
def test_a_variation_fires_its_rule_alone(template: str, name: str, changes: dict[str, object], rule: str | None):
    assert fired(template, varied(sample(name), changes)) == expected(rule)


def leaves(pattern: Node, way: tuple[str, ...] = ()) -> Iterator[str]:
    """Every place that the pattern looks at."""
    for field, below in pattern.items():
        if isinstance(below, dict):
            yield from leaves(below, (*way, field))
        else:
            yield ".".join((*way, field))


PLACES = [
    pytest.param(template, name, place, id=f"{template}-{name}-{place}")
    for template in (ORGANIZATION_EVENTS, STACK)
    for name, rule in rules(template).items()
    for place in leaves(rule["EventPattern"])
]


@pytest.mark.parametrize(("template", "rule", "place"), PLACES)
def test_a_rule_is_silent_with_another_value_or_none_at_a_place_that_it_looks_at(template: str, rule: str, place: str):
    (event,) = (sample(name) for name, fires in SAMPLES.items() if fires == rule)
    assert rule in fired(template, event)
    assert rule not in fired(template, varied(event, {place: "another value"}))
    # The envelope is EventBridge's own, and never without these.
    if place.startswith("detail."):
        assert rule not in fired(template, varied(event, {place: REMOVED}))
