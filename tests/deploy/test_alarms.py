"""The alarms: each goes to a topic that somebody can subscribe to, and the topic takes it."""

import pytest

from tests.support.templates import (
    ORGANIZATION_EVENTS,
    STACK,
    TEMPLATES,
    Node,
    load,
    properties,
    properties_of,
    ref,
    resources,
)

# By template and logical id.
ALARMS = {
    (template, name): alarm
    for template in TEMPLATES
    for name, alarm in properties_of("AWS::CloudWatch::Alarm", template).items()
}


def test_two_templates_have_alarms():
    assert {template for template, _ in ALARMS} == {STACK, ORGANIZATION_EVENTS}


@pytest.mark.parametrize(("template", "name"), ALARMS)
def test_an_alarm_goes_to_its_templates_topic(template: str, name: str):
    assert ALARMS[template, name].get("AlarmActions") == [ref("AlarmTopic")]


@pytest.mark.parametrize(("template", "name"), ALARMS)
def test_an_alarm_has_a_name_that_the_policies_of_topic_and_key_admit(template: str, name: str):
    assert ALARMS[template, name]["AlarmName"].startswith("guardduty-onboarding-")


def topic(template: str) -> Node:
    """Whatever decides who may write to a topic, who can read it, and who hears of it."""
    email = load(template)["Parameters"]["AlarmEmail"]
    return {
        "key": properties("AlarmKey", template)["KeyPolicy"],
        "encryption": properties("AlarmTopic", template)["KmsMasterKeyId"],
        "policy": properties("AlarmTopicPolicy", template),
        "subscription": properties("AlarmSubscription", template),
        "parameter": {key: email[key] for key in ("Default", "AllowedPattern")},
        "output": load(template)["Outputs"]["AlarmTopicArn"]["Value"],
    }


def test_both_topics_are_alike():
    assert topic(ORGANIZATION_EVENTS) == topic(STACK)


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("AlarmKey", "Forwards"),
        ("AlarmTopic", "Forwards"),
        ("AlarmTopicPolicy", "Forwards"),
        ("UndeliveredAlarm", "Forwards"),
        ("AlarmSubscription", "WritesAlarms"),
    ],
)
def test_what_an_alarm_needs_exists_where_the_alarm_does(name: str, condition: str):
    """If only some of them existed, a deployment would fail, or an alarm would reach nobody."""
    assert resources(ORGANIZATION_EVENTS)[name].get("Condition") == condition
