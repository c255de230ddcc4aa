"""A git repository of pictures with a .txt file each, a store on either engine, and short ways to work on both."""

import os
import subprocess
from pathlib import Path

import pytest

from curator.ingest.job import ingest
from curator.ingest.request import Request
from curator.record import Member
from curator.store import open_store
from curator.store.captions import Writing
from curator.sync.job import Wish, sync_folder
from curator.workspace import Workspace

NAMES = ("00", "01", "02", "03")


class Clone:
    """A folder with images/ and captions/, under git."""

    def __init__(self, folder, name="Ada", email="ada@example.org"):
        self.folder, self.person = folder, ("-c", f"user.name={name}", "-c", f"user.email={email}")

    def git(self, *arguments, person=None):
        who = person or self.person
        line = ["git", "-C", str(self.folder), *who, "-c", "init.defaultBranch=main", *arguments]
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        done = subprocess.run(line, env=clean, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def commit(self, name="Ada", email="ada@example.org"):
        person = ("-c", f"user.name={name}", "-c", f"user.email={email}")
        self.git("add", "-A", person=person)
        self.git("commit", "-q", "-m", "captions", person=person)

    def path(self, name):
        return self.folder / "captions" / f"{name}.txt"

    def say(self, name, text):
        self.path(name).write_text(text, encoding="utf-8")

    def text(self, name):
        return self.path(name).read_text(encoding="utf-8")

    def look(self):
        """Every file with its bytes and its time, the repository's own with them."""
        return {
            str(path.relative_to(self.folder)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }


class Home:
    """A workspace whose set is the pictures of a clone."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.store = open_store(workspace)

    def sync(self, clone, **wish):
        folder = clone if isinstance(clone, Path) else clone.folder
        return sync_folder(self.workspace, self.store, Wish(folder, **wish))

    def write(self, name, text, author="ada", slot=0, **more):
        """Write as a session does: on top of the newest text of the author's line."""
        image = self.store.records.find(name).image.id
        own = [each for each in self.store.captions.revisions(image, author) if each.slot == slot]
        more = {"base": own[-1].id if own else None, **more}
        return self.store.captions.submit(Writing(image, author, text, slot, **more))

    def caption(self, name, slot=0):
        captions = self.store.records.find(name).captions
        return next((each.text.rstrip("\n") for each in captions if each.slot == slot), None)

    def competing(self, name):
        return [{each.text.rstrip("\n") for each in group} for group in self.store.records.find(name).conflicts]

    def newest(self, name):
        return self.store.records.find(name).revisions[-1]

    def texts(self):
        return {each.text.rstrip("\n") for each in self.store.captions.revisions()}


@pytest.fixture
def workspace(address, tmp_path):
    folder = tmp_path / "home" / "set"
    folder.mkdir(parents=True)
    (folder / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{address()}"\n', encoding="utf-8")
    found = Workspace.find(folder)
    open_store(found, create=True).close()
    return found


@pytest.fixture
def clone(tmp_path, picture):
    """Ada's clone: four pictures, three captions, committed."""
    clone = Clone(tmp_path / "clone")
    for part in ("images", "captions"):
        (clone.folder / part).mkdir(parents=True)
    for seed, name in enumerate(NAMES):
        (clone.folder / "images" / f"{name}.png").write_bytes(picture(seed, size=(8, 6)))
    for name in NAMES[:3]:
        clone.say(name, f"a dog, {name}\n")
    clone.git("init", "-q")
    clone.commit()
    return clone


@pytest.fixture
def home(workspace, clone):
    """The clone's pictures and captions ingested and shared out: ada owns them all."""
    made = Home(workspace)
    for name in ("ada", "ben"):
        made.store.team.add(Member(name))
    ingest(workspace, made.store, Request(clone.folder))
    tasks = [("ada", "own", image.id) for image in made.store.pictures.all()]
    made.store.team.add_round(1, "0", None, {}, tasks)
    yield made
    made.store.close()
