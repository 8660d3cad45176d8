"""The Terraform module's inputs are the stack's parameters. terraform.sh tries the module itself."""

import pytest

from dist.variables import NOT_IN_GO, variables
from tests.support.templates import parameters, read

VARIABLES = "terraform/variables.tf"

# The function refuses these when it starts, and CloudFormation before.
LEFT_TO_CLOUDFORMATION = {"ReportPrefix"}


def test_the_inputs_are_those_that_the_template_gives():
    assert read(VARIABLES) == variables(), f"make it again: python -m dist.variables {VARIABLES}"


def test_terraform_checks_every_pattern_that_it_can_read():
    found = {name for name, entry in parameters().items() if NOT_IN_GO.search(entry.get("AllowedPattern", ""))}
    assert found == LEFT_TO_CLOUDFORMATION


@pytest.mark.parametrize("pattern", [r"^(?!a)b", r"a(?=b)", r"(?<=a)b", r"(?<!a)b", r"(a)\1"])
def test_a_pattern_is_left_to_cloudformation_if_go_cannot_read_it(pattern: str):
    assert NOT_IN_GO.search(pattern)


@pytest.mark.parametrize("pattern", [r"^(?:a|b)$", r"\.\\", r"\(\?"])
def test_a_pattern_that_go_reads_is_checked(pattern: str):
    assert not NOT_IN_GO.search(pattern)
