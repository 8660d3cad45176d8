"""Updates, rollbacks and deletion: what stays in the bucket, and that nothing is left to keep it from going."""

from tests.deploy.copier.custom_resource import CustomResource
from tests.deploy.copier.host import Host, Page
from tests.deploy.copier.scene import OTHER_ZIP, ZIP, Scene, key_of

# More often than the copier tries.
NEVER = 10 * [500]

SOMETHING_ELSE = {"function-notes.txt": b"somebody's"}


def created(resource: CustomResource, scene: Scene):
    """The first release is installed; somebody else has put something into the bucket, too."""
    scene.s3.put_object(Bucket=scene.bucket, Key="function-notes.txt", Body=b"somebody's")
    assert resource.create(scene.properties(scene.on_the_web(ZIP))).succeeded()


def update_to_the_second_release(resource: CustomResource, scene: Scene):
    """At the same address, where the first one is no more."""
    assert resource.update(scene.properties(scene.on_the_web(OTHER_ZIP), OTHER_ZIP)).succeeded()


def deleted(resource: CustomResource, scene: Scene):
    assert resource.delete().succeeded()
    assert scene.copies() == SOMETHING_ELSE


def test_another_zip_is_another_resource_and_the_first_one_goes_with_the_cleanup(
    resource: CustomResource, scene: Scene
):
    created(resource, scene)
    update_to_the_second_release(resource, scene)
    assert resource.id == key_of(OTHER_ZIP)
    assert scene.copies() == {key_of(ZIP): ZIP, key_of(OTHER_ZIP): OTHER_ZIP, **SOMETHING_ELSE}

    (answer,) = resource.clean_up()
    assert answer.succeeded()
    assert scene.copies() == {key_of(OTHER_ZIP): OTHER_ZIP, **SOMETHING_ELSE}
    deleted(resource, scene)


def test_another_address_of_the_same_zip_is_the_same_resource_and_nothing_is_fetched(
    resource: CustomResource, scene: Scene
):
    created(resource, scene)
    assert resource.update(scene.properties("https://example.com/not-asked.zip")).succeeded()
    assert resource.clean_up() == []
    assert scene.copies() == {key_of(ZIP): ZIP, **SOMETHING_ELSE}


def test_a_copy_that_was_changed_is_made_again(resource: CustomResource, scene: Scene):
    created(resource, scene)
    scene.s3.put_object(Bucket=scene.bucket, Key=key_of(ZIP), Body=b"PK something else")
    assert resource.update(scene.properties(scene.on_the_web(ZIP, "/elsewhere.zip"))).succeeded()
    assert scene.copies() == {key_of(ZIP): ZIP, **SOMETHING_ELSE}


def test_an_update_to_a_wrong_zip_fails_and_its_rollback_needs_no_source(resource: CustomResource, scene: Scene):
    created(resource, scene)
    before = resource.properties
    wrong = resource.update(scene.properties(scene.on_the_web(b"PK neither"), OTHER_ZIP))
    assert "is a zip with" in wrong.reason()
    assert resource.id == key_of(ZIP)

    assert resource.update(before).succeeded()
    assert resource.clean_up() == []
    assert scene.copies() == {key_of(ZIP): ZIP, **SOMETHING_ELSE}
    deleted(resource, scene)


def test_the_rollback_of_a_copy_that_succeeded_needs_no_source_and_leaves_nothing(
    resource: CustomResource, scene: Scene
):
    """Something else in the stack has failed after it."""
    created(resource, scene)
    before = resource.properties
    update_to_the_second_release(resource, scene)
    resource.replaced.clear()

    assert resource.update(before).succeeded()
    assert resource.id == key_of(ZIP)
    (answer,) = resource.clean_up()
    assert answer.succeeded()
    assert scene.copies() == {key_of(ZIP): ZIP, **SOMETHING_ELSE}
    deleted(resource, scene)


def test_an_update_whose_answer_was_lost_leaves_nothing(resource: CustomResource, scene: Scene, host: Host):
    created(resource, scene)
    before = resource.properties
    host.refusals = list(NEVER)
    assert resource.update(scene.properties(scene.on_the_web(OTHER_ZIP), OTHER_ZIP)) is None
    assert key_of(OTHER_ZIP) in scene.copies()

    host.refusals.clear()
    assert resource.update(before).succeeded()
    assert resource.clean_up() == []
    assert scene.copies() == {key_of(ZIP): ZIP, **SOMETHING_ELSE}
    deleted(resource, scene)


def test_a_creation_whose_answer_was_lost_leaves_nothing(resource: CustomResource, scene: Scene, host: Host):
    host.refusals = list(NEVER)
    assert resource.create(scene.properties(scene.on_the_web(ZIP))) is None
    assert scene.copies()

    host.refusals.clear()
    assert resource.delete().succeeded()
    assert scene.copies() == {}


def test_an_event_that_comes_twice_does_no_harm(resource: CustomResource, scene: Scene, host: Host):
    """Lambda runs it again after an error, and says itself that an event may come twice."""
    created(resource, scene)
    properties = resource.properties
    host.pages["/release/function.zip"] = [Page(status=404)]
    again = resource.create(properties)
    assert again.succeeded()
    assert again.id == key_of(ZIP)
    assert scene.copies() == {key_of(ZIP): ZIP, **SOMETHING_ELSE}


def test_deleting_twice_succeeds_twice(resource: CustomResource, scene: Scene):
    created(resource, scene)
    deleted(resource, scene)
    deleted(resource, scene)


def test_a_bucket_that_is_gone_keeps_no_stack_from_going(resource: CustomResource, scene: Scene):
    assert resource.create(scene.properties(scene.on_the_web(ZIP))).succeeded()
    scene.s3.delete_object(Bucket=scene.bucket, Key=key_of(ZIP))
    scene.s3.delete_bucket(Bucket=scene.bucket)
    assert resource.delete().succeeded()


def test_an_id_of_another_form_is_no_key_to_delete(resource: CustomResource, scene: Scene):
    created(resource, scene)
    resource.id = "function-notes.txt"
    answer = resource.delete()
    assert answer.succeeded()
    assert answer.id == "function-notes.txt"
    assert scene.copies() == SOMETHING_ELSE


def test_deleting_reads_and_fetches_nothing(resource: CustomResource, scene: Scene, host: Host):
    created(resource, scene)
    host.gets.clear()
    deleted(resource, scene)
    assert host.gets == []
