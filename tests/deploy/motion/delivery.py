"""Lambda's event source mapping: takes messages from the queue, hands them to the function, deletes what is done."""

import time

from tests.support.programs import Failed, check


class Poller:
    """The deployed mapping, carried out. moto's own would run the function in Docker, so it is switched off there."""

    def __init__(self, cloud, account, region, configuration):
        mappings = cloud.client("lambda", account, region)
        found = mappings.list_event_source_mappings(FunctionName=configuration["FunctionName"])
        (self._mapping,) = found["EventSourceMappings"]
        mappings.update_event_source_mapping(UUID=self._mapping["UUID"], Enabled=False)
        self._arn = self._mapping["EventSourceArn"]
        self._sqs = cloud.client("sqs", account, region)
        self._url = self._sqs.get_queue_url(QueueName=self._arn.split(":")[-1])["QueueUrl"]
        told = self._sqs.get_queue_attributes(
            QueueUrl=configuration["Environment"]["Variables"]["QUEUE_URL"], AttributeNames=["QueueArn"]
        )
        check(told["Attributes"]["QueueArn"] == self._arn, "QUEUE_URL is not the queue that feeds the function")

    def deliver(self, function, seconds, wait=10):
        """Delivers the next messages that come within `wait` seconds to the function, which has `seconds` left. The
        ids of those that are to come again, and how often each has come by now."""
        messages = self._receive(wait)
        answer = function.answer_to({"Records": [self._record(message) for message in messages]}, seconds)
        # Without this setting Lambda does not look at the answer, and deletes everything.
        partial = "ReportBatchItemFailures" in self._mapping.get("FunctionResponseTypes", [])
        check("batchItemFailures" in answer, f"the answer {answer} is none to a batch")
        again = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]} if partial else set()
        for message in messages:
            if message["MessageId"] not in again:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return again, [int(message["Attributes"]["ApproximateReceiveCount"]) for message in messages]

    def _receive(self, wait):
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
        raise Failed(f"no message came within {wait} seconds")

    def is_empty(self):
        """Whether no message is in the queue, hidden ones included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return all(int(counts[name]) == 0 for name in names)

    def _record(self, message):
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
