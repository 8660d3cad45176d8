"""What `sam deploy` begins with: samconfig.toml is what the documents count on."""

import re
import tomllib

import pytest

from tests.support.templates import Node, properties_of, read


def parameters_of(command: str) -> Node:
    return tomllib.loads(read("samconfig.toml"))["default"][command]["parameters"]


@pytest.mark.parametrize("page", ["docs/deploy.md", "docs/operate.md"])
def test_the_stack_has_the_name_that_commands_in_the_documents_use(page: str):
    # Stacks of other templates are in us-east-1 there.
    names = re.findall(r"^(?=.*eu-west-1).*--stack-name ([\w-]+)", read(page), flags=re.MULTILINE)
    assert set(names) == {parameters_of("global")["stack_name"]}


def test_sam_may_make_a_role_with_a_name():
    """The roles in the member accounts trust the function's role by its name."""
    assert [role for role in properties_of("AWS::IAM::Role").values() if "RoleName" in role]
    assert parameters_of("deploy")["capabilities"] == "CAPABILITY_NAMED_IAM"


def test_sam_shows_what_it_would_change_and_asks():
    assert parameters_of("deploy")["confirm_changeset"] is True


def test_sam_finds_a_bucket_for_the_code_by_itself():
    assert parameters_of("deploy")["resolve_s3"] is True
