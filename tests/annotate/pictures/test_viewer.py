import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotate.pictures.viewer import command, safe_name, show
from curator.errors import ConfigError, ServiceError


@pytest.fixture
def viewer(tmp_path, monkeypatch):
    """A viewer that notes what it is called with in `noted`, and ends with the code in `code`."""
    program = tmp_path / "viewer"
    told = f'printf "%s\\n" "$@" > {tmp_path}/part; mv {tmp_path}/part {tmp_path}/noted'
    program.write_text(f"#!/bin/sh\n{told}\nexit $(cat {tmp_path}/code)\n")
    program.chmod(0o755)
    (tmp_path / "code").write_text("0")
    monkeypatch.setenv("CURATOR_VIEWER", f"{program} --fullscreen 'two words'")
    return tmp_path


def noted(folder):
    end = time.monotonic() + 30
    while not (folder / "noted").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    return (folder / "noted").read_text().splitlines()


def test_the_viewer_is_given_a_copy_that_only_the_owner_can_read(viewer, picture):
    copy = show(picture(1), "PNG", "dogs/a b.jpeg")
    assert noted(viewer) == ["--fullscreen", "two words", str(copy)]
    assert copy.read_bytes() == picture(1)
    assert copy.name.startswith("a-b-")
    assert copy.suffix == ".png"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o400
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_pictures_of_one_name_are_told_apart_and_the_same_one_is_copied_once(viewer, picture):
    first, second, again = (show(picture(seed), "PNG", "a.png") for seed in (1, 2, 1))
    assert first == again
    assert first != second
    assert second.read_bytes() == picture(2)


def test_what_the_viewer_was_given_is_gone_afterwards(viewer, picture, tmp_path):
    (tmp_path / "a.png").write_bytes(picture(1))
    code = (
        "import sys; from pathlib import Path; from annotate.pictures.viewer import show\n"
        "print(show(Path(sys.argv[1]).read_bytes(), 'PNG', 'a'))"
    )
    line = [sys.executable, "-P", "-W", "error", "-c", code, str(tmp_path / "a.png")]
    done = subprocess.run(line, capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    assert not Path(done.stdout.strip()).parent.exists()


def test_a_viewer_that_fails_is_told(viewer, picture):
    (viewer / "code").write_text("3")
    with pytest.raises(ServiceError, match="ended with 3"):
        show(picture(1), "PNG", "a")


def test_a_viewer_that_stays_open_is_not_waited_for(monkeypatch, picture, tmp_path):
    program = tmp_path / "slow"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setenv("CURATOR_VIEWER", str(program))
    show(picture(1), "PNG", "a")
    process = int((tmp_path / "pid").read_text())
    os.kill(process, 0)
    os.kill(process, 9)


def test_what_cannot_be_started_is_told(monkeypatch, picture, tmp_path):
    program = tmp_path / "broken"
    program.write_bytes(b"\x7fELF no program")
    program.chmod(0o755)
    monkeypatch.setenv("CURATOR_VIEWER", str(program))
    with pytest.raises(ServiceError, match="does not start"):
        show(picture(1), "PNG", "a")


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("dog.png", "PNG", "dog-m.png"),
        ("dog.png", "JPEG", "dog-m.jpg"),
        ("../../etc/passwd", "PNG", "passwd-m.png"),
        ("-rf", "PNG", "rf-m.png"),
        ("http://x/?a=b;rm $(x) `y` 'z'", "WEBP", "a-b-rm-x-y-z-m.webp"),
        ("\x1b[31m\n犬", "PNG", "31m-m.png"),
        ("犬.png", "PNG", "picture-m.png"),
        ("", "PNG", "picture-m.png"),
        ("a" * 300, "PNG", "a" * 80 + "-m.png"),
        ("dog", "../x y", "dog-m.xy"),
        ("dog", "", "dog-m.img"),
    ],
    ids=["plain", "of another format", "path", "option", "shell", "escape", "only letters of other scripts", "empty",
         "long", "strange format", "no format"],
)  # fmt: skip
def test_a_name_is_made_safe(name, kind, safe):
    assert safe_name(name, kind, "m") == safe


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A PATH with an xdg-open, in a folder that also tells which one it is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "xdg-open").write_text("#!/bin/sh\n")
    (folder / "xdg-open").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_the_systems_viewer(programs, display):
    assert command({display: ":0"}) == [str(programs / "xdg-open")]


def test_macs_have_open(programs, monkeypatch):
    (programs / "xdg-open").rename(programs / "open")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert command({}) == [str(programs / "open")]


@pytest.mark.parametrize(
    ("environment", "error", "said"),
    [
        ({}, ServiceError, "no screen"),
        ({"SSH_CONNECTION": "1 2 3 4"}, ServiceError, "over SSH"),
        ({"DISPLAY": ":0"}, ServiceError, "no program"),
        ({"CURATOR_VIEWER": "nowhere -x"}, ConfigError, "no such program"),
        ({"CURATOR_VIEWER": "'open"}, ConfigError, "no command"),
    ],
    ids=["no screen", "ssh", "no program", "unknown program", "open quote"],
)
def test_without_a_viewer_it_is_said_what_to_do(programs, environment, error, said):
    (programs / "xdg-open").unlink()
    with pytest.raises(error, match=said) as told:
        command(environment)
    assert told.value.hint
