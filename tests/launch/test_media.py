"""Media are erased by age with a dry run first; what nothing names is found."""

import os
from datetime import timedelta

import pytest

from core.adapters.media_folder import MediaFolder
from core.media.states import AttachmentState
from launch.media import clean, look
from tests.core.media.contents import a_picture
from tests.core.media.scenes import a_photo, attachment, is_stored


@pytest.fixture
def store(tmp_path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


def long_ago(store: MediaFolder) -> None:
    for content in store.contents():
        place = store.path_of(content.sha256)
        assert place is not None
        os.utime(place, (1_600_000_000, 1_600_000_000))


@pytest.fixture
def old_and_new(core, clock, store):
    """A picture of a year ago and one of now; their bytes differ."""
    old = a_photo(core)
    is_stored(core, store, old, a_picture(size=(900, 600)))
    clock.advance(timedelta(days=365))
    new = a_photo(core)
    is_stored(core, store, new, a_picture())
    long_ago(store)
    return old, new


def test_looking_changes_nothing(core, clock, store, old_and_new):
    old, _new = old_and_new

    found = look(core, store, before=clock.now - timedelta(days=100))

    assert found.message_ids == (old,)
    assert found.attached_bytes == attachment(core, old).file.size_bytes
    assert (found.orphans, found.missing) == ((), ())
    assert len(list(store.contents())) == 3


def test_what_is_old_is_erased_with_its_preview_and_the_new_stays(core, clock, store, old_and_new):
    old, new = old_and_new

    swept = clean(core, store, look(core, store, before=clock.now - timedelta(days=100)))

    assert swept == 2
    assert attachment(core, old).state is AttachmentState.ERASED
    [left] = store.contents()
    assert left.sha256 == attachment(core, new).sha256


def test_one_conversation_can_be_erased_alone(core, clock, store, old_and_new):
    _old, new = old_and_new
    conversation_id = attachment(core, new).conversation_id

    found = look(core, store, before=clock.now + timedelta(days=1), conversation_id=conversation_id)

    assert found.message_ids == (new,)


def test_bytes_that_nothing_names_are_swept_once_they_are_not_new(core, clock, store):
    store.put(b"left behind by a killed worker")
    long_ago(store)
    clock.now = clock.now.replace(year=2030)
    fresh = store.put(b"a row will name it in a moment")
    os.utime(store.path_of(fresh), (clock.now.timestamp(), clock.now.timestamp()))

    found = look(core, store, before=clock.now)

    assert [content.size_bytes for content in found.orphans] == [30]
    assert clean(core, store, found) == 1
    assert [content.sha256 for content in store.contents()] == [fresh]


def test_a_row_whose_bytes_are_gone_is_told(core, clock, store):
    kept = is_stored(core, store, a_photo(core))
    store.delete(kept.sha256)

    assert look(core, store, before=clock.now).missing == (kept.sha256,)


def test_what_came_home_again_after_looking_is_not_swept(core, clock, store, old_and_new):
    old, _new = old_and_new
    found = look(core, store, before=clock.now - timedelta(days=100))
    again = a_photo(core)
    is_stored(core, store, again, a_picture(size=(900, 600)))

    clean(core, store, found)

    assert attachment(core, old).state is AttachmentState.ERASED
    assert store.path_of(attachment(core, again).sha256) is not None
