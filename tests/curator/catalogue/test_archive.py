"""A set that comes as an archive, from a real server and from a file; the pictures are made up here."""

import csv
import hashlib
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from curator.catalogue.get import Choice, get_dataset
from curator.catalogue.known import find_dataset
from curator.errors import InputError, ServiceError, UsageError

SIZES = {"dog": 5, "dog2": 6, "dog3": 6, "dog5": 5, "dog6": 5, "dog7": 5, "dog8": 5}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Stay silent."""


@pytest.fixture
def pictures(picture):
    """Path in the archive → content, in the shape of the published one."""
    names = [f"{subject}/{index:02}.jpg" for subject, count in SIZES.items() for index in range(count)]
    return {f"dreambooth-main/dataset/{name}": picture(index, "JPEG") for index, name in enumerate(names)}


@pytest.fixture
def archive(tmp_path, pictures):
    """Makes the zip file, with more or fewer members."""

    def make(changes=None):
        path = tmp_path / "served" / "dogs.zip"
        path.parent.mkdir(exist_ok=True)
        others = {
            "dreambooth-main/README.md": b"# DreamBooth",
            "dreambooth-main/dataset/cat/00.jpg": b"a cat",
            "dreambooth-main/dataset/dog/notes.txt": b"not a picture",
            "dreambooth-main/other/dog/00.jpg": b"elsewhere",
            "dog/00.jpg": b"too high up",
            "../../dog/00.jpg": b"outside",
        }
        members = {**others, **dict(reversed(pictures.items())), **(changes or {})}
        with zipfile.ZipFile(path, "w") as content:
            content.mkdir("dreambooth-main/dataset/dog")
            for name, data in members.items():
                if data is not None:
                    content.writestr(name, data)
        return path

    return make


@pytest.fixture
def server(tmp_path, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "served").mkdir(exist_ok=True)
    running = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "served")))
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()
    thread.join()


def check(folder, pictures):
    expected = {"-".join(name.split("/")[-2:]): content for name, content in pictures.items()}
    assert {path.name: path.read_bytes() for path in (folder / "images").iterdir()} == expected
    assert not (folder / "captions").exists()
    with (folder / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == sorted(expected)
    assert {(row["image"].split("-")[0], row["licence"], row["caption"]) for row in rows} == {
        (subject, "CC-BY-4.0", "") for subject in SIZES
    }
    assert all(row["subject"] == row["image"].split("-")[0] for row in rows)
    assert rows[0]["source"] == (
        "https://github.com/google/dreambooth dataset/dog/00.jpg, by https://unsplash.com/@alvannee"
    )


def test_from_a_server(server, archive, pictures, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = archive()
    check(get_dataset("dreambooth-dogs", tmp_path / "dogs", Choice(origin=f"{server}/dogs.zip")), pictures)
    kept = tmp_path / "cache" / "glide-curator" / "downloads" / "dreambooth-dogs.zip"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert kept.with_name("dreambooth-dogs.zip.sha256").read_text() == f"{digest}  dreambooth-dogs.zip\n"
    path.unlink()
    check(get_dataset("dreambooth-dogs", tmp_path / "again", Choice(origin=f"{server}/dogs.zip")), pictures)


def test_from_a_file(archive, pictures, tmp_path):
    check(get_dataset("dreambooth-dogs", tmp_path / "dogs", Choice(origin=str(archive()))), pictures)


def test_a_server_without_it(server, tmp_path):
    with pytest.raises(ServiceError, match="404"):
        get_dataset("dreambooth-dogs", tmp_path / "dogs", Choice(origin=f"{server}/absent.zip"))
    assert not (tmp_path / "dogs").exists()


@pytest.mark.parametrize("count", [36, 38])
def test_another_number_of_pictures(archive, tmp_path, count):
    changes = {f"dreambooth-main/dataset/dog8/{'04' if count == 36 else '05'}.jpg": None if count == 36 else b"more"}
    with pytest.raises(InputError, match=f"{count} pictures of dreambooth-dogs, expected 37"):
        get_dataset("dreambooth-dogs", tmp_path / "dogs", Choice(origin=str(archive(changes))))
    assert not (tmp_path / "dogs").exists()


def test_a_spoilt_archive(archive, tmp_path):
    path = archive()
    whole = path.read_bytes()
    for content in (b"<html>", whole[:-100], whole[:200] + b"x" * 400 + whole[600:]):
        path.write_bytes(content)
        with pytest.raises(InputError, match="not a readable zip file"):
            get_dataset("dreambooth-dogs", tmp_path / "dogs", Choice(origin=str(path)))
        assert not (tmp_path / "dogs").exists()


def test_a_picture_that_unpacks_without_end(archive, tmp_path):
    path = archive()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as content:
        content.writestr("dreambooth-main/dataset/dog/99.jpg", bytes(65 << 20))
    with pytest.raises(InputError, match=r"99\.jpg claims 68157440 bytes"):
        get_dataset("dreambooth-dogs", tmp_path / "dogs", Choice(origin=str(path)))


def test_wrong_choices(tmp_path):
    with pytest.raises(UsageError, match="neither groups nor sizes"):
        get_dataset("dreambooth-dogs", tmp_path / "dogs", Choice(size_px=64))
    with pytest.raises(InputError, match=r"absent\.zip: no such file"):
        get_dataset("dreambooth-dogs", tmp_path / "dogs", Choice(origin="absent.zip"))


def test_the_counts_are_those_of_the_description():
    known = find_dataset("dreambooth-dogs")
    assert known.counts.pictures == sum(SIZES.values())
    assert known.counts.subjects == len(known.archive.subjects)
    assert list(known.archive.subjects) == list(SIZES)
