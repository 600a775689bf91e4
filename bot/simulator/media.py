"""Pictures and recordings, kept for three days as the platform keeps temporary media."""

import secrets
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.errors import ApiError

LIFETIME = timedelta(days=3)
MAX_IMAGE_BYTES = 10 * 1024 * 1024
MAX_OTHER_BYTES = 10 * 1024 * 1024
MAX_STORED = 500

_IMAGE_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
# A frame of AMR at 12.2 kbit/s lasts 20 milliseconds.
_SILENT_FRAME = b"\x3c".ljust(32, b"\x00")
_FRAMES_A_SECOND = 50


@dataclass(frozen=True)
class Media:
    media_id: str
    kind: str
    content_type: str
    stored_at: datetime
    content: bytes = field(repr=False)


class MediaStore:
    def __init__(self, *, new_id: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> None:
        self._new_id = new_id
        self._media: OrderedDict[str, Media] = OrderedDict()

    def add_image(self, content: bytes, now: datetime) -> Media:
        """Store a picture after looking at what it is, not at what it is called."""
        if not content:
            raise ApiError(41005)
        if len(content) > MAX_IMAGE_BYTES:
            raise ApiError(45001)
        return self._add("image", image_type(content), content, now)

    def add_recording(self, content: bytes, now: datetime) -> Media:
        return self._add("voice", "voice/amr", content, now)

    def add_video(self, content: bytes, now: datetime) -> Media:
        if not content:
            raise ApiError(41005)
        if len(content) > MAX_OTHER_BYTES:
            raise ApiError(45001)
        return self._add("video", "video/mp4", content, now)

    def add_other(self, kind: str, content: bytes, now: datetime) -> Media:
        if not content:
            raise ApiError(41005)
        if len(content) > MAX_OTHER_BYTES:
            raise ApiError(45001)
        return self._add(kind, "application/octet-stream", content, now)

    def get(self, media_id: str, now: datetime) -> Media:
        media = self._media.get(media_id)
        if media is None or now - media.stored_at > LIFETIME:
            raise ApiError(40007)
        return media

    def clear(self) -> None:
        self._media.clear()

    def _add(self, kind: str, content_type: str, content: bytes, now: datetime) -> Media:
        media = Media(self._new_id(), kind, content_type, now, content)
        self._media[media.media_id] = media
        while len(self._media) > MAX_STORED:
            self._media.popitem(last=False)
        return media


def image_type(content: bytes) -> str:
    for start, content_type in _IMAGE_STARTS:
        if content.startswith(start):
            return content_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise ApiError(40137)


def silent_recording(seconds: int) -> bytes:
    """Return an AMR file of that length in which nothing is said."""
    return b"#!AMR\n" + _SILENT_FRAME * (_FRAMES_A_SECOND * seconds)


def sample_video(seconds: int = 5) -> bytes:
    """Return an MP4 file that tells its length and shows nothing, for who has no video at hand."""
    header = struct.pack("!IIIII", 0, 0, 0, 1000, seconds * 1000)
    header += struct.pack("!IH10x", 0x00010000, 0x0100)
    header += struct.pack("!9I", 0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000)
    header += bytes(24) + struct.pack("!I", 1)
    return b"".join((
        _box(b"ftyp", b"isom" + struct.pack("!I", 512) + b"isomiso2mp41"),
        _box(b"moov", _box(b"mvhd", header)),
        _box(b"mdat", b""),
    ))  # fmt: skip


def _box(name: bytes, inside: bytes) -> bytes:
    return struct.pack("!I", len(inside) + 8) + name + inside


def sample_picture(width: int = 320, height: int = 240) -> bytes:
    """Draw a PNG of a sky over a road, for tests and for citizens without a picture at hand."""
    rows = bytearray()
    for y in range(height):
        sky = y < height * 2 // 3
        colour = (120 + y // 3, 170 + y // 4, 225) if sky else (110, 112 + y % 3, 116)
        rows += b"\x00" + bytes(colour) * width
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    )
