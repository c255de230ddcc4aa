import os
import socket

import pytest

from curator.errors import InputError
from curator.ingest.scan import Entry, read, scan
from curator.ingest.verdict import Refused


def found(root, **options):
    return {entry.path: entry.problem for entry in scan(root, **options)}


def test_files_of_every_depth_are_found_in_order_with_their_kind(folder):
    root = folder({"b/c/d.png": "x", "a.JPG": "x", "a.txt": "xy", "notes.md": "x", "z.svg": "x"})
    entries = scan(root)
    assert [(entry.path, entry.kind) for entry in entries] == [
        ("a.JPG", "image"),
        ("a.txt", "caption"),
        ("b/c/d.png", "image"),
        ("notes.md", "other"),
        ("z.svg", "image"),
    ]
    assert entries[1].size == 2
    assert entries[1].mtime_ns == (root / "a.txt").stat().st_mtime_ns
    assert entries[0].suffix == ".jpg"


def test_hidden_files_litter_and_what_is_named_are_passed_over(folder):
    root = folder(
        {".hidden.jpg": "x", ".git/a.jpg": "x", ".DS_Store": "x", "Thumbs.db": "x", "__MACOSX/a.jpg": "x"}
        | {"desktop.ini": "x", "own/a.jpg": "x", "a.jpg": "x"}
    )
    assert found(root, passed_over=lambda path: path.name == "own") == {"a.jpg": None}


def test_links_are_followed_inside_the_folder_only(folder, tmp_path):
    root = folder({"a.jpg": "inside", "sub/b.jpg": "x"})
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "c.jpg").write_text("outside")
    (root / "in.jpg").symlink_to(root / "a.jpg")
    (root / "relative.jpg").symlink_to("sub/../a.jpg")
    (root / "out.jpg").symlink_to(outside / "c.jpg")
    (root / "climb.jpg").symlink_to("../secret/c.jpg")
    (root / "hop.jpg").symlink_to("out.jpg")
    (root / "nowhere.jpg").symlink_to("missing")
    (root / "round.jpg").symlink_to("again.jpg")
    (root / "again.jpg").symlink_to("round.jpg")
    (root / "folder").symlink_to(root / "sub")
    (root / "sub" / "up").symlink_to(root)
    (root / "away").symlink_to(outside)
    (root / "passwd.txt").symlink_to("/etc/passwd")
    outwards = "link: it leads out of the folder"
    assert found(root) == {
        "a.jpg": None,
        "sub/b.jpg": None,
        "in.jpg": None,
        "relative.jpg": None,
        "out.jpg": outwards,
        "climb.jpg": outwards,
        "hop.jpg": outwards,
        "away": outwards,
        "passwd.txt": outwards,
        "nowhere.jpg": "link: it leads nowhere",
        "round.jpg": "link: it leads round in a loop",
        "again.jpg": "link: it leads round in a loop",
    }
    entries = {entry.path: entry for entry in scan(root)}
    assert read(entries["in.jpg"], 100) == b"inside"
    with pytest.raises(Refused, match="out of the folder"):
        read(entries["out.jpg"], 100)


def test_pipes_and_sockets_are_known_by_their_kind_and_never_opened(folder, tmp_path, monkeypatch):
    root = folder({})
    os.mkfifo(root / "pipe.jpg")
    os.mkfifo(root / "pipe.txt")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket.png")
        entries = scan(root)
    assert {entry.path: entry.problem for entry in entries} == {
        "pipe.jpg": "not a file: a named pipe",
        "pipe.txt": "not a file: a named pipe",
        "socket.png": "not a file: a socket",
    }


def test_a_file_exchanged_for_a_pipe_or_a_link_after_the_scan_is_refused(folder):
    root = folder({"a.jpg": "x", "b.jpg": "x"})
    first, second = scan(root)
    (root / "a.jpg").unlink()
    os.mkfifo(root / "a.jpg")
    (root / "b.jpg").unlink()
    (root / "b.jpg").symlink_to("/etc/passwd")
    with pytest.raises(Refused, match="not a file"):
        read(first, 100)
    with pytest.raises(Refused, match="unreadable"):
        read(second, 100)


def test_a_file_that_grew_past_the_limit_is_refused(folder):
    root = folder({"a.jpg": "x" * 50})
    (entry,) = scan(root)
    assert read(entry, 50) == b"x" * 50
    with pytest.raises(Refused, match="too large"):
        read(entry, 49)
    with pytest.raises(Refused, match="too large"):
        read(Entry("a.jpg", "image", entry.real, size=0), 49)


def test_names_are_kept_whatever_characters_they_hold(folder):
    names = [
        "žluťoučký кот 猫 🐈.jpg",
        "new\nline.jpg",
        "a" * 251 + ".jpg",
        "-rf.jpg",
        "$(reboot).jpg",
        " .jpg",
        "%s.jpg",
    ]
    root = folder(dict.fromkeys(names, "x"))
    with open(os.fsencode(root) + b"/caf\xe9.jpg", "wb") as file:
        file.write(b"bytes")
    entries = {entry.path: entry for entry in scan(root)}
    assert entries.keys() == {*names, "caf\\xe9.jpg"}
    assert read(entries["caf\\xe9.jpg"], 100) == b"bytes"
    for name in entries:
        name.encode()


def test_a_folder_deeper_than_a_path_may_be_long_is_listed_not_fatal(folder, monkeypatch):
    root = folder({"a.jpg": "x"})
    monkeypatch.chdir(root)
    for _ in range(20):
        os.mkdir("d" * 250)
        os.chdir("d" * 250)
    problems = [problem for problem in found(root).values() if problem]
    assert len(problems) == 1
    assert problems[0].startswith("unreadable: ")


def test_a_folder_that_is_none_is_refused(folder, tmp_path):
    root = folder({"a.jpg": "x"})
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for wrong in (tmp_path / "missing", root / "a.jpg", tmp_path / "round"):
        with pytest.raises(InputError, match="folder"):
            scan(wrong)
