"""PNG without metadata: chunks are checked, then kept or dropped; the pixel data is copied."""

import zlib

from curator.ingest.metadata import Cut
from curator.ingest.verdict import Refused

SIGNATURE_BYTES = 8
FRAME_BYTES = 12
KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD"}
ANIMATION = {b"acTL", b"fcTL", b"fdAT"}
WORDS = {b"tEXt": "text", b"zTXt": "text", b"iTXt": "text", b"tIME": "date", b"iCCP": "colour profile"}


def cut(content: bytes, profile: bool = True) -> Cut:
    """Everything but the picture and its colours is dropped; of an animation, the default picture stays.

    Text is dropped unopened, so a chunk that would swell to gigabytes does no harm. Without `profile` the ICC profile
    goes too. Raises Refused where the file ends early, a checksum is wrong, or a needed chunk is unknown.
    """
    result = Cut(kept=[content[:SIGNATURE_BYTES]])
    position, name = SIGNATURE_BYTES, b""
    while name != b"IEND":
        length = int.from_bytes(content[position : position + 4], "big")
        chunk = content[position : position + FRAME_BYTES + length]
        if len(chunk) < FRAME_BYTES + length:
            raise Refused("truncated: the PNG ends before its end chunk")
        position += len(chunk)
        name = chunk[4:8]
        if name in KEPT and (profile or name != b"iCCP"):
            if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
                raise Refused(f"damaged: wrong checksum in PNG chunk {name.decode('ascii')}")
            result.kept.append(chunk)
        elif name in ANIMATION:
            result.animated = True
        elif name == b"eXIf":
            result.drop_exif(chunk[8:-4])
        elif b"XML:com.adobe.xmp" in chunk[8:40]:
            result.drop_xmp(chunk)
        elif name[:1].islower():
            result.drop(WORDS.get(name, "further data"))
        else:
            raise Refused(f"damaged: unknown PNG chunk {name!r}")
    if len(content) > position:
        result.drop("data after the picture")
    return result


def bit_depth(content: bytes) -> int:
    """Bits per sample, from the header of a PNG that `cut` has passed."""
    return content[24]
