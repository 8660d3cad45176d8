"""S3: lists are uploaded and read, in versions."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.boto3.answers import refused
from tests.boto3.simulator import ADMINISTRATOR, Client, Simulator

# Blank, plus and a letter outside ASCII, each of which is written differently in a URL.
KEY = "accounts/our team+\u00e9.csv"


class Bucket:
    """A bucket, with S3's operations on it."""

    def __init__(self, s3: Client, name: str):
        self._s3 = s3
        self.name = name
        s3.create_bucket(Bucket=name)

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        call = getattr(self._s3, operation)
        return lambda **parameters: call(Bucket=self.name, **parameters)

    def read(self, key: str, **parameters: str) -> bytes:
        return self.get_object(Key=key, **parameters)["Body"].read()

    def pages(self, **parameters: object) -> Iterator[list[str]]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, **parameters):
            yield [entry["Key"] for entry in page["Contents"]]


@pytest.fixture
def bucket(simulator: Simulator, numbers: Iterator[str]) -> Bucket:
    return Bucket(simulator.client("s3"), f"walk-uploads-{next(numbers)}")


@pytest.fixture
def versions(bucket: Bucket) -> list[str]:
    """Two uploads of one object. Unlike S3's own, a bucket of the simulator keeps versions from the start."""
    answers = [bucket.put_object(Key=KEY, Body=body) for body in (b"first\n", b"second\n")]
    assert all(answer["ETag"] for answer in answers)
    return [answer["VersionId"] for answer in answers]


def test_each_upload_of_an_object_is_a_version(versions: list[str]):
    assert len(set(versions)) == 2


def test_an_object_is_read_as_it_is_now_and_as_it_was(bucket: Bucket, versions: list[str]):
    now = bucket.get_object(Key=KEY)
    assert (now["Body"].read(), now["VersionId"]) == (b"second\n", versions[1])
    first = bucket.get_object(Key=KEY, VersionId=versions[0])
    assert (first["Body"].read(), first["VersionId"]) == (b"first\n", versions[0])


def test_an_objects_size_is_known_without_reading_it(bucket: Bucket, versions: list[str]):
    head = bucket.head_object(Key=KEY)
    assert (head["ContentLength"], head["VersionId"]) == (7, versions[1])


def test_an_object_is_read_only_if_it_still_is_what_it_was(bucket: Bucket, versions: list[str]):
    assert bucket.read(KEY, IfMatch=bucket.head_object(Key=KEY)["ETag"]) == b"second\n"
    stale = bucket.head_object(Key=KEY, VersionId=versions[0])["ETag"]
    refused("PreconditionFailed", 412, bucket.get_object, Key=KEY, IfMatch=stale)


@pytest.mark.usefixtures("versions")
def test_an_object_is_read_in_part(bucket: Bucket):
    answer = bucket.get_object(Key=KEY, Range="bytes=0-2")
    assert (answer["Body"].read(), answer["ContentRange"]) == (b"sec", "bytes 0-2/7")


def test_a_large_object_comes_back_as_it_went(bucket: Bucket):
    body = bytes(range(256)) * 4096
    bucket.put_object(Key="large", Body=body)
    assert bucket.read("large") == body


@pytest.mark.usefixtures("versions")
def test_objects_are_listed_by_prefix(bucket: Bucket):
    for key in ("accounts/second.csv", "large"):
        bucket.put_object(Key=key, Body=b"")
    found = bucket.list_objects_v2(Prefix="accounts/")["Contents"]
    assert [(entry["Key"], entry["Size"]) for entry in found] == [(KEY, 7), ("accounts/second.csv", 0)]


@pytest.mark.usefixtures("versions")
def test_objects_are_listed_in_pages(bucket: Bucket):
    for key in ("accounts/second.csv", "large"):
        bucket.put_object(Key=key, Body=b"")
    pages = bucket.pages(PaginationConfig={"PageSize": 1})
    assert list(pages) == [[KEY], ["accounts/second.csv"], ["large"]]


def test_versions_are_listed_with_their_delete_markers(bucket: Bucket, versions: list[str]):
    marker = bucket.delete_object(Key=KEY)["VersionId"]
    bucket.put_object(Key="large", Body=b"")
    listed = bucket.list_object_versions(Prefix="accounts/")
    assert [(entry["VersionId"], entry["Key"], entry["IsLatest"]) for entry in listed["Versions"]] == [
        (versions[1], KEY, False),
        (versions[0], KEY, False),
    ]
    assert [(entry["VersionId"], entry["IsLatest"]) for entry in listed["DeleteMarkers"]] == [(marker, True)]


def test_versions_are_listed_in_pages(simulator: Simulator, bucket: Bucket, versions: list[str]):
    large = bucket.put_object(Key="large", Body=b"")["VersionId"]
    paginator = simulator.client("s3").get_paginator("list_object_versions")
    pages = paginator.paginate(Bucket=bucket.name, PaginationConfig={"PageSize": 1})
    found = [[entry["VersionId"] for entry in page["Versions"]] for page in pages]
    assert found == [[versions[1]], [versions[0]], [large]]


@pytest.mark.parametrize(
    ("action", "operation"),
    [("s3:ListBucket", "list_objects_v2"), ("s3:ListBucketVersions", "list_object_versions")],
)
def test_a_session_may_be_bound_to_lists_of_a_prefix(simulator: Simulator, bucket: Bucket, action: str, operation: str):
    condition = {"StringLike": {"s3:prefix": "accounts/*"}}
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition}
    keys = simulator.assume(ADMINISTRATOR, Policy=json.dumps({"Statement": [statement]}))
    call = getattr(simulator.client("s3", keys=keys), operation)
    assert call(Bucket=bucket.name, Prefix="accounts/")["IsTruncated"] is False
    refused("AccessDenied", 403, call, Bucket=bucket.name)
    refused("AccessDenied", 403, call, Bucket=bucket.name, Prefix="large")


def test_what_is_missing_is_refused_in_s3s_own_names(simulator: Simulator, bucket: Bucket, versions: list[str]):
    bucket.put_object(Key="large", Body=b"")
    s3, nothing = simulator.client("s3"), f"{bucket.name}-nothing"
    refused("NoSuchKey", 404, bucket.get_object, Key="missing")
    refused("NoSuchBucket", 404, s3.get_object, Bucket=nothing, Key=KEY)
    refused("NoSuchBucket", 404, s3.list_objects_v2, Bucket=nothing)
    refused("NoSuchVersion", 404, bucket.get_object, Key="large", VersionId=versions[0])
    refused("404", 404, bucket.head_object, Key="missing")


def test_a_deleted_object_leaves_its_versions(bucket: Bucket, versions: list[str]):
    assert bucket.delete_object(Key=KEY)["DeleteMarker"] is True
    refused("NoSuchKey", 404, bucket.get_object, Key=KEY)
    assert bucket.read(KEY, VersionId=versions[0]) == b"first\n"
    assert bucket.list_objects_v2()["KeyCount"] == 0
