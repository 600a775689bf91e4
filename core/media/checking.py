"""What bytes are by their content, whatever they are called; pictures are drawn anew.

A picture that has been decoded and encoded again holds what can be seen and nothing
else: no place, no device, nothing hidden behind its end.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from core.media.errors import ContentRefused
from core.media.recordings import amr_seconds, mp4_seconds
from core.media.states import MediaKind, Refusal

# What the platforms let citizens send, with room for what they do not say.
LIMIT_BYTES = {
    MediaKind.IMAGE: 12 * 1024 * 1024,
    MediaKind.VOICE: 4 * 1024 * 1024,
    MediaKind.VIDEO: 30 * 1024 * 1024,
}
# A photograph of today's phones; decoding it takes three bytes for each pixel.
MOST_PIXELS = 50_000_000
# A page of small print photographed whole is still legible in this.
LONGEST_SIDE_PIXELS = 3000
PREVIEW_SIDE_PIXELS = 480
# A drawing or a picture of a screen stays sharp as PNG; a large one is a photograph.
DRAWING_PIXELS = 4_000_000

_READABLE = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_DRAWN = {"PNG", "GIF"}
_QUALITY = 88


@dataclass(frozen=True, kw_only=True)
class CheckedContent:
    """Bytes that are what `mime` says. `preview` is a small picture of a large one."""

    kind: MediaKind
    data: bytes
    mime: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    preview: bytes | None = None


def check(content: bytes, kind: MediaKind) -> CheckedContent:
    """Return what is to be kept of the bytes, or raise ContentRefused."""
    if not content:
        raise ContentRefused(reason=Refusal.EMPTY)
    if len(content) > LIMIT_BYTES[kind]:
        raise ContentRefused(reason=Refusal.TOO_LARGE)
    if kind is MediaKind.IMAGE:
        return _picture(content)
    mime, seconds = _recording(content) if kind is MediaKind.VOICE else _film(content)
    return CheckedContent(kind=kind, data=content, mime=mime, seconds=seconds)


def _recording(content: bytes) -> tuple[str, float | None]:
    if content.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr", amr_seconds(content)
    if content.startswith(b"OggS"):
        return "audio/ogg", None
    is_mp3_frame = content[0] == 0xFF and content[1:2] >= b"\xe0" and content[1] & 0x06 == 0x02
    if content.startswith(b"ID3") or is_mp3_frame:
        return "audio/mpeg", None
    raise ContentRefused(reason=Refusal.WRONG_TYPE)


def _film(content: bytes) -> tuple[str, float | None]:
    if content[4:8] != b"ftyp":
        raise ContentRefused(reason=Refusal.WRONG_TYPE)
    return "video/mp4", mp4_seconds(content)


def _picture(content: bytes) -> CheckedContent:
    try:
        picture = Image.open(io.BytesIO(content), formats=_READABLE)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ContentRefused(reason=Refusal.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise ContentRefused(reason=Refusal.WRONG_TYPE) from None
    # Each of Pillow's readers fails in its own way on broken input.
    except Exception:
        raise ContentRefused(reason=Refusal.DAMAGED) from None
    with picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ContentRefused(reason=Refusal.TOO_MANY_PIXELS)
        try:
            return _drawn_anew(picture)
        except Exception:
            raise ContentRefused(reason=Refusal.DAMAGED) from None


def _drawn_anew(picture: Image.Image) -> CheckedContent:
    is_drawing = picture.format in _DRAWN and picture.width * picture.height <= DRAWING_PIXELS
    # Only JPEG heeds this: it is decoded no larger than needed.
    picture.draft("RGB", (LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
    upright = ImageOps.exif_transpose(picture)
    flat = _on_white(upright)
    flat.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
    data = _encoded(flat, "PNG" if is_drawing else "JPEG")
    preview = None
    if max(flat.size) > PREVIEW_SIDE_PIXELS:
        small = flat.copy()
        small.thumbnail((PREVIEW_SIDE_PIXELS, PREVIEW_SIDE_PIXELS))
        preview = _encoded(small, "JPEG")
    return CheckedContent(
        kind=MediaKind.IMAGE,
        data=data,
        mime="image/png" if is_drawing else "image/jpeg",
        width=flat.width,
        height=flat.height,
        preview=preview,
    )


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the pixels alone: no palette, no transparency, no facts about the picture."""
    seen = picture.convert("RGBA")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat


def _encoded(picture: Image.Image, form: str) -> bytes:
    file = io.BytesIO()
    if form == "PNG":
        picture.save(file, "PNG", optimize=True)
    else:
        picture.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return file.getvalue()
