"""SNS: a topic takes what is published to it."""

import pytest

from tests.boto3.simulator import Simulator


def test_a_topic_takes_a_message(simulator: Simulator):
    sns = simulator.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    assert topic == sns.create_topic(Name="news")["TopicArn"]
    assert sns.publish(TopicArn=topic, Subject="team.csv: 1 enabled", Message="all is well")["MessageId"]


@pytest.mark.parametrize("subject", ["x" * 101, "caf\u00e9", "two\nlines"])
def test_a_subject_is_one_line_of_ascii(simulator: Simulator, subject: str):
    sns = simulator.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    with pytest.raises(sns.exceptions.InvalidParameterException):
        sns.publish(TopicArn=topic, Subject=subject, Message="y")
