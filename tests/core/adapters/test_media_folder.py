"""Bytes lie under their hash, whole or not at all."""

import hashlib
import os

import pytest

from core.adapters.media_folder import MediaFolder


@pytest.fixture
def folder(tmp_path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


def test_the_same_content_is_kept_once_under_its_hash(folder, tmp_path):
    assert folder.put(b"content") == folder.put(b"content")

    sha256 = hashlib.sha256(b"content").hexdigest()
    assert folder.path_of(sha256).read_bytes() == b"content"
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [sha256]


def test_putting_again_makes_it_new_so_that_sweeping_leaves_it(folder):
    sha256 = folder.put(b"content")
    os.utime(folder.path_of(sha256), (0, 0))

    folder.put(b"content")

    [kept] = folder.contents()
    assert kept.stored_at.year > 2000
    assert (kept.sha256, kept.size_bytes) == (sha256, 7)


def test_what_is_deleted_is_gone_and_may_be_deleted_twice(folder):
    sha256 = folder.put(b"content")

    folder.delete(sha256)
    folder.delete(sha256)

    assert folder.path_of(sha256) is None
    assert list(folder.contents()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "ab", "g" * 64, "A" * 64])
def test_nothing_but_a_hash_names_a_file(folder, name):
    with pytest.raises(ValueError, match="not a hash"):
        folder.path_of(name)
