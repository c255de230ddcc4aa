"""The starting team's 37 dogs, where they are at hand."""

import csv
import hashlib
import shutil

import pytest

BLANK_AT_THE_END = {"011", "012", "014", "016", "017", "018", "019"}


@pytest.fixture
def dogs(need):
    return need("shared") / "data" / "dreambooth-dogs"


def test_the_dogs_are_37_pictures_with_a_caption_each_by_four_authors(dogs, take, store):
    table = dogs / "subjects.csv"
    summary = take(dogs, table=table, columns={"captioner": "author"})
    assert (summary.pictures, summary.captions, summary.authors) == (37, 37, ("a", "b", "c", "d"))
    assert (summary.quarantined, summary.without_caption, summary.captions_without_picture) == ({}, [], [])
    assert len({record.image.subject for record in store.records.all()}) == 7
    again = take(dogs, table=table, columns={"captioner": "author"})
    assert (again.read, again.changed) == (0, False)


def test_captions_and_pixels_of_the_dogs_are_those_on_disk(dogs, take, store, workspace, pixels):
    take(dogs)
    blank = set()
    for record in store.records.all():
        stem = record.name.removeprefix("images/").removesuffix(".jpg")
        written = (dogs / "captions" / f"{stem}.txt").read_bytes().decode()
        (caption,) = record.captions
        assert caption.text == written
        blank |= {stem} if written.endswith(" ") else set()
        found = (dogs / record.name).read_bytes()
        assert record.image.id == hashlib.sha256(found).hexdigest()
        kept = (workspace.blobs / record.image.blob[:2] / record.image.blob).read_bytes()
        assert hashlib.sha256(pixels(kept).tobytes()).digest() == hashlib.sha256(pixels(found).tobytes()).digest()
    assert blank == BLANK_AT_THE_END


def test_the_shape_they_were_published_in_gives_37_pictures_too(dogs, tmp_path, take, store):
    root, stems = tmp_path / "dreambooth", {}
    with open(dogs / "subjects.csv", newline="") as file:
        for row in csv.DictReader(file):
            number = stems[row["subject"]] = stems.get(row["subject"], -1) + 1
            place = root / row["subject"]
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(dogs / "images" / row["image"], place / f"{number:02d}.jpg")
            shutil.copy(dogs / "captions" / row["image"].replace(".jpg", ".txt"), place / f"{number:02d}.txt")
    assert len({path.name for path in root.rglob("*.jpg")}) == 6
    summary = take(root)
    assert (summary.pictures, summary.captions) == (37, 37)
    subjects = [record.image.subject for record in store.records.all()]
    assert len(subjects) == 37
    assert set(subjects) == set(stems)
