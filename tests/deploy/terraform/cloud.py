"""The administrator account on moto, with buckets of the operator's."""

import boto3
from botocore.client import BaseClient

ACCOUNT = "123456789012"
KEYS = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "moto checks no signature"}

# As terraform/README.md has them.
REGION = "eu-west-1"
BUCKET = "example-deployments"

ELSEWHERE = "eu-central-1"
CHINA = "cn-north-1"


def bucket(region: str) -> str:
    """The operator's bucket in that Region."""
    return BUCKET if region == REGION else f"{BUCKET}-{region}"


class Cloud:
    """What moto has there."""

    def __init__(self, address: str):
        self.address = address
        for region in (REGION, ELSEWHERE, CHINA):
            location = {"LocationConstraint": region}
            self.client("s3", region).create_bucket(Bucket=bucket(region), CreateBucketConfiguration=location)

    def client(self, service: str, region: str = REGION) -> BaseClient:
        return boto3.client(service, endpoint_url=self.address, region_name=region, **KEYS)

    def uploaded(self) -> dict[str, bytes]:
        """The files in the operator's bucket, by their keys."""
        s3 = self.client("s3")
        keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}

    def stacks(self) -> list[dict[str, object]]:
        return self.client("cloudformation").describe_stacks()["Stacks"]
