import os
import tempfile

import pytest

from annotate.captioner.rescue import rescue
from curator.errors import StoreError
from curator.record import Draft

DRAFT = Draft("1" * 64, "ada", 0, "a dog, half \N{DOG FACE}" * 1000, (), None)


@pytest.fixture
def full_folder(small_disk, monkeypatch):
    """A temporary folder on a full disk."""
    small_disk.fill()
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk.path))
    return small_disk


def test_a_draft_lies_where_it_can_be_found_and_only_its_owner_reads_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = rescue(DRAFT)
    assert path.parent == tmp_path
    assert path.read_text(encoding="utf-8") == DRAFT.text
    assert path.stat().st_mode & 0o077 == 0


def test_where_the_temporary_folder_is_full_it_lies_at_home(full_folder):
    path = rescue(DRAFT)
    assert str(path.parent) == os.environ["HOME"]
    assert path.read_text(encoding="utf-8") == DRAFT.text
    assert [each.name for each in full_folder.path.iterdir()] == ["ballast"]


def test_where_every_disk_is_full_the_text_is_told(full_folder, monkeypatch):
    monkeypatch.setenv("HOME", str(full_folder.path))
    monkeypatch.chdir(full_folder.path)
    with pytest.raises(StoreError) as caught:
        rescue(DRAFT)
    assert DRAFT.text in caught.value.message
    monkeypatch.chdir("/")
