"""Runs the tests next to it against the simulator that AWS_ENDPOINT_URL names.

Nothing but a loopback address is accepted: pointed at AWS itself, they would switch GuardDuty on and off for real.
"""

import os
import sys
import urllib.parse
from pathlib import Path

import pytest


def main() -> int:
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if urllib.parse.urlsplit(endpoint).hostname not in ("127.0.0.1", "localhost", "::1"):
        sys.exit(f"AWS_ENDPOINT_URL is {endpoint!r}, expected the loopback address of a simulator")
    return pytest.main([str(Path(__file__).parent), *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
