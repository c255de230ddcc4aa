import os
import subprocess
import sys
import time

import pytest

from annotate.pictures.shelf import CHECK_BYTES, KEEP, LEFT_BEHIND_S, LOOK_EVERY, Shelf, thumbnails


def files(shelf):
    return sorted(shelf.folder.iterdir())


def used(shelf):
    return sum(file.stat().st_size for file in files(shelf))


def test_what_is_put_comes_back(tmp_path):
    shelf = Shelf(tmp_path / "new" / "shelf")
    assert shelf.get("a") is None
    assert shelf.put("a", b"one")
    assert shelf.put("b/../c", b"two")
    assert (shelf.get("a"), shelf.get("b/../c")) == (b"one", b"two")
    assert shelf.put("a", b"three")
    assert shelf.get("a") == b"three"
    assert len(files(shelf)) == 2


def test_only_the_owner_can_read_it(tmp_path):
    shelf = Shelf(tmp_path / "shelf")
    shelf.put("a", b"one")
    assert shelf.folder.stat().st_mode & 0o077 == 0
    assert files(shelf)[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "damage",
    [lambda kept: kept[:-1], lambda kept: b"", lambda kept: kept[:-1] + b"x", lambda kept: b"x" + kept[1:]],
    ids=["cut", "empty", "changed", "changed check"],
)
def test_what_is_damaged_is_removed_and_not_given(tmp_path, damage):
    shelf = Shelf(tmp_path)
    shelf.put("a", b"a thumbnail")
    (file,) = files(shelf)
    file.write_bytes(damage(file.read_bytes()))
    assert shelf.get("a") is None
    assert files(shelf) == []
    shelf.put("a", b"a thumbnail")
    assert shelf.get("a") == b"a thumbnail"


def test_what_was_used_longest_ago_goes_first(tmp_path):
    shelf = Shelf(tmp_path, limit_bytes=10 * (100 + CHECK_BYTES))
    for number in range(10):
        shelf.put(str(number), bytes(100))
        os.utime(shelf._path(str(number)), (number, number))
    shelf.get("0")
    shelf.put("10", bytes(100))
    assert used(shelf) <= KEEP * shelf.limit_bytes
    kept = [number for number in range(11) if shelf.get(str(number)) is not None]
    assert kept == [0, 3, 4, 5, 6, 7, 8, 9, 10]


def test_it_stays_within_its_limit_whoever_else_writes(tmp_path):
    limit = 60 * (100 + CHECK_BYTES)
    one, other = Shelf(tmp_path, limit), Shelf(tmp_path, limit)
    one.put("first", bytes(100))
    for number in range(40):
        other.put(f"other {number}", bytes(100))
    for number in range(LOOK_EVERY + 1):  # fewer than the limit by itself, and the last one makes it look
        one.put(f"one {number}", bytes(100))
    assert used(one) <= limit


def test_what_is_larger_than_the_limit_is_not_taken(tmp_path):
    shelf = Shelf(tmp_path, limit_bytes=200)
    assert not shelf.put("a", bytes(200))
    assert files(shelf) == []


def test_what_a_killed_process_left_is_removed_and_what_another_writes_now_is_not(tmp_path):
    shelf = Shelf(tmp_path)
    old, new = tmp_path / "old.part", tmp_path / "new.part"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    past = time.time() - LEFT_BEHIND_S - 1
    os.utime(old, (past, past))
    shelf.tidy()
    assert files(shelf) == [new]


def test_a_folder_that_takes_nothing_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file")
    assert not shelf.writable()
    assert not shelf.put("a", b"one")
    assert shelf.get("a") is None
    shelf.tidy()
    assert Shelf(tmp_path / "new").writable()


def test_processes_share_it(tmp_path):
    code = (
        "import sys; from annotate.pictures.shelf import Shelf; from pathlib import Path\n"
        "shelf = Shelf(Path(sys.argv[1]), 60_000)\n"
        "for n in range(300):\n"
        "    key = str(n % 40); content = key.encode() * 1000\n"
        "    shelf.put(key, content); found = shelf.get(key)\n"
        "    assert found in (None, content), key\n"
    )
    line = [sys.executable, "-P", "-W", "error", "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(line) for _ in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert not list(tmp_path.glob("*.part"))
    shelf = Shelf(tmp_path, 60_000)
    shelf.tidy()
    assert used(shelf) <= 60_000


def test_thumbnails_lie_in_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert thumbnails().folder == tmp_path / "glide-curator" / "thumbnails"
