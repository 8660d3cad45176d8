"""What is in a release: the same program as `sam build` makes, the sums of everything, and nothing of this machine."""

import hashlib
import os
import subprocess
import tarfile
import tomllib
import zipfile
from pathlib import Path

from dist.archive import SUMS
from dist.from_release import from_release
from dist.stack import plain
from dist.template import parse
from tests.deploy.archive.conftest import PROCESSOR
from tests.deploy.built import glibc_versions
from tests.deploy.test_lint import TOOLS, lint
from tests.support.templates import ROOT, read

VERSION = tomllib.loads(read("Cargo.toml"))["workspace"]["package"]["version"]
NAME = f"guardduty-onboarding-{VERSION}-{PROCESSOR}"


def test_the_files_have_the_version_and_the_processor_in_their_names(out: Path):
    expected = {f"{NAME}.zip", f"{NAME}.tar.gz", f"stack-from-release-{PROCESSOR}.yaml", SUMS}
    assert {path.name for path in out.iterdir()} >= expected


def test_the_function_is_the_program_that_sam_builds(zipped: Path, built: Path):
    with zipfile.ZipFile(zipped) as archive:
        assert archive.read("bootstrap") == built.read_bytes()


def test_the_zip_holds_bootstrap_alone_which_everybody_may_run(zipped: Path):
    with zipfile.ZipFile(zipped) as archive:
        (entry,) = archive.infolist()
    assert entry.filename == "bootstrap"
    assert oct(entry.external_attr >> 16) == "0o100755"
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_the_sums_are_those_of_all_files(out: Path, unpacked: Path):
    for folder in (out, unpacked):
        checked = subprocess.run(
            ["sha256sum", "--check", SUMS], cwd=folder, capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        summed = {line.split("  ", 1)[1] for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()}
        assert summed == {str(path.relative_to(folder)) for path in files(folder)} - {SUMS}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_archive_tells_nothing_of_who_packed_it(packed: Path):
    with tarfile.open(packed) as archive:
        for entry in archive:
            assert (entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, 0, "", ""), entry.name
            assert entry.name == NAME or entry.name.startswith(f"{NAME}/")
            assert oct(entry.mode) in ("0o755", "0o644"), entry.name


def test_the_archive_has_what_the_documents_say(unpacked: Path, zipped: Path):
    assert (unpacked / "function.zip").read_bytes() == zipped.read_bytes()
    for folder in ("templates", "terraform", "docs"):
        kept = {path.name for path in (ROOT / folder).iterdir() if not path.name.startswith(".terraform")}
        assert {path.name for path in (unpacked / folder).iterdir()} == kept
    assert {path.name for path in (unpacked / "completions").iterdir()} == {"gdo.bash", "gdo.fish", "_gdo"}
    assert {"gdo.1", "gdo-plan.1", "gdo-apply.1"} <= {path.name for path in (unpacked / "man").iterdir()}


def test_its_records_are_whole_or_left_out(unpacked: Path):
    records = {"guardduty-onboarding.cdx.json", "gdo.cdx.json", "THIRD-PARTY-LICENSES.txt"}
    found = records & {path.name for path in unpacked.iterdir()}
    assert found in (records, set())
    # The list of its packages, which cargo-auditable writes into a program.
    assert (b".dep-v0" in (unpacked / "bin/gdo").read_bytes()) == bool(found)


def test_its_gdo_runs_and_has_the_version(unpacked: Path):
    run = subprocess.run([unpacked / "bin/gdo", "--version"], capture_output=True, text=True, env={}, check=True)
    assert run.stdout == f"gdo {VERSION}\n"


def test_its_gdo_needs_the_c_library_that_the_document_says(unpacked: Path):
    newest = ".".join(map(str, glibc_versions((unpacked / "bin/gdo").read_bytes())[-1]))
    assert f"(glibc {newest})" in read("docs/gdo.md")


def test_its_templates_are_made_from_the_one_template(out: Path, unpacked: Path, zipped: Path):
    assert parse((unpacked / "stack.yaml").read_text(encoding="utf-8")) == plain(PROCESSOR)
    sum_of_zip = hashlib.sha256(zipped.read_bytes()).hexdigest()
    console = (out / f"stack-from-release-{PROCESSOR}.yaml").read_text(encoding="utf-8")
    address = os.environ.get("RELEASE_ADDRESS")
    assert parse(console) == from_release(PROCESSOR, sum_of_zip, f"{address}/{zipped.name}" if address else "")
    assert (unpacked / "stack-from-release.yaml").read_text(encoding="utf-8") == console


def test_its_templates_have_no_lint(unpacked: Path):
    # W3002: only `aws cloudformation package` makes of the zip beside it what CloudFormation takes.
    strict = ("--non-zero-exit-code", "informational", "--include-checks", "I", "--ignore-checks", "W3002")
    lint(TOOLS / "cfn-lint", *strict, "--", unpacked / "stack.yaml", unpacked / "stack-from-release.yaml")
