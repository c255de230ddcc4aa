"""JPEG without metadata: segments before and between the scans are kept or dropped, the scans are copied."""

import re

from curator.ingest.metadata import Cut
from curator.ingest.verdict import Refused

SOI, EOI, SOS, COM, APP0, APP1, APP2, APP13, APP14, APP15 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF
MAX_SCANS = 100
"""More make a small file slow to decode; a progressive JPEG has about ten."""

XMP_HEADERS = (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
JFIF_BYTES = 14
# In a scan, 0xFF is followed by 0 (a stuffed byte) or a restart marker; anything else ends it.
END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def cut(content: bytes, profile: bool = True) -> Cut:
    """Everything but JFIF, Adobe's colour marker, the ICC profile (unless not `profile`) and the picture is dropped.

    Raises Refused where the file ends early or its segments are out of step.
    """
    result = Cut(kept=[content[:2]])
    position, scans = 2, 0
    while True:
        start = position
        marker, position = _marker(content, position)
        if marker == EOI:
            result.kept.append(content[start:position])
            break
        if marker in (SOI, 0x00):
            raise Refused(f"damaged: a JPEG with marker 0x{marker:02x} at byte {start}")
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            result.kept.append(content[start:position])
            continue
        length = int.from_bytes(content[position : position + 2], "big")
        payload = content[position + 2 : position + length]
        if length < 2:
            raise Refused(f"damaged: a JPEG segment of impossible length at byte {start}")
        if len(payload) < length - 2:
            raise _truncated()
        position += length
        if marker == SOS:
            scans += 1
            end = END_OF_SCAN.search(content, position)
            if end is None:
                raise _truncated()
            position = end.start()
        if scans > MAX_SCANS:
            raise Refused(f"too large: a JPEG with more than {MAX_SCANS} scans")
        result.kept.append(_segment(result, marker, payload, content[start:position], profile))
    if content[position:].strip(b"\0") and not result.animated:
        result.drop("data after the picture")
    elif len(content) > position and not result.animated:
        result.drop("padding after the picture")
    return result


def _segment(result: Cut, marker: int, payload: bytes, whole: bytes, profile: bool) -> bytes:
    """What stays of one segment; what goes is noted in `result`."""
    if marker == APP0 and payload.startswith(b"JFIF\0"):
        if len(payload) <= JFIF_BYTES:
            return whole
        result.drop("thumbnail")
        head = payload[: JFIF_BYTES - 2] + b"\0\0"
        return b"\xff\xe0" + (len(head) + 2).to_bytes(2, "big") + head
    if marker == APP0:
        result.drop("thumbnail")
    elif marker == APP1 and payload.startswith(b"Exif\0"):
        result.drop_exif(payload[6:])
    elif marker == APP1 and payload.startswith(XMP_HEADERS):
        result.drop_xmp(payload)
    elif marker == APP2 and payload.startswith(b"ICC_PROFILE\0"):
        if profile:
            return whole
        result.drop("colour profile")
    elif marker == APP2 and payload.startswith(b"MPF\0"):
        result.animated = True
    elif marker == APP13:
        result.drop("IPTC")
    elif marker == COM:
        result.drop("comment")
    elif marker == APP14 and payload.startswith(b"Adobe"):
        return whole
    elif APP0 <= marker <= APP15:
        result.drop("application data")
    else:
        return whole
    return b""


def _marker(content: bytes, position: int) -> tuple[int, int]:
    """The marker at `position` and where its segment begins; any number of fill bytes may stand before it."""
    if content[position : position + 1] not in (b"\xff", b""):
        raise Refused(f"damaged: a JPEG with stray bytes between its segments, at byte {position}")
    while content[position : position + 1] == b"\xff":
        position += 1
    if position >= len(content):
        raise _truncated()
    return content[position], position + 1


def _truncated() -> Refused:
    return Refused("truncated: the JPEG ends before its end marker")
