"""Files with a model's captions are read, and faults in them are named."""

import pytest

from annotate.drafts.files import read_drafts
from curator.errors import InputError


def made(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def pairs(path):
    return [(each.picture, each.caption) for each in read_drafts(path)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "image,caption\na.png,a dog\nb.png,\"a cat, asleep\"\n"),
        ("a.csv", "\ufeffpicture;score;caption\na.png;1;a dog\nb.png;2;a cat, asleep\n"),
        ("a.tsv", "file_name\tcaption\na.png\ta dog\nb.png\ta cat, asleep\n"),
        ("a.jsonl", '{"picture": "a.png", "caption": "a dog"}\n\n{"image": "b.png", "caption": "a cat, asleep"}'),
    ],
    ids=["csv", "semicolons", "tabs", "json lines"],
)  # fmt: skip
def test_tables_and_lines(tmp_path, name, content):
    assert pairs(made(tmp_path, name, content)) == [("a.png", "a dog"), ("b.png", "a cat, asleep")]


def test_a_folder_of_text_files(tmp_path):
    (tmp_path / "out" / "sub").mkdir(parents=True)
    made(tmp_path / "out", "b.txt", "a cat\r\n")
    made(tmp_path / "out" / "sub", "a.txt", "a dog")
    made(tmp_path / "out", "readme.md", "no caption")
    assert pairs(tmp_path / "out") == [("b", "a cat\n"), ("sub/a", "a dog")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "name,caption\na,b\n", "no column 'image'"),
        ("a.csv", "image,text\na,b\n", "no column 'caption'"),
        ("a.csv", b"image,caption\n\xff,b\n", "UTF-8"),
        ("a.jsonl", "{", "line 1: not JSON"),
        ("a.jsonl", '\n["a"]', "line 2: picture and caption"),
        ("a.jsonl", '{"picture": "a", "caption": 3}', "line 1: picture and caption"),
        ("a.jsonl", "a\0", "NUL"),
        ("a.xlsx", "x", "is not read: .xlsx"),
        ("a", "x", "no suffix"),
    ],
)
def test_faults_are_named(tmp_path, name, content, said):
    with pytest.raises(InputError) as caught:
        read_drafts(made(tmp_path, name, content))
    assert said in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_nothing_there(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_drafts(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"holds no \.txt file"):
        read_drafts(tmp_path)


def test_a_folder_is_not_left_by_a_link(tmp_path):
    made(tmp_path, "secret.txt", "secret")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(InputError, match="does not lie in"):
        read_drafts(tmp_path / "out")
