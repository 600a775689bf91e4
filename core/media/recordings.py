"""How long a recording lasts, read from its own bytes; None where they do not say."""

import struct

# RFC 4867, 5.3: bytes of a frame by its type, the byte with the type included. 20 ms each.
_NARROW_BAND = (13, 14, 16, 18, 20, 21, 27, 32, 6)
_WIDE_BAND = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)
_NO_DATA = {14: 1, 15: 1}
_FRAME_SECONDS = 0.02
_LONGEST_SECONDS = 24 * 60 * 60

_MOST_BOXES = 200


def amr_seconds(content: bytes) -> float | None:
    is_wide = content.startswith(b"#!AMR-WB\n")
    sizes = dict(enumerate(_WIDE_BAND if is_wide else _NARROW_BAND)) | _NO_DATA
    position = content.index(b"\n") + 1
    frames = 0
    while position < len(content):
        size = sizes.get(content[position] >> 3 & 0x0F)
        if size is None:
            return None
        position += size
        frames += 1
    return round(frames * _FRAME_SECONDS, 1) if frames else None


def mp4_seconds(content: bytes) -> float | None:
    """Read the length from moov/mvhd (ISO/IEC 14496-12, 8.2.2)."""
    moov = _box(content, b"moov", 0, len(content))
    header = _box(content, b"mvhd", *moov) if moov else None
    if header is None:
        return None
    start, _ = header
    try:
        if content[start] == 1:
            scale, length = struct.unpack_from(">IQ", content, start + 20)
        else:
            scale, length = struct.unpack_from(">II", content, start + 12)
    except (struct.error, IndexError):
        return None
    if not scale or not 0 < length / scale < _LONGEST_SECONDS:
        return None
    seconds: float = length / scale
    return round(seconds, 1)


def _box(content: bytes, name: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Return where the inside of the first box of this name begins and ends."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return None
        size, kind = struct.unpack_from(">I4s", content, start)
        inside = start + 8
        if size == 1 and start + 16 <= end:
            (size,) = struct.unpack_from(">Q", content, inside)
            inside += 8
        elif size == 0:
            size = end - start
        if size < inside - start:
            return None
        if kind == name:
            return inside, min(start + size, end)
        start += size
    return None
