import codecs

import pytest

from curator.errors import InputError
from curator.ingest.table import read_table


@pytest.fixture
def table(tmp_path):
    """`table("image,author\\n…", {"captioner": "author"})` reads a table with that content."""

    def read(content, columns=None):
        path = tmp_path / "table.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path, columns or {})

    return read


def test_every_column_is_read_and_captions_stay_as_written(table):
    read = table('image,caption,subject,author,licence,source\n a.jpg ," a\r\ndog, ",corgi, ada ,CC0,https://x\n')
    (row,) = read.rows
    assert (row.image, row.caption, row.subject, row.author) == ("a.jpg", " a\ndog, ", "corgi", "ada")
    assert (row.licence, row.source) == ("CC0", "https://x")
    assert read.has_captions
    assert read.unused == ()


def test_other_names_are_mapped_and_the_rest_is_named(table):
    read = table("file_name,captioner,mood\na.jpg,ada,happy\n", {"file_name": "image", "captioner": "author"})
    assert (read.rows[0].image, read.rows[0].author) == ("a.jpg", "ada")
    assert read.unused == ("mood",)


@pytest.mark.parametrize(
    "content",
    [
        "image;author\na.jpg;ada\n",
        "image\tauthor\na.jpg\tada\n",
        "image,author\r\na.jpg,ada\r\n\r\n",
        codecs.BOM_UTF8 + b"image,author\na.jpg,ada",
        "image,author\na.jpg,ada\n".encode("utf-16"),
        "image,author,\na.jpg,ada,,,\n",
    ],
    ids=["semicolon", "tab", "crlf", "mark", "utf-16", "spare-cells"],
)
def test_what_spreadsheets_write_is_understood(table, content):
    (row,) = table(content).rows
    assert (row.image, row.author) == ("a.jpg", "ada")


def test_empty_cells_say_nothing_and_license_is_licence(table):
    (row,) = table("image,caption,author,license\na.jpg,,,MIT\n").rows
    assert (row.caption, row.author, row.licence) == (None, None, "MIT")


@pytest.mark.parametrize(
    ("content", "columns", "says"),
    [
        ("file,author\na.jpg,ada\n", {}, "no column 'image'; its columns: file, author"),
        ("image\na.jpg\n", {"captioner": "author"}, "no column 'captioner'"),
        ("image,author,by\na.jpg,ada,ben\n", {"by": "author"}, "author and by both mean 'author'"),
        ("image,image\na,b\n", {}, "both mean 'image'"),
        ("image,author\na.jpg,ada,ben\n", {}, "line 2: 3 cells under 2 columns"),
        ("image,author\n,ada\n", {}, "line 2: the row names no image"),
        ('image,author\n"a.jpg,ada\n', {}, "not valid CSV"),
        ("image,author\na.jpg,\x1b[2Jada\n", {}, "holds control characters"),
        ('[{"image": "a.jpg"}]', {}, "looks like JSON"),
        ("image,author\na.jpg,é\n".encode("latin-1"), {}, "not UTF-8"),
        (b"image\0,author\n", {}, "NUL"),
        ("", {}, "no column 'image'; its columns: none"),
        ("image,caption\na.jpg," + "x" * 200_000, {}, "field larger than field limit"),
    ],
    ids=[
        "no-image", "no-mapped", "two-authors", "twice", "cells", "no-name", "quote", "escape", "json", "latin-1",
        "nul", "empty", "huge-cell",
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_understood_is_refused_by_name_and_place(table, content, columns, says):
    with pytest.raises(InputError, match=says):
        table(content, columns)


def test_a_missing_table_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="no such file"):
            read_table(path, {})
