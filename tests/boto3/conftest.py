"""The simulator, and accounts that no test has used before; so the tests need no order, and may be repeated."""

import itertools
import os
import time
from collections.abc import Callable, Iterator

import pytest

from tests.boto3.accounts import Account
from tests.boto3.simulator import Simulator

LAST = "test_every_guardduty_operation_that_is_needed_was_called"

# Long enough to be seen, in milliseconds.
VERIFICATION = 300


def pytest_collection_modifyitems(items: list[pytest.Item]):
    items.sort(key=lambda item: item.name == LAST)


@pytest.fixture(scope="session")
def simulator() -> Simulator:
    simulator = Simulator(os.environ["AWS_ENDPOINT_URL"].rstrip("/"))
    assert simulator.tell("world", verificationMs=0) == (200, {})
    return simulator


@pytest.fixture
def slow_verification(simulator: Simulator) -> Iterator[None]:
    """The verification of an e-mail address takes its time."""
    simulator.tell("world", verificationMs=VERIFICATION)
    yield
    simulator.tell("world", verificationMs=0)


@pytest.fixture(scope="session")
def numbers() -> Iterator[str]:
    """Numbers of accounts that no walk has used for days."""
    return (f"{number:012}" for number in itertools.count(time.time_ns() // 1_000_000 % 1_000_000_000))


@pytest.fixture
def new_account(simulator: Simulator, numbers: Iterator[str]) -> Callable[[], Account]:
    """Makes an account without a detector."""
    return lambda: Account(simulator, next(numbers))


@pytest.fixture
def administrator(new_account: Callable[[], Account]) -> Account:
    return new_account().enable()


@pytest.fixture
def stranger(new_account: Callable[[], Account]) -> Account:
    """Another administrator, whose invitations members must not mix up with those of the first."""
    return new_account().enable()


@pytest.fixture
def member(new_account: Callable[[], Account]) -> Account:
    return new_account().enable()


@pytest.fixture
def second(new_account: Callable[[], Account]) -> Account:
    """Another member."""
    return new_account().enable()
