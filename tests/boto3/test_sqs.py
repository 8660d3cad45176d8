"""SQS: a message is hidden while it is worked on, redelivered, and given up in the end."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.boto3.simulator import ADMINISTRATOR, HOME, Client, Simulator

BODY = '{"walk": "\u00e9 & <more>"}'


class Queue:
    """A queue, and what is in it."""

    def __init__(self, sqs: Client, name: str, **attributes: str):
        self._sqs = sqs
        self._its = {"QueueUrl": sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]}

    def send(self, body: str):
        assert self._sqs.send_message(**self._its, MessageBody=body)["MessageId"]

    def receive(self, **parameters: object) -> list[dict[str, Any]]:
        return self._sqs.receive_message(**self._its, **parameters).get("Messages", [])

    def show_again(self, message: dict[str, Any]):
        handle = message["ReceiptHandle"]
        self._sqs.change_message_visibility(**self._its, ReceiptHandle=handle, VisibilityTimeout=0)

    def delete(self, message: dict[str, Any]):
        self._sqs.delete_message(**self._its, ReceiptHandle=message["ReceiptHandle"])

    def attributes(self) -> dict[str, str]:
        return self._sqs.get_queue_attributes(**self._its, AttributeNames=["All"])["Attributes"]


@pytest.fixture
def name(numbers: Iterator[str]) -> str:
    return f"walk-{next(numbers)}"


@pytest.fixture
def queue(simulator: Simulator, name: str) -> Queue:
    """A queue with a message."""
    queue = Queue(simulator.client("sqs"), name, VisibilityTimeout="60")
    queue.send(BODY)
    return queue


def test_a_queue_keeps_a_message(queue: Queue):
    attributes = queue.attributes()
    assert attributes["ApproximateNumberOfMessages"] == "1"
    assert attributes["VisibilityTimeout"] == "60"


def test_a_received_message_is_hidden_until_its_visibility_is_changed(queue: Queue):
    counted = {"MessageSystemAttributeNames": ["ApproximateReceiveCount"]}
    (message,) = queue.receive(**counted)
    assert message["Body"] == BODY
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert queue.receive(**counted) == []
    queue.show_again(message)
    (message,) = queue.receive(**counted)
    assert message["Attributes"]["ApproximateReceiveCount"] == "2"


def test_a_deleted_message_does_not_come_back(queue: Queue):
    (message,) = queue.receive()
    queue.show_again(message)
    (message,) = queue.receive()
    queue.delete(message)
    assert queue.receive() == []
    attributes = queue.attributes()
    assert attributes["ApproximateNumberOfMessages"] == "0"
    assert attributes["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_message_received_too_often_goes_to_the_dead_letter_queue(simulator: Simulator, name: str):
    sqs = simulator.client("sqs")
    dead = Queue(sqs, f"{name}-dead")
    arn = dead.attributes()["QueueArn"]
    assert arn == f"arn:aws:sqs:{HOME}:{ADMINISTRATOR}:{name}-dead"
    live = Queue(sqs, name, RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2}))
    live.send("unlucky")
    for _ in range(2):
        assert [message["Body"] for message in live.receive(VisibilityTimeout=0)] == ["unlucky"]
    assert live.receive() == []
    assert [message["Body"] for message in dead.receive()] == ["unlucky"]


def test_a_queue_that_does_not_exist_is_refused(simulator: Simulator, name: str):
    sqs = simulator.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as caught:
        sqs.send_message(QueueUrl=f"{url}-nothing", MessageBody="lost")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
