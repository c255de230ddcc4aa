"""Downloads from a real server on this machine that serves well, breaks off, lies, is slow, or says no."""

import hashlib
import random
import socket
import subprocess
import sys
import time

import pytest

from curator.errors import ExitCode, InputError, ServiceError
from curator.fetch import Patience, download, recorded_sha256

BODY = random.Random(5).randbytes(300_000)
DIGEST = hashlib.sha256(BODY).hexdigest()
QUICK = Patience(timeout_s=5, waits_s=(0, 0))


class Behaviours:
    """How a server may behave."""

    def ranged(self, body=BODY, etag='"v1"', cut=None):
        """The body from where Range asks, with `cut` bytes of it sent at most."""
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        if self.headers.get("If-Range", etag) != etag:
            start = 0
        if start >= len(body):
            return self.answer(416, b"", {"Content-Range": f"bytes */{len(body)}"})
        headers = {"ETag": etag} if etag else {}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        rest = body[start:]
        return self.answer(206 if start else 200, rest[:cut], headers, length=len(rest))

    def good(self, count):
        self.ranged()

    def breaks_off(self, count):
        self.ranged(cut=100_000)

    def breaks_off_once(self, count):
        self.ranged(cut=100_000 if count == 1 else None)

    def breaks_off_nameless(self, count):
        self.ranged(etag=None, cut=100_000 if count == 1 else None)

    def ignores_range(self, count):
        self.answer(200, BODY[: 100_000 if count == 1 else None], {"ETag": '"v1"'}, length=len(BODY))

    def wrong_range(self, count):
        if count == 1:
            self.ranged(cut=100_000)
        else:
            self.answer(206, BODY[7:], {"ETag": '"v1"', "Content-Range": f"bytes 7-{len(BODY) - 1}/{len(BODY)}"})

    def changes(self, count):
        self.ranged(*((BODY, '"v1"', 100_000) if count == 1 else (BODY[::-1], '"v2"')))

    def says_less(self, count):
        self.answer(200, BODY, length=1000)

    def says_more(self, count):
        self.answer(200, BODY, length=len(BODY) + 1000)

    def endless(self, count):
        self.send_response(200)
        self.end_headers()  # no length: until the connection closes
        for _ in range(64):
            self.wfile.write(BODY)

    def busy_once(self, count):
        self.answer(503, b"later") if count == 1 else self.ranged()

    def slow(self, count):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        for byte in b"slow!":
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)

    def stalls(self, count):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"s")
        self.server.closing.wait(20)

    def web_page(self, count):
        self.answer(200, b"<html>log in first</html>", {"Content-Type": "text/html; charset=utf-8"})

    def zipped(self, count):
        self.answer(200, BODY, {"Content-Encoding": "gzip"})

    def moved(self, count):
        self.answer(302, b"", {"Location": "/good/elsewhere"})

    def circle(self, count):
        self.answer(302, b"", {"Location": self.path})


@pytest.fixture
def server(serve):
    return serve(Behaviours)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


@pytest.mark.parametrize("behaviour", ["good", "breaks_off_once", "ignores_range", "busy_once", "moved"])
@pytest.mark.parametrize("checks", [{}, {"sha256": DIGEST.upper(), "length": len(BODY)}], ids=["bare", "checked"])
def test_the_whole_file_arrives(server, tmp_path, behaviour, checks):
    to = tmp_path / "new" / "weights.bin"
    assert download(f"{server.url}/{behaviour}", to, patience=QUICK, **checks) == to
    assert to.read_bytes() == BODY
    assert (to.parent / "weights.bin.sha256").read_text() == f"{DIGEST}  weights.bin\n"
    assert names(to.parent) == ["weights.bin", "weights.bin.sha256"]


def test_a_break_is_resumed_where_it_was(server, tmp_path):
    download(f"{server.url}/breaks_off", tmp_path / "f", patience=QUICK)
    assert [asked for _, asked in server.seen] == [None, "bytes=100000-", "bytes=200000-"]


