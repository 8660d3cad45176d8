"""Lambda's event source mapping: takes messages from the queue, hands them to the function, deletes what is done."""

import time
from typing import Any, NamedTuple

from tests.deploy.motion.cloud import Cloud
from tests.deploy.motion.deployed_function import DeployedFunction

Message = dict[str, Any]


class Delivered(NamedTuple):
    """The ids of messages to redeliver, and how often each message has been delivered."""

    again: set[str]
    counts: list[int]


class EventSource:
    """The deployed mapping, carried out. moto's own would run the function in Docker, so it is switched off there."""

    def __init__(self, cloud: Cloud, account: str, region: str, configuration: dict[str, Any]):
        mappings = cloud.client("lambda", account, region)
        found = mappings.list_event_source_mappings(FunctionName=configuration["FunctionName"])
        (self._mapping,) = found["EventSourceMappings"]
        mappings.update_event_source_mapping(UUID=self._mapping["UUID"], Enabled=False)
        self._arn = self._mapping["EventSourceArn"]
        self._sqs = cloud.client("sqs", account, region)
        self._url = self._sqs.get_queue_url(QueueName=self._arn.split(":")[-1])["QueueUrl"]
        found = self._sqs.get_queue_attributes(
            QueueUrl=configuration["Environment"]["Variables"]["QUEUE_URL"], AttributeNames=["QueueArn"]
        )
        assert found["Attributes"]["QueueArn"] == self._arn, "QUEUE_URL is not the queue that feeds the function"

    def deliver(self, function: DeployedFunction, seconds: float, wait: float = 10) -> Delivered:
        """Delivers the next messages that come within `wait` seconds to the function, which has `seconds` left."""
        messages = self._receive(wait)
        answer = function.answer_to({"Records": [self._record(message) for message in messages]}, seconds)
        # Without this setting Lambda does not look at the answer, and deletes everything.
        partial = "ReportBatchItemFailures" in self._mapping.get("FunctionResponseTypes", [])
        assert "batchItemFailures" in answer, f"{answer} is no answer to a batch"
        again = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]} if partial else set()
        for message in messages:
            if message["MessageId"] not in again:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return Delivered(again, [int(message["Attributes"]["ApproximateReceiveCount"]) for message in messages])

    def _receive(self, wait: float) -> list[Message]:
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            received = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(self._mapping["BatchSize"], 10),
                WaitTimeSeconds=5,
                AttributeNames=["All"],
            )
            if received.get("Messages"):
                return received["Messages"]
        raise AssertionError(f"no message came within {wait} seconds")

    def is_empty(self) -> bool:
        """Whether no message is in the queue, hidden ones included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return all(int(counts[name]) == 0 for name in names)

    def _record(self, message: Message) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": message.get("MessageAttributes", {}),
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": self._arn.split(":")[3],
        }
