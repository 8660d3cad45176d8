"""What an answer of AWS looks like: refused, empty, or with the accounts that were left out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

HEX32 = re.compile(r"[0-9a-f]{32}")
# GuardDuty's timestamps are strings of this one form.
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

Answer = dict[str, Any]


def refused(code: str, status: int, call: Callable[..., Answer], **parameters: object) -> str:
    """Makes the call, expects exactly this refusal, and returns its words."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    reply = caught.value.response
    assert (reply["Error"]["Code"], reply["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    return reply["Error"]["Message"]


def bad_request(words: str, call: Callable[..., Answer], **parameters: object):
    """GuardDuty refuses the whole call, in these words."""
    assert refused("BadRequestException", 400, call, **parameters) == words


def empty(answer: Answer):
    """Success without a word: status 200 and nothing in the body."""
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert set(answer) == {"ResponseMetadata"}


def unprocessed(answer: Answer, expected: dict[str, str]):
    """Every account of `expected` was left out for its reason, and no other account was left out."""
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert {entry["AccountId"]: entry["Result"] for entry in answer["UnprocessedAccounts"]} == expected
