"""What the function asked of moto, from moto's own record of the requests that it got."""

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

Request = dict[str, Any]


def _body(request: Request) -> str:
    body = request["body"] or ""
    return base64.b64decode(body).decode("utf-8", "replace") if request["body_encoded"] else body


def function_calls(record: Path) -> list[Request]:
    """The requests of the function, which alone is written with that SDK, oldest first."""
    requests = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return [request for request in requests if "aws-sdk-rust" in request["headers"].get("User-Agent", "")]


def assumed_roles(calls: Iterable[Request]) -> set[tuple[str, str | None]]:
    """Role and external id of each AssumeRole."""
    asked = [parse_qs(_body(call)) for call in calls]
    return {
        (form["RoleArn"][0], form.get("ExternalId", [None])[0])
        for form in asked
        if form.get("Action") == ["AssumeRole"]
    }


def expected_owners(calls: Iterable[Request]) -> set[str | None]:
    """The accounts that the calls to S3 expect the bucket to belong to; `None` for one that would take any bucket."""
    headers = [{name.lower(): value for name, value in call["headers"].items()} for call in calls]
    of_s3 = [found for found in headers if "/s3/aws4_request" in found.get("authorization", "")]
    return {found.get("x-amz-expected-bucket-owner") for found in of_s3}


def changed_objects(calls: Iterable[Request]) -> set[str]:
    """The paths of S3 that were not merely read. The other services take everything as a POST to /."""
    paths = {unquote(urlparse(call["url"]).path) for call in calls if call["method"] not in ("GET", "HEAD")}
    return paths - {"/"}
