"""What the copier copies, and what it says of what it does not copy."""

import pytest

from tests.deploy.copier.custom_resource import ANSWERS, Copier, CustomResource
from tests.deploy.copier.host import Host, Page
from tests.deploy.copier.scene import OTHER_ZIP, ZIP, Scene, key_of, sum_of

HTML = b"<!DOCTYPE html><title>Sign in</title>"

# What CloudFormation reads of an answer.
LONGEST_ANSWER = 4096


def test_the_zip_is_copied_and_its_key_is_the_resources_id(resource: CustomResource, scene: Scene):
    answer = resource.create(scene.properties(scene.on_the_web(ZIP)))
    assert answer.succeeded()
    assert answer.id == key_of(ZIP)
    assert scene.copies() == {key_of(ZIP): ZIP}


def test_the_answer_is_put_as_cloudformation_has_signed_it(resource: CustomResource, scene: Scene):
    answer = resource.create(scene.properties(scene.on_the_web(ZIP)))
    assert answer.put.path == ANSWERS
    assert answer.put.content_type == ""


def test_a_redirect_is_followed(resource: CustomResource, scene: Scene, host: Host):
    there = scene.on_the_web(ZIP, "/storage/123?token=ab%2Fcd")
    host.pages["/release/function.zip"] = [Page(status=302, headers={"Location": there})]
    assert resource.create(scene.properties(host.address("/release/function.zip"))).succeeded()
    assert scene.copies() == {key_of(ZIP): ZIP}


def test_a_zip_in_s3_is_copied(resource: CustomResource, scene: Scene):
    assert resource.create(scene.properties(scene.in_s3(ZIP))).succeeded()
    assert scene.copies() == {key_of(ZIP): ZIP}


def refused(resource: CustomResource, scene: Scene, source: str) -> str:
    """Why nothing was copied: in one sentence, with the address and the sum that was expected."""
    answer = resource.create(scene.properties(source))
    reason = answer.reason()
    assert source in reason
    assert sum_of(ZIP) in reason
    assert "\n" not in reason
    assert len(answer.put.body) <= LONGEST_ANSWER
    assert scene.copies() == {}
    assert resource.delete().succeeded(), "what has failed must be able to go"
    return reason


def test_another_zip_is_refused(resource: CustomResource, scene: Scene):
    reason = refused(resource, scene, scene.on_the_web(OTHER_ZIP))
    assert f"is a zip with the SHA-256 {sum_of(OTHER_ZIP)}" in reason
    assert "take the zip that was released with this template" in reason


def test_another_zip_in_s3_is_refused(resource: CustomResource, scene: Scene):
    assert f"is a zip with the SHA-256 {sum_of(OTHER_ZIP)}" in refused(resource, scene, scene.in_s3(OTHER_ZIP))


def test_a_page_in_place_of_the_zip_is_refused(resource: CustomResource, scene: Scene):
    reason = refused(resource, scene, scene.on_the_web(HTML))
    assert f"is no zip, but a file with the SHA-256 {sum_of(HTML)}" in reason


@pytest.mark.parametrize("status", [403, 404, 503])
def test_an_error_is_named(resource: CustomResource, scene: Scene, host: Host, status: int):
    host.pages["/release/function.zip"] = [Page(HTML, status)]
    reason = refused(resource, scene, host.address("/release/function.zip"))
    assert f"HTTP Error {status}" in reason
    assert "check FunctionZipAddress" in reason


def test_a_host_that_refuses_the_connection_is_named(resource: CustomResource, scene: Scene):
    with Host() as gone:
        source = gone.address("/release/function.zip")
    assert "Connection refused" in refused(resource, scene, source)


def test_a_host_that_says_nothing_is_not_waited_for(resource: CustomResource, scene: Scene, host: Host):
    resource.copier.constants["TIMEOUT"] = 1
    host.pages["/release/function.zip"] = [Page(ZIP, pause=5)]
    assert "timed out" in refused(resource, scene, host.address("/release/function.zip"))


def test_a_host_that_takes_too_long_is_not_waited_for(resource: CustomResource, scene: Scene, host: Host):
    resource.copier.constants["LONGEST"] = 1
    host.pages["/release/function.zip"] = [Page(ZIP * 10, pause=0.1)]
    assert "or 1 seconds" in refused(resource, scene, host.address("/release/function.zip"))


def test_too_large_a_file_is_not_read_to_its_end(resource: CustomResource, scene: Scene):
    source = scene.on_the_web(b"PK" + bytes(60_000_000))
    assert "more than 60000000 bytes" in refused(resource, scene, source)


def test_a_missing_object_is_named(resource: CustomResource, scene: Scene):
    reason = refused(resource, scene, f"s3://{scene.release}/v1/function.zip")
    assert "(NoSuchKey)" in reason
    assert "that this account may read it" in reason


def test_a_missing_bucket_is_named(resource: CustomResource, scene: Scene):
    assert "(NoSuchBucket)" in refused(resource, scene, f"s3://{scene.release}-not/function.zip")


def test_the_longest_answer_is_short_enough(resource: CustomResource, scene: Scene, host: Host):
    path = "/release/".ljust(1024 - len(host.address()), "x")
    host.pages[path] = [Page(status=404)]
    assert "check FunctionZipAddress" in refused(resource, scene, host.address(path))


# moto allows everything, so here the web server plays S3.
DENIED = Page(
    b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
    403,
    {"Content-Type": "application/xml"},
)


@pytest.fixture
def denied(copier: Copier, host: Host) -> CustomResource:
    """The resource where the role's permissions are what the pages say."""
    copier.environment["AWS_ENDPOINT_URL"] = host.address()
    return CustomResource(copier)


PROPERTIES = {"Source": "s3://release/v1/function.zip", "Sha256": sum_of(ZIP), "Bucket": "code"}


def test_a_role_whose_permissions_are_new_is_waited_for(denied: CustomResource, host: Host):
    host.pages[f"/code/{key_of(ZIP)}"] = [DENIED]
    host.pages["/release/v1/function.zip"] = [DENIED, DENIED, Page(ZIP)]
    assert denied.create(PROPERTIES).succeeded()
    assert [put.path for put in host.puts] == [f"/code/{key_of(ZIP)}", ANSWERS]


def test_a_copy_that_must_not_be_written_yet_is_tried_again(denied: CustomResource, host: Host):
    host.pages[f"/code/{key_of(ZIP)}"] = [DENIED]
    host.pages["/release/v1/function.zip"] = [Page(ZIP)]
    host.refusals = [403, 403]
    assert denied.create(PROPERTIES).succeeded()
    assert [put.path for put in host.puts] == 3 * [f"/code/{key_of(ZIP)}"] + [ANSWERS]


def test_a_denied_object_is_named(denied: CustomResource, host: Host):
    host.pages[f"/code/{key_of(ZIP)}"] = [DENIED]
    host.pages["/release/v1/function.zip"] = [DENIED]
    reason = denied.create(PROPERTIES).reason()
    assert PROPERTIES["Source"] in reason
    assert "(AccessDenied)" in reason
    assert "that this account may read it" in reason
    assert [put.path for put in host.puts] == [ANSWERS]


def test_the_answer_is_sent_again_if_it_is_not_taken(resource: CustomResource, scene: Scene, host: Host):
    host.refusals = [503, 500]
    assert resource.create(scene.properties(scene.on_the_web(ZIP))).succeeded()
    assert len(host.puts) == 3
