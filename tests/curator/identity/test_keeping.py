"""Where a token lies on this machine."""

import os
import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from curator.errors import ConfigError, InputError
from curator.identity import keeping

MARK = "0123456789abcdef" * 2


@pytest.fixture
def place():
    """The file of the token, below this test's own home."""
    return Path.home() / ".config" / "glide-curator" / "tokens" / MARK


@pytest.fixture(autouse=True)
def _no_keyring_left():
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


class Ring(KeyringBackend):
    """A keyring of the kind that desktops have, for the length of a test."""

    priority = 5

    def __init__(self, locked=False):
        super().__init__()
        self.kept, self.locked = {}, locked

    def get_password(self, service, username):
        if self.locked:
            raise KeyringError("locked")
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        if self.locked:
            raise KeyringError("locked")
        self.kept[service, username] = password

    def delete_password(self, service, username):
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[service, username]


class PlainFileRing(Ring):
    """A keyring of the kind that its own documentation advises against."""

    priority = 0.5


def test_without_a_keyring_it_is_a_file_for_its_owner_only(tmp_path, place):
    assert keeping.find(MARK, tmp_path) is None
    assert keeping.keep(MARK, "secret", tmp_path) == str(place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert keeping.find(MARK, tmp_path) == "secret"
    keeping.keep(MARK, "another", tmp_path)
    assert keeping.find(MARK, tmp_path) == "another"
    assert [path.name for path in place.parent.iterdir()] == [MARK]
    keeping.forget(MARK, tmp_path)
    keeping.forget(MARK, tmp_path)
    assert (keeping.find(MARK, tmp_path), list(tmp_path.iterdir())) == (None, [])


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o601, 0o666])
def test_a_file_that_others_can_open_is_refused_with_the_line_that_mends_it(tmp_path, place, mode):
    keeping.keep(MARK, "secret", tmp_path)
    place.chmod(mode)
    with pytest.raises(InputError, match="can be read by others") as caught:
        keeping.find(MARK, tmp_path)
    assert caught.value.hint == f"chmod 600 {place}"
    os.system(caught.value.hint)
    assert keeping.find(MARK, tmp_path) == "secret"


def test_a_strange_umask_does_not_widen_it(tmp_path, place):
    before = os.umask(0)
    try:
        keeping.keep(MARK, "secret", tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("way", ["here", "by a link"])
def test_never_in_the_workspace(tmp_path, monkeypatch, way):
    workspace = tmp_path / "workspace"
    (workspace / "config").mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(workspace / "config")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(workspace / "config" if way == "here" else link))
    for step in (lambda: keeping.keep(MARK, "secret", workspace), lambda: keeping.find(MARK, workspace)):
        with pytest.raises(ConfigError, match="does not belong"):
            step()
    assert list(workspace.rglob("*")) == [workspace / "config"]


def test_a_real_keyring_is_used_instead_of_a_file(tmp_path, place):
    ring = Ring()
    keyring.set_keyring(ring)
    assert keeping.keep(MARK, "secret", tmp_path) == "the system's keyring"
    assert ring.kept == {("glide-curator", MARK): "secret"}
    assert not place.exists()
    assert keeping.find(MARK, tmp_path) == "secret"
    keeping.forget(MARK, tmp_path)
    keeping.forget(MARK, tmp_path)
    assert ring.kept == {}


@pytest.mark.parametrize("ring", [Ring(locked=True), PlainFileRing()], ids=["locked", "a plain file"])
def test_a_keyring_that_does_not_serve_is_passed_over(tmp_path, place, ring):
    keyring.set_keyring(ring)
    assert keeping.keep(MARK, "secret", tmp_path) == str(place)
    assert keeping.find(MARK, tmp_path) == "secret"
    assert ring.kept == {}


def test_without_the_package_it_is_a_file(tmp_path, place, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr(keeping, "find_spec", lambda name: None)
    assert keeping.keep(MARK, "secret", tmp_path) == str(place)
    assert keeping.find(MARK, tmp_path) == "secret"


@pytest.mark.parametrize(("value", "told"), [("secret", "secret"), ("", None)])
def test_the_environment(monkeypatch, value, told):
    monkeypatch.setenv("CURATOR_TOKEN", value)
    assert keeping.given() == told
