import hashlib
import os

import pytest

from curator.blobs import Blobs
from curator.errors import StoreError


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


def test_put_returns_the_sha256_and_read_gives_the_bytes_back(blobs):
    blob = blobs.put(b"a picture")
    assert blob == hashlib.sha256(b"a picture").hexdigest()
    assert blobs.read(blob) == b"a picture"
    assert blobs.path(blob) == blobs.folder / blob[:2] / blob
    assert blobs.has(blob)
    with blobs.open(blob) as file:
        assert file.read(3) == b"a p"


def test_put_again_writes_nothing_and_leaves_no_temporary_file(blobs):
    blob = blobs.put(b"a picture")
    before = blobs.path(blob).stat()
    assert blobs.put(b"a picture") == blob
    assert blobs.path(blob).stat().st_ino == before.st_ino
    assert [path.name for path in blobs.folder.rglob("*") if path.is_file()] == [blob]


def test_put_repairs_a_damaged_blob(blobs):
    blob = blobs.put(b"a picture")
    blobs.path(blob).write_bytes(b"a pict")
    blobs.put(b"a picture")
    assert blobs.read(blob) == b"a picture"


def test_damaged_and_missing_blobs_are_refused(blobs):
    blob = blobs.put(b"a picture")
    blobs.path(blob).write_bytes(b"another one")
    with pytest.raises(StoreError, match="damaged"):
        blobs.read(blob)
    with pytest.raises(StoreError, match="damaged"):
        blobs.open(blob)
    os.unlink(blobs.path(blob))
    assert not blobs.has(blob)
    with pytest.raises(StoreError, match="missing"):
        blobs.read(blob)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_a_sha256_names_a_blob(blobs, name):
    with pytest.raises(ValueError, match="sha256"):
        blobs.path(name)