def test_the_next_call_resumes(server, tmp_path):
    with pytest.raises(ServiceError, match=r"broke off.*attempts: 1") as caught:
        download(f"{server.url}/breaks_off", tmp_path / "f", patience=Patience(waits_s=()))
    assert "100000 bytes are kept" in caught.value.hint
    assert not (tmp_path / "f").exists()
    download(f"{server.url}/breaks_off", tmp_path / "f", patience=QUICK)
    assert (tmp_path / "f").read_bytes() == BODY
    assert server.seen[1][1] == "bytes=100000-"


def test_two_versions_are_never_joined(server, tmp_path):
    download(f"{server.url}/changes", tmp_path / "f", patience=QUICK)
    assert (tmp_path / "f").read_bytes() == BODY[::-1]


def test_without_a_validator_it_starts_again(server, tmp_path):
    download(f"{server.url}/breaks_off_nameless", tmp_path / "f", patience=QUICK)
    assert [asked for _, asked in server.seen] == [None, None]
    assert (tmp_path / "f").read_bytes() == BODY


def test_a_known_sha256_is_validator_enough(server, tmp_path):
    download(f"{server.url}/breaks_off_nameless", tmp_path / "f", sha256=DIGEST, patience=QUICK)
    assert [asked for _, asked in server.seen] == [None, "bytes=100000-"]
    assert (tmp_path / "f").read_bytes() == BODY


def test_a_spoilt_part_is_thrown_away(server, tmp_path):
    with pytest.raises(ServiceError):
        download(f"{server.url}/breaks_off", tmp_path / "f", sha256=DIGEST, patience=Patience(waits_s=()))
    (tmp_path / "f.part").write_bytes(b"x" * 100_000)
    download(f"{server.url}/good", tmp_path / "f", sha256=DIGEST, patience=QUICK)
    assert (tmp_path / "f").read_bytes() == BODY


def test_a_finished_part_is_used(server, tmp_path):
    with pytest.raises(ServiceError):
        download(f"{server.url}/breaks_off", tmp_path / "f", patience=Patience(waits_s=()))
    (tmp_path / "f.part").write_bytes(BODY)
    download(f"{server.url}/breaks_off", tmp_path / "f", patience=Patience(waits_s=()))
    assert (tmp_path / "f").read_bytes() == BODY
    assert server.seen[-1][1] == f"bytes={len(BODY)}-"


@pytest.mark.parametrize(
    ("path", "message", "requests"),
    [
        ("404", "404 Not Found", 1),
        ("403", "403 Forbidden", 1),
        ("500", "500 Internal Server Error", 3),
        ("503", "503 Service Unavailable", 3),
        ("204", "204 No Content", 1),
        ("web_page", "a web page instead of a file", 1),
        ("zipped", "encoding that was not asked for", 1),
        ("circle", "redirects in a circle", 21),
        ("says_more", "broke off", 3),
    ],
)
def test_an_answer_that_is_not_the_file_is_never_kept(server, tmp_path, path, message, requests):
    with pytest.raises(ServiceError, match=message) as caught:
        download(f"{server.url}/{path}", tmp_path / "f", patience=QUICK)
    assert caught.value.exit_code == ExitCode.SERVICE
    assert server.url in caught.value.message
    assert caught.value.hint
    assert len(server.seen) == requests
    assert not (tmp_path / "f").exists()
    assert not (tmp_path / "f.sha256").exists()
    if path != "says_more":
        assert names(tmp_path) == []


@pytest.mark.parametrize("path", ["good", "says_less", "says_more", "endless"])
def test_another_length_than_expected(server, tmp_path, path):
    with pytest.raises(ServiceError, match="expected"):
        download(f"{server.url}/{path}", tmp_path / "f", length=len(BODY) - 1, patience=QUICK)
    assert names(tmp_path) == []
    assert len(server.seen) == 1


def test_another_content_than_expected(server, tmp_path):
    with pytest.raises(ServiceError, match=f"sha256 {DIGEST}, expected {'0' * 64}"):
        download(f"{server.url}/good", tmp_path / "f", sha256="0" * 64, patience=QUICK)
    assert names(tmp_path) == []
    assert len(server.seen) == 1


