"""What `sam build` builds: the function alone, from the lock file."""

import tomllib

from tests.support.templates import read, resources

MANIFEST = tomllib.loads(read("Cargo.toml"))


def test_sam_has_cargo_lambda_build_the_function():
    metadata = resources()["Function"]["Metadata"]
    assert metadata["BuildMethod"] == "rust-cargolambda"
    assert metadata["BuildProperties"] == {"Binary": MANIFEST["package"]["name"]}


def test_cargo_lambda_builds_it_alone_from_the_lock_file():
    """Otherwise Cargo unites the features of all default members of the workspace."""
    build = MANIFEST["workspace"]["metadata"]["lambda"]["build"]
    assert build == {"packages": [MANIFEST["package"]["name"]], "locked": True}
    # This would take the place of the workspace's.
    assert "lambda" not in MANIFEST["package"].get("metadata", {})
