import io
import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image

from annotate.pictures import gallery as gallery_module
from annotate.pictures.decoding import Box
from annotate.pictures.gallery import BITMAP_PX, MEMORY_BYTES, REGIONS, THUMBNAIL_PX, Gallery
from annotate.pictures.shelf import Shelf
from curator.errors import InputError, StoreError

LARGEST = THUMBNAIL_PX * THUMBNAIL_PX * 3


class Reader:
    """Blobs named by numbers; notes which were read."""

    def __init__(self, make):
        self._make = make
        self.read = []

    def __call__(self, blob):
        self.read.append(blob)
        return self._make(int(blob))


def photograph(seed, size=(900, 900), kind="PNG"):
    """The bytes of a picture that is worth shelving."""
    grain = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grain).save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def reader(picture):
    return Reader(picture)


@pytest.fixture
def started():
    """Galleries that are closed at the end of the test."""
    galleries = []

    def start(*arguments, **options):
        galleries.append(Gallery(*arguments, **options))
        return galleries[-1]

    yield start
    for gallery in galleries:
        gallery.close()


def test_a_gallery_reads_once_and_forgets_the_oldest(reader, monkeypatch, started):
    one = 40 * 30 * 3
    monkeypatch.setattr(gallery_module, "MEMORY_BYTES", 3 * one)
    gallery = started(reader)
    for number in range(3):
        gallery.thumbnail(str(number))
    gallery.thumbnail("0")
    assert reader.read == ["0", "1", "2"]
    gallery.thumbnail("3")
    assert gallery.ready("0") is not None, "it was asked for again"
    assert gallery.ready("1") is None
    assert gallery._kept_bytes == sum(pixels.nbytes for pixels in gallery._kept.values()) == 3 * one


def test_memory_holds_the_next_few_and_the_one_before():
    assert MEMORY_BYTES // LARGEST >= 10
    assert MEMORY_BYTES // (gallery_module.GRAPHICS_PX**2 * 3) >= 5


def test_one_picture_too_large_for_memory_is_shown_all_the_same(reader, monkeypatch, started):
    monkeypatch.setattr(gallery_module, "MEMORY_BYTES", 10)
    gallery = started(reader)
    gallery.thumbnail("0")
    assert gallery.ready("0") is not None
    gallery.thumbnail("1")
    assert gallery.ready("0") is None


def test_what_is_prepared_is_read_once_whoever_asks_meanwhile(reader, started):
    gallery = started(reader)
    gallery.prepare(["0", "1", "2"])
    asking = [threading.Thread(target=gallery.thumbnail, args=(name,)) for name in "012012"]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    gallery.close()
    assert sorted(reader.read) == ["0", "1", "2"]


def test_a_newer_wish_replaces_an_older_one(picture, started):
    begun, go_on = threading.Event(), threading.Event()
    read = []

    def content(blob):
        read.append(blob)
        begun.set()
        assert go_on.wait(30)
        return picture(int(blob))

    gallery = started(content)
    gallery.prepare(["0", "1", "2"])
    assert begun.wait(30)
    gallery.prepare(["7"])
    go_on.set()
    while gallery.ready("7") is None:
        threading.Event().wait(0.005)
    assert read == ["0", "7"]


def test_preparing_passes_over_what_cannot_be_read(picture, started):
    def content(blob):
        if blob == "0":
            raise StoreError("picture 0 is missing")
        return b"no picture" if blob == "1" else picture(2)

    gallery = started(content)
    gallery.prepare(["0", "1", "2"])
    while gallery.ready("2") is None:
        threading.Event().wait(0.005)
    with pytest.raises(StoreError, match="missing"):
        gallery.thumbnail("0")
    with pytest.raises(InputError, match="no picture"):
        gallery.thumbnail("1")


def test_a_closed_gallery_prepares_nothing_and_still_answers(reader):
    gallery = Gallery(reader)
    gallery.prepare(["0"])
    gallery.close()
    gallery.prepare(["1"])
    assert "1" not in reader.read
    assert gallery.thumbnail("1").shape == (30, 40, 3)
    gallery.close()


