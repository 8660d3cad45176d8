"""What the copier finds: zips on a web server or in S3, and the stack's bucket."""

import hashlib
import json
import uuid
from pathlib import Path
from urllib.parse import unquote, urlparse

import boto3

from tests.deploy.copier.custom_resource import Properties
from tests.deploy.copier.host import Host, Page

REGION = "eu-west-1"

# The copier's, by which its calls are told from ours.
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAI44QH8DHBEXAMPLE", "AWS_SECRET_ACCESS_KEY": "moto checks no signature"}

ZIP = b"PK\x03\x04 the first release"
OTHER_ZIP = b"PK\x03\x04 the second release"

# The actions that S3 asks a role for, by method. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
ACTIONS = {"GET": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}


def sum_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def key_of(content: bytes) -> str:
    return f"function-{sum_of(content)}.zip"


class Scene:
    """A bucket of its own for each test."""

    def __init__(self, moto: str, host: Host, record: Path):
        self.host = host
        self._record = record
        self.s3 = boto3.client(
            "s3",
            endpoint_url=moto,
            region_name=REGION,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="moto checks no signature",
        )
        self.bucket, self.release = (self._make(name) for name in ("code", "release"))

    def _make(self, name: str) -> str:
        bucket = f"{name}-{uuid.uuid4()}"
        self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        return bucket

    def on_the_web(self, content: bytes, path: str = "/release/function.zip") -> str:
        """Its address there, in place of what the path led to before."""
        self.host.pages[path] = [Page(content)]
        return self.host.address(path)

    def in_s3(self, content: bytes) -> str:
        self.s3.put_object(Bucket=self.release, Key="v1/function.zip", Body=content)
        return f"s3://{self.release}/v1/function.zip"

    def properties(self, source: str, wanted: bytes = ZIP) -> Properties:
        """Those of the custom resource, in a template that was released with the wanted zip."""
        return {"Source": source, "Sha256": sum_of(wanted), "Bucket": self.bucket}

    def copies(self) -> dict[str, bytes]:
        """What is in the stack's bucket."""
        keys = [entry["Key"] for entry in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]
        return {key: self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys}

    def calls(self) -> set[tuple[str, str, str]]:
        """Action, bucket and key of what the copier has asked S3 for in this test."""
        requests = [json.loads(line) for line in self._record.read_text(encoding="utf-8").splitlines()]
        made = set()
        for request in requests:
            if KEYS["AWS_ACCESS_KEY_ID"] in request["headers"].get("Authorization", ""):
                bucket, _, key = unquote(urlparse(request["url"]).path).lstrip("/").partition("/")
                made.add((ACTIONS[request["method"]], bucket, key))
        return {call for call in made if call[1] in (self.bucket, self.release)}
