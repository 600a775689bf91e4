"""Small files of each kind, made here and now."""

import io
import struct

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


def a_picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    file = io.BytesIO()
    picture = Image.new("RGB", size, (180, 60, 40))
    picture.putpixel((0, 0), (0, 0, 255))
    picture.save(file, form, **options)
    return file.getvalue()


def a_picture_that_tells_where_it_was_taken() -> bytes:
    facts = Image.Exif()
    facts[Base.Orientation] = 6  # lies on its side
    facts[Base.Make] = "SomePhone"
    facts.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (37.0, 2.0, 30.0)
    return a_picture(exif=facts.tobytes())


def a_recording(seconds: int = 2) -> bytes:
    return b"#!AMR\n" + b"\x3c".ljust(32, b"\x00") * (50 * seconds)


def a_video(seconds: int = 7) -> bytes:
    header = struct.pack(">IIIII", 0, 0, 0, 600, seconds * 600) + bytes(80)
    mvhd = struct.pack(">I4s", len(header) + 8, b"mvhd") + header
    moov = struct.pack(">I4s", len(mvhd) + 8, b"moov") + mvhd
    return struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 512) + moov