def test_a_shelved_thumbnail_is_not_read_again(tmp_path, started):
    reader = Reader(photograph)
    first = started(reader, Shelf(tmp_path)).thumbnail("0")
    again = started(reader, Shelf(tmp_path)).thumbnail("0")
    assert reader.read == ["0"]
    assert again.shape == first.shape == (THUMBNAIL_PX, THUMBNAIL_PX, 3)
    assert started(reader, Shelf(tmp_path), side_px=100).thumbnail("0").shape == (100, 100, 3), "a size of its own"


def test_small_pictures_need_no_shelf(tmp_path, reader, started):
    started(reader, Shelf(tmp_path / "shelf")).thumbnail("0")
    assert not (tmp_path / "shelf").exists()


def test_without_a_writable_shelf_memory_does(tmp_path, started):
    (tmp_path / "file").write_text("")
    gallery = started(Reader(photograph), Shelf(tmp_path / "file" / "shelf"))
    assert gallery.thumbnail("0").shape == (THUMBNAIL_PX, THUMBNAIL_PX, 3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_part_is_seen_in_full_resolution(kind, started):
    """Stripes of two pixels are grey in the thumbnail, and black and white from near."""
    stripes = np.zeros((2000, 2000, 3), dtype=np.uint8)
    stripes[:, np.arange(2000) // 2 % 2 == 1] = 255
    buffer = io.BytesIO()
    Image.fromarray(stripes).save(buffer, kind, quality=95)
    gallery = started(lambda blob: buffer.getvalue())
    far = gallery.thumbnail("0")[256]
    assert np.ptp(far[100:400].astype(int)) < 40
    near = gallery.region("0", Box(0.5, 0.5, 0.52, 0.52), 40, 40)
    assert np.abs(near.astype(int) - stripes[1000:1040, 1000:1040]).max() < 25


def test_looking_around_in_one_picture_reads_it_once(started):
    reader = Reader(lambda seed: photograph(seed, (300, 200)))
    gallery = started(reader)
    boxes = [Box(left / 20, 0.0, left / 20 + 0.25, 0.25) for left in range(REGIONS + 4)]
    for box in boxes:
        assert gallery.region("0", box, 30, 20).shape == (20, 30, 3)
    gallery.region("0", Box(0, 0, 0.01, 0.01), 100, 100)
    assert reader.read == ["0"], "it was decoded in full, so that no zoom needs it again"
    gallery.region("1", boxes[0], 30, 20)
    gallery.region("0", boxes[-1], 30, 20)
    assert len(gallery._magnifier._seen) == REGIONS
    assert reader.read == ["0", "1"], "the part was still there"


def test_a_closer_look_into_a_jpeg_decodes_it_larger(started):
    reader = Reader(lambda seed: photograph(seed, (1600, 1600), "JPEG"))
    gallery = started(reader)
    gallery.region("0", Box(0, 0, 0.5, 0.5), 100, 100)
    assert gallery._magnifier._open[2].size == (200, 200)
    gallery.region("0", Box(0, 0, 0.1, 0.1), 100, 100)
    assert gallery._magnifier._open[2].size == (1600, 1600)


def test_a_huge_picture_is_not_kept_decoded(started, monkeypatch):
    assert BITMAP_PX * 3 <= 50_000_000
    monkeypatch.setattr(gallery_module, "BITMAP_PX", 300 * 200 - 1)
    gallery = started(Reader(lambda seed: photograph(seed, (300, 200))))
    assert gallery.region("0", Box(0, 0, 0.5, 0.5), 30, 20).shape == (20, 30, 3)
    assert gallery._magnifier._open is None


@pytest.mark.parametrize(
    "module",
    [f"annotate.pictures.{name}" for name in ("gallery", "painting", "choice", "doctor")],
)
def test_pictures_need_no_textual(module):
    code = f"import sys, {module}; print({{'textual', 'rich'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "set()"
