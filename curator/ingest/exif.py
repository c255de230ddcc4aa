"""The few facts of EXIF that ingest needs: which way is up, and whether there is something personal in it."""

import struct

ORIENTATION = 0x0112
GPS = 0x8825
PERSONAL_TAGS = {
    0x010E: "description",
    0x010F: "camera",
    0x0110: "camera",
    0x0131: "software",
    0x0132: "date",
    0x013B: "artist",
    0x013C: "computer",
    0x02BC: "XMP",
    0x8298: "copyright note",
    0x83BB: "IPTC",
    0x8649: "Photoshop data",
    0x8769: "EXIF",
    GPS: "GPS position",
}
"""Tags of a TIFF file's first directory that a kept picture does not carry, in words."""

SHORT, LONG = 3, 4


def first_directory(tiff: bytes) -> dict[int, int]:
    """Tag → value of the first directory of a TIFF structure, which is what EXIF is too.

    Values that are not a single 16- or 32-bit number are given as 0. Of a damaged structure, what can be read.
    """
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return {}
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    if start + 2 > len(tiff):
        return {}
    (count,) = struct.unpack_from(order + "H", tiff, start)
    tags: dict[int, int] = {}
    for entry in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, values = struct.unpack_from(order + "HHI", tiff, entry)
        single = values == 1 and kind in (SHORT, LONG)
        tags[tag] = struct.unpack_from(order + ("H" if kind == SHORT else "I"), tiff, entry + 8)[0] if single else 0
    return tags


def orientation(tags: dict[int, int]) -> int:
    """1 (upright) to 8, as the TIFF specification numbers them; 1 where none or nonsense is given."""
    value = tags.get(ORIENTATION, 1)
    return value if 1 <= value <= 8 else 1
