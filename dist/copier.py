"""Copies the function's zip into the stack's bucket, if it has the SHA-256 that the template names.

It is a custom resource, whose id is the key and holds the sum: another zip is another resource, and an event that comes
twice does no harm.
"""

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from urllib.request import Request, urlopen

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

MOST_BYTES = 60_000_000
# In seconds; CloudFormation waits for 300.
LONGEST, TIMEOUT, PAUSES = 90, 20, (2, 4, 8, 16)

s3 = boto3.client("s3", config=Config(connect_timeout=TIMEOUT, read_timeout=TIMEOUT))


def handler(event: dict, _context: object):
    wanted = event["ResourceProperties"]
    bucket, key = wanted["Bucket"], key_of(wanted)
    # CloudFormation makes up an id where the answer to Create was lost.
    known = event.get("PhysicalResourceId", key)
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "SUCCESS", "PhysicalResourceId": known}
    try:
        if event["RequestType"] == "Delete":
            remove(bucket, known if re.fullmatch(r"function-[0-9a-f]{64}\.zip", known) else key)
        else:
            copy(wanted["Source"], wanted["Sha256"], bucket, key)
            answer["PhysicalResourceId"] = key
            # After an update whose answer was lost, CloudFormation does not know of its copy.
            other = key_of(event.get("OldResourceProperties", wanted))
            if known == key != other:
                remove(bucket, other)
    except Exception as error:
        answer |= {"Status": "FAILED", "Reason": f"{error!s:.1800}" or repr(error)}
    print(answer)
    # CloudFormation has signed the address for no content type.
    request = Request(event["ResponseURL"], json.dumps(answer).encode(), {"Content-Type": ""}, method="PUT")
    patiently(lambda: urlopen(request, timeout=TIMEOUT).close(), OSError)


def key_of(properties: dict) -> str:
    return f"function-{properties['Sha256']}.zip"


def copy(source: str, wanted: str, bucket: str, key: str):
    # S3 denies what is not there (AWS O5).
    with suppress(ClientError):
        if sha256(read(f"s3://{bucket}/{key}")).hexdigest() == wanted:
            return
    try:
        # IAM may take some seconds to give a role its new permissions.
        content = patiently(lambda: read(source), ClientError)
    except Exception as error:
        cure = "check FunctionZipAddress, and that this account may read it"
        raise ValueError(f"{source} gave no zip with the SHA-256 {wanted} but {error!s:.400}: {cure}") from error
    if (found := sha256(content).hexdigest()) != wanted:
        kind = "a zip" if content.startswith(b"PK") else "no zip, but a file"
        cure = "take the zip that was released with this template"
        raise ValueError(f"{source} is {kind} with the SHA-256 {found}, expected {wanted}: {cure}")
    patiently(lambda: s3.put_object(Bucket=bucket, Key=key, Body=content), ClientError)


def read(address: str) -> bytearray:
    if address.startswith("s3://"):
        bucket, key = address[5:].split("/", 1)
        more = s3.get_object(Bucket=bucket, Key=key)["Body"].read
    else:
        more = urlopen(address, timeout=TIMEOUT).read1
    content, end = bytearray(), time.monotonic() + LONGEST
    while part := more(1_000_000):
        content += part
        if len(content) > MOST_BYTES or time.monotonic() > end:
            raise ValueError(f"more than {MOST_BYTES} bytes or {LONGEST} seconds")
    return content


def remove(bucket: str, key: str):
    with suppress(s3.exceptions.NoSuchBucket):
        s3.delete_object(Bucket=bucket, Key=key)


def patiently(call: Callable, passing: type[Exception]) -> object:
    """What the call returns, made again after an error that may pass."""
    for pause in PAUSES:
        with suppress(passing):
            return call()
        time.sleep(pause)
    return call()