def test_a_partial_answer_from_elsewhere_is_refused(server, tmp_path):
    with pytest.raises(ServiceError, match="206"):
        download(f"{server.url}/wrong_range", tmp_path / "f", patience=QUICK)
    assert not (tmp_path / "f").exists()


def test_slow_is_not_broken(server, tmp_path):
    steps = []
    download(f"{server.url}/slow", tmp_path / "f", progress=lambda done, total: steps.append((done, total)))
    assert (tmp_path / "f").read_bytes() == b"slow!"
    assert steps[-1] == (5, 5)
    assert steps == sorted(steps)


def test_silence_is_broken(server, tmp_path):
    with pytest.raises(ServiceError, match=r"no answer from 127\.0\.0\.1 within 0\.2 s \(attempts: 2\)"):
        download(f"{server.url}/stalls", tmp_path / "f", patience=Patience(timeout_s=0.2, waits_s=(0,)))
    assert not (tmp_path / "f").exists()


def test_nobody_answers(server, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1 cannot be reached") as caught:
        download(f"http://name:secret@127.0.0.1:{port}/f", tmp_path / "f", patience=QUICK)
    assert "secret" not in str(caught.value)
    assert names(tmp_path) == []


@pytest.mark.parametrize("url", ["weights.bin", "ftp://host/f", "http://", "http://a:b", "file:///etc/passwd", ""])
def test_no_web_address(tmp_path, url):
    with pytest.raises(InputError, match="is not a web address"):
        download(url, tmp_path / "f")


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    for _ in range(3):
        download(f"{server.url}/good", tmp_path / "f")
    assert len(server.seen) == 1


def test_what_was_damaged_since_is_noticed(server, tmp_path):
    download(f"{server.url}/good", tmp_path / "f")
    (tmp_path / "f").write_bytes(BODY[:-1])
    with pytest.raises(InputError, match=f"expected {DIGEST}"):
        download(f"{server.url}/good", tmp_path / "f")
    (tmp_path / "f.sha256").unlink()
    with pytest.raises(InputError, match="299999 bytes, expected 300000"):
        download(f"{server.url}/good", tmp_path / "f", length=len(BODY))
    assert len(server.seen) == 1


def test_the_recorded_sha256_holds_when_the_file_is_deleted(server, tmp_path):
    download(f"{server.url}/good", tmp_path / "f")
    (tmp_path / "f").unlink()
    with pytest.raises(ServiceError, match=f"expected {DIGEST}"):
        download(f"{server.url}/slow", tmp_path / "f", patience=QUICK)
    download(f"{server.url}/good", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == BODY


def test_a_file_put_there_by_hand_is_recorded(server, tmp_path):
    (tmp_path / "f").write_bytes(BODY)
    download(f"{server.url}/good", tmp_path / "f", sha256=DIGEST)
    assert (tmp_path / "f.sha256").read_text() == f"{DIGEST}  f\n"
    assert server.seen == []


def test_the_record_can_be_read(tmp_path):
    file = tmp_path / "f"
    assert recorded_sha256(file) is None
    (tmp_path / "f.sha256").write_text(f"{DIGEST.upper()}  f\n")
    assert recorded_sha256(file) == DIGEST


def test_an_unreadable_record_is_named(server, tmp_path):
    (tmp_path / "f.sha256").write_text("not a checksum\n")
    with pytest.raises(InputError, match=r"f\.sha256: not a recorded sha256"):
        download(f"{server.url}/good", tmp_path / "f")


def test_two_processes_fetch_once(server, tmp_path):
    script = (
        "import sys; from pathlib import Path; from curator.fetch import download; sys.stdin.readline();"
        f"download({server.url + '/slow'!r}, Path({str(tmp_path / 'f')!r})); print('done')"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60) for process in both] == [("done\n", "")] * 2
    assert len(server.seen) == 1
    assert (tmp_path / "f").read_bytes() == b"slow!"
