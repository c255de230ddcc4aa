"""WebP without metadata: chunks of the RIFF container are kept or dropped; the pixel data is copied."""

from curator.ingest.metadata import Cut
from curator.ingest.verdict import Refused

HEADER_BYTES = 12
KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
HAS_PROFILE, HAS_EXIF, HAS_XMP = 0x20, 0x08, 0x04


def cut(content: bytes, profile: bool = True) -> Cut:
    """Everything but the picture and its ICC profile (unless not `profile`) is dropped.

    Frames of an animation stay: such a picture is decoded anyway. Raises Refused where the file ends early.
    """
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise Refused("truncated: the WebP is shorter than its header says")
    result = Cut()
    position = HEADER_BYTES
    while position + 8 <= end:
        name = content[position : position + 4]
        length = int.from_bytes(content[position + 4 : position + 8], "little")
        if position + 8 + length > end:
            raise Refused("damaged: a WebP chunk is longer than the file")
        chunk = content[position : position + 8 + length + length % 2]
        position += 8 + length + length % 2
        if name in KEPT and (profile or name != b"ICCP"):
            result.kept.append(chunk)
        elif name == b"ICCP":
            result.drop("colour profile")
        elif name == b"EXIF":
            result.drop_exif(chunk[8:].removeprefix(b"Exif\0\0"))
        elif name == b"XMP ":
            result.drop_xmp(chunk)
        else:
            result.drop("further data")
    if len(content) > end:
        result.drop("data after the picture")
    if not result.removed:
        result.kept = [content]
        return result
    result.kept = [_without_flags(chunk, profile) for chunk in result.kept]
    body = b"WEBP" + b"".join(result.kept)
    result.kept = [b"RIFF", len(body).to_bytes(4, "little"), body]
    return result


def _without_flags(chunk: bytes, profile: bool) -> bytes:
    """The extended header must not announce chunks that are gone."""
    if chunk[:4] != b"VP8X" or len(chunk) < HEADER_BYTES:
        return chunk
    gone = HAS_EXIF | HAS_XMP | (0 if profile else HAS_PROFILE)
    return chunk[:8] + bytes([chunk[8] & ~gone & 0xFF]) + chunk[9:]
