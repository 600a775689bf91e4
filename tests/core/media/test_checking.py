"""What comes from outside is what its bytes are, and of a picture only what can be seen is kept."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.media.checking import LIMIT_BYTES, LONGEST_SIDE_PIXELS, check
from core.media.errors import ContentRefused
from core.media.states import MediaKind, Refusal
from tests.core.media.contents import (
    a_picture,
    a_picture_that_tells_where_it_was_taken,
    a_recording,
    a_video,
)


def refusal_of(content: bytes, kind: MediaKind) -> str:
    with pytest.raises(ContentRefused) as refused:
        check(content, kind)
    return str(refused.value.details["reason"])


def seen(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("form", "mime"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/png"),
        ("WEBP", "image/jpeg"),
        ("BMP", "image/jpeg"),
    ],
)
def test_pictures_of_every_usual_form_are_kept_as_jpeg_or_png(form, mime):
    checked = check(a_picture(form), MediaKind.IMAGE)

    assert checked.mime == mime
    assert (checked.width, checked.height) == (64, 48)
    assert seen(checked.data).size == (64, 48)


def test_a_kept_picture_tells_neither_place_nor_device_and_stands_upright():
    given_picture = a_picture_that_tells_where_it_was_taken()
    assert b"SomePhone" in given_picture

    checked = check(given_picture, MediaKind.IMAGE)

    assert (checked.width, checked.height) == (48, 64)
    assert len(seen(checked.data).getexif()) == 0
    assert b"SomePhone" not in checked.data


def test_what_hangs_behind_the_end_of_a_picture_is_not_kept():
    checked = check(a_picture() + b"<script>alert(1)</script>PK\x03\x04", MediaKind.IMAGE)

    assert b"script" not in checked.data


def test_a_large_picture_is_made_smaller_and_has_a_preview():
    checked = check(a_picture(size=(4000, 1000)), MediaKind.IMAGE)

    assert (checked.width, checked.height) == (LONGEST_SIDE_PIXELS, 750)
    assert seen(checked.preview).size == (480, 120)


def test_a_small_picture_is_its_own_preview():
    assert check(a_picture(), MediaKind.IMAGE).preview is None


def test_the_same_picture_is_kept_as_the_same_bytes():
    first, second = (check(a_picture(), MediaKind.IMAGE) for _ in range(2))

    assert first.data == second.data


def test_a_transparent_picture_stands_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(file, "PNG")

    assert seen(check(file.getvalue(), MediaKind.IMAGE).data).getpixel((1, 1)) == (255, 255, 255)


def a_png_that_says_it_is(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(bytes(64)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [8000, 12_000, 60_000])
def test_a_picture_that_would_swell_is_refused_before_it_is_decoded(side):
    bomb = a_png_that_says_it_is(side, side)

    assert refusal_of(bomb, MediaKind.IMAGE) == Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (b"", MediaKind.IMAGE, Refusal.EMPTY),
        (b"<html><body>no</body></html>", MediaKind.IMAGE, Refusal.WRONG_TYPE),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', MediaKind.IMAGE, Refusal.WRONG_TYPE),
        (b"MZ\x90\x00" + bytes(200), MediaKind.IMAGE, Refusal.WRONG_TYPE),
        (b"%PDF-1.7", MediaKind.IMAGE, Refusal.WRONG_TYPE),
        (a_video(), MediaKind.IMAGE, Refusal.WRONG_TYPE),
        (a_picture()[:400], MediaKind.IMAGE, Refusal.DAMAGED),
        (a_picture(), MediaKind.VOICE, Refusal.WRONG_TYPE),
        (b'{"errcode":40007}', MediaKind.VOICE, Refusal.WRONG_TYPE),
        (a_recording(), MediaKind.VIDEO, Refusal.WRONG_TYPE),
        (b"\xff", MediaKind.VOICE, Refusal.WRONG_TYPE),
        (bytes(LIMIT_BYTES[MediaKind.VOICE] + 1), MediaKind.VOICE, Refusal.TOO_LARGE),
    ],
)
def test_what_is_not_what_it_is_called_is_refused_with_its_reason(content, kind, reason):
    assert refusal_of(content, kind) == reason


@pytest.mark.parametrize(
    ("content", "kind", "mime", "seconds"),
    [
        (a_recording(3), MediaKind.VOICE, "audio/amr", 3.0),
        (b"#!AMR-WB\n" + b"\x44".ljust(61, b"\x00") * 50, MediaKind.VOICE, "audio/amr", 1.0),
        (b"#!AMR\n\x48", MediaKind.VOICE, "audio/amr", None),
        (b"ID3\x04" + bytes(20), MediaKind.VOICE, "audio/mpeg", None),
        (b"\xff\xfb\x90\x00", MediaKind.VOICE, "audio/mpeg", None),
        (b"OggS" + bytes(20), MediaKind.VOICE, "audio/ogg", None),
        (a_video(7), MediaKind.VIDEO, "video/mp4", 7.0),
        (a_video(7)[:44], MediaKind.VIDEO, "video/mp4", None),
    ],
)
def test_recordings_are_known_by_their_first_bytes(content, kind, mime, seconds):
    checked = check(content, kind)

    assert (checked.mime, checked.seconds, checked.data) == (mime, seconds, content)


@given(
    st.sampled_from(list(MediaKind)),
    st.sampled_from([b"", a_picture()[:300], a_recording(1)[:64], a_video()[:40], b"GIF89a"]),
    st.binary(max_size=300),
)
def test_whatever_comes_is_kept_or_refused_and_nothing_else(kind, beginning, rest):
    try:
        outcome = check(beginning + rest, kind).mime
    except ContentRefused as refused:
        outcome = str(refused.details["reason"])

    assert outcome in set(Refusal) or outcome.startswith(("image/", "audio/", "video/"))
