from pathlib import Path

import pytest

from curator.errors import InputError
from curator.ingest.layout import arrange
from curator.ingest.scan import Entry
from curator.ingest.table import Row, Table


def entries(*paths):
    kinds = {".txt": "caption", ".jpg": "image", ".png": "image"}
    return [Entry(path, kinds.get(Path(path).suffix, "other"), Path(path)) for path in sorted(paths)]


def pairs(layout):
    return {picture.entry.path: [each.path for each in picture.captions] for picture in layout.pictures}


def rows(*cells):
    return Table("t.csv", tuple(Row(number, **each) for number, each in enumerate(cells, 2)), (), False)


@pytest.mark.parametrize(
    ("image", "caption"),
    [
        ("images/00.jpg", "captions/00.txt"),
        ("images/dog/00.jpg", "captions/dog/00.txt"),
        ("set/images/00.jpg", "set/captions/00.txt"),
        ("00.jpg", "00.txt"),
        ("dog/00.jpg", "dog/00.txt"),
        ("dog/00.jpg", "dog/00.jpg.txt"),
        ("a.b/0.1.jpg", "a.b/0.1.txt"),
        ("caf\u00e9.jpg", "cafe\u0301.txt"),
    ],
)
def test_a_caption_belongs_to_the_picture_at_its_place(image, caption):
    layout = arrange(entries(image, caption))
    assert pairs(layout) == {image: [caption]}
    assert layout.captions_without_picture == ()


@pytest.mark.parametrize(
    ("image", "caption"),
    [("dog/00.jpg", "cat/00.txt"), ("images/00.jpg", "00.txt"), ("dog/00.jpg", "00.txt"), ("a.jpg", "A.txt")],
)
def test_a_stem_alone_pairs_nothing(image, caption):
    layout = arrange(entries(image, caption))
    assert pairs(layout) == {image: []}
    assert layout.captions_without_picture == (caption,)


def test_seven_folders_with_the_same_stems_keep_every_pair():
    names = [f"dog{number}/{stem:02d}" for number in range(7) for stem in range(6)]
    layout = arrange(entries(*(name + end for name in names for end in (".jpg", ".txt"))))
    assert pairs(layout) == {f"{name}.jpg": [f"{name}.txt"] for name in names}
    assert {picture.folder_subject for picture in layout.pictures} == {f"dog{number}" for number in range(7)}


def test_a_caption_that_fits_two_pictures_is_listed_with_both():
    layout = arrange(entries("00.jpg", "00.png", "00.txt"))
    assert pairs(layout) == {"00.jpg": [], "00.png": []}
    assert layout.captions_without_picture == ("00.txt (fits 00.jpg, 00.png)",)


@pytest.mark.parametrize(
    ("paths", "subjects"),
    [
        (["a.jpg", "b.jpg"], [None, None]),
        (["images/a.jpg", "images/b.jpg"], [None, None]),
        (["dog/a.jpg", "dog2/a.jpg"], ["dog", "dog2"]),
        (["dog/images/a.jpg", "owl/images/a.jpg"], ["dog", "owl"]),
        (["images/dog/a.jpg", "images/owl/a.jpg"], ["dog", "owl"]),
        (["a.jpg", "dog/a.jpg"], [None, "dog"]),
        (["images/a.jpg", "preview.jpg"], [None, None]),
    ],
)
def test_folders_name_subjects_where_there_are_several(paths, subjects):
    assert [picture.folder_subject for picture in arrange(entries(*paths)).pictures] == subjects


@pytest.mark.parametrize(
    "name", ["images/dog/00.jpg", "dog/00.jpg", "00.jpg", "./dog/00.jpg", "dog\\00.jpg", "images//dog/00.jpg"]
)
def test_a_row_names_its_picture_by_path_or_by_what_is_unique(name):
    layout = arrange(entries("images/dog/00.jpg", "images/dog/01.jpg"), rows({"image": name, "subject": "corgi"}))
    assert [picture.subject for picture in layout.pictures] == ["corgi", None]


def test_a_file_name_in_several_folders_is_refused_with_the_candidates():
    with pytest.raises(InputError, match=r"line 2: '00.jpg' could be 2 pictures: dog/00.jpg, owl/00.jpg"):
        arrange(entries("dog/00.jpg", "owl/00.jpg"), rows({"image": "00.jpg"}))


def test_a_row_without_picture_is_listed():
    layout = arrange(entries("00.jpg"), rows({"image": "00.jpg"}, {"image": "99.jpg"}))
    assert layout.rows_without_picture == ("line 3: 99.jpg",)


@pytest.mark.parametrize("column", ["subject", "licence", "source"])
def test_rows_that_contradict_each_other_are_refused(column):
    table = rows({"image": "00.jpg", column: "one"}, {"image": "00.jpg", column: "two"})
    with pytest.raises(InputError, match=f"rows with {column} 'one' and 'two'"):
        arrange(entries("00.jpg"), table)


def test_two_authors_for_one_caption_file_are_refused_but_two_captions_are_not():
    table = rows({"image": "00.jpg", "author": "ada"}, {"image": "00.jpg", "author": "ben"})
    with pytest.raises(InputError, match="author 'ada' and 'ben'"):
        arrange(entries("00.jpg", "00.txt"), table)
    table = rows(
        {"image": "00.jpg", "author": "ada", "caption": "one"}, {"image": "00.jpg", "author": "ben", "caption": "two"}
    )
    (picture,) = arrange(entries("00.jpg", "00.txt"), table).pictures
    assert [(row.author, row.text) for row in picture.rows] == [("ada", "one"), ("ben", "two")]
    assert picture.author is None


def test_captions_of_the_table_are_named_alike_in_any_order():
    one, two, three = (
        {"image": "00.jpg", "author": author, "caption": text}
        for author, text in (("ada", "one"), ("ben", "two"), ("ada", "three"))
    )
    keys = [
        sorted(row.key for row in arrange(entries("00.jpg"), rows(*order)).pictures[0].rows)
        for order in ((one, two, three), (three, two, one))
    ]
    assert keys[0] == keys[1] == ["00.jpg#ada#0", "00.jpg#ada#1", "00.jpg#ben#0"]
