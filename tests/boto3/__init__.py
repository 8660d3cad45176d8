"""Unmodified boto3 against the simulator: everything that it serves, and the mistakes that AWS documents."""

import pytest

# Their asserts say what they compare, as those of the tests do.
pytest.register_assert_rewrite("tests.boto3.accounts", "tests.boto3.answers", "tests.boto3.simulator")
