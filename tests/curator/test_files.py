"""Files and folders are there whole, or not at all."""

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.errors import InputError
from curator.files import inside, new_folder, replacing, sha256_file, write_bytes, write_json, write_text

OLD_NEW = [b"a" * 3_000_000, b"b" * 3_000_000]
REWRITES = """
import sys
from pathlib import Path
from curator.files import write_bytes
print("ready", flush=True)
while True:
    for letter in b"ab":
        write_bytes(Path(sys.argv[1]), bytes([letter]) * 3_000_000)
"""


class BreakDownError(Exception):
    pass


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_replaced(tmp_path):
    path = tmp_path / "a" / "b" / "file"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert names(path.parent) == ["file"]


def test_text_keeps_its_line_ends(tmp_path):
    write_text(tmp_path / "file", "eins\r\nzwei\n\N{DOG FACE}")
    assert (tmp_path / "file").read_bytes() == "eins\r\nzwei\n\N{DOG FACE}".encode()


def test_json_has_sorted_keys_and_ends_with_a_line_end(tmp_path):
    write_json(tmp_path / "file", {"b": [1], "a": "ä"})
    assert (tmp_path / "file").read_text(encoding="utf-8") == '{\n  "a": "ä",\n  "b": [\n    1\n  ]\n}\n'
    assert json.loads((tmp_path / "file").read_bytes()) == {"b": [1], "a": "ä"}


def test_a_body_that_breaks_down_leaves_the_old_file_alone(tmp_path):
    write_bytes(tmp_path / "file", b"old")

    def break_down():
        with replacing(tmp_path / "file") as part:
            part.write_bytes(b"half of the n")
            raise BreakDownError

    with pytest.raises(BreakDownError):
        break_down()
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_nothing_is_left_where_a_folder_stands_in_the_way(tmp_path):
    (tmp_path / "file" / "full").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_bytes(tmp_path / "file", b"new")
    assert names(tmp_path) == ["file"]


def test_permissions_follow_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "file", b"")
        with new_folder(tmp_path / "folder"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o750


def test_a_very_long_name(tmp_path):
    name = "ä" * 120 + ".txt"  # 244 bytes of the 255 that a file system allows
    write_text(tmp_path / name, "x")
    assert names(tmp_path) == [name]


def test_a_writer_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path):
    for turn in range(4):
        path = tmp_path / f"file{turn}"
        write_bytes(path, OLD_NEW[0])
        line = [sys.executable, "-P", "-c", REWRITES, str(path)]
        with subprocess.Popen(line, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"ready\n"
            seen = {path.read_bytes() for _ in range(10 + turn)}
            process.send_signal(signal.SIGKILL)
        assert path.read_bytes() in OLD_NEW
        assert seen <= set(OLD_NEW)


def test_a_folder_appears_when_it_is_complete(tmp_path):
    with new_folder(tmp_path / "in" / "folder") as part:
        (part / "deep").mkdir()
        (part / "deep" / "file").write_text("x")
        assert not (tmp_path / "in" / "folder").exists()
    assert (tmp_path / "in" / "folder" / "deep" / "file").read_text() == "x"
    assert names(tmp_path / "in") == ["folder"]


def test_a_folder_whose_making_breaks_down_never_appears(tmp_path):
    def break_down():
        with new_folder(tmp_path / "folder") as part:
            (part / "file").write_text("x")
            raise BreakDownError

    with pytest.raises(BreakDownError):
        break_down()
    assert names(tmp_path) == []


def test_a_folder_that_exists_is_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileExistsError), new_folder(tmp_path / "folder"):
        pytest.fail("the body must not run")
    assert names(tmp_path) == ["folder"]


@given(st.binary(max_size=100))
def test_the_hash_of_small_files(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "hashed"
    path.write_bytes(content)
    assert sha256_file(path) == hashlib.sha256(content).hexdigest()


def test_the_hash_of_a_file_of_several_blocks(tmp_path):
    content = b"abc" * 1_000_001
    (tmp_path / "file").write_bytes(content)
    assert sha256_file(tmp_path / "file") == hashlib.sha256(content).hexdigest()


OUTSIDE = ("", ".", "..", "../a", "a/../../b", "a/..", "/etc/passwd", "a\0b", "out/a", "out", "loop/a")


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_from_outside_does_not_leave_the_folder(tmp_path, name):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    with pytest.raises(InputError, match="does not lie in"):
        inside(folder, name)


@pytest.mark.parametrize("name", ["a", "a/b.png", "a b/ü.png", "..a", "a..", "...", "link/a", "~", "-rf"])
def test_a_name_below_the_folder_is_taken(tmp_path, name):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert inside(tmp_path, name) == tmp_path / name
