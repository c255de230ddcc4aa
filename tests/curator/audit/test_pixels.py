"""Measuring pictures: one decode each, and broken bytes become reasons."""

import pytest
from PIL import Image as Pillow

from curator.audit.context import Context
from curator.audit.pixels import Broken, Pixels, decode, measure, unreadable
from curator.blobs import Blobs
from curator.config import AuditSettings
from curator.record import Image


def test_equal_pixels_have_equal_digests_whatever_the_file(photo, encoded):
    image = photo(1)
    assert decode(encoded(image, "PNG")) == decode(encoded(image, "BMP"))
    assert decode(encoded(image)).digest != decode(encoded(photo(2))).digest


def test_size_is_part_of_the_digest(encoded):
    wide, high = Pillow.new("RGB", (4, 2), "red"), Pillow.new("RGB", (2, 4), "red")
    assert decode(encoded(wide)).digest != decode(encoded(high)).digest


def test_orientation_is_applied(photo, encoded):
    image = photo(1, (120, 80))
    exif = Pillow.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    turned = image.transpose(Pillow.Transpose.ROTATE_90)
    assert decode(encoded(turned, "PNG", exif=exif)).digest == decode(encoded(image)).digest


def test_a_picture_of_one_colour_has_no_hash(encoded):
    assert decode(encoded(Pillow.new("RGB", (64, 64), "teal"))).hash is None


def kept(blobs, content):
    blob = blobs.put(content)
    return Image(blob, blob, 160, 160, "PNG")


def damaged(blobs, content):
    image = kept(blobs, content)
    blobs.path(image.blob).write_bytes(content[:-1])
    return image


def missing(blobs, content):
    image = kept(blobs, content)
    blobs.path(image.blob).unlink()
    return image


def no_picture(blobs, content):
    return kept(blobs, b"not a picture at all" + content[:20])


def truncated(blobs, content):
    return kept(blobs, content[: len(content) // 2])


@pytest.mark.parametrize(
    ("make", "reason"),
    [(missing, "missing"), (damaged, "damaged"), (no_picture, "decoded"), (truncated, "decoded")],
    ids=["missing", "damaged", "no picture", "truncated"],
)
def test_what_cannot_be_read_is_a_finding_and_no_crash(tmp_path, photo, encoded, record, make, reason):
    blobs = Blobs(tmp_path)
    found = measure(make(blobs, encoded(photo(1))), blobs)
    assert isinstance(found, Broken)
    assert reason in found.reason
    assert str(tmp_path) not in found.reason
    broken = record("a.png", "a red dog")
    (finding,) = unreadable(Context.of([broken], {broken.image.id: found}, AuditSettings()))
    assert (finding.severity, finding.images) == ("error", (broken.image.id,))
    assert finding.message.startswith("a.png: ")


def test_a_good_picture_is_no_finding(tmp_path, photo, encoded, record):
    blobs = Blobs(tmp_path)
    found = measure(kept(blobs, encoded(photo(1))), blobs)
    assert isinstance(found, Pixels)
    good = record("a.png", "a red dog")
    assert unreadable(Context.of([good], {good.image.id: found}, AuditSettings())) == []
