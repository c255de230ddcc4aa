"""A team that packs, works apart and merges, on both engines."""

import io
import shutil

import pytest
from PIL import Image as Pillow

from annotate.captioner.ledger import CAPTIONING
from annotate.pack.desk import close_pack, open_pack
from annotate.pack.merge import merge_pack
from annotate.pack.write import write_pack
from curator.blobs import Blobs
from curator.captions import captions
from curator.record import Image, Member, Source
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

TASKS = [
    *(("ada", "own", name) for name in ("a1", "a2", "shared")),
    *(("ben", "own", name) for name in ("b1", "both")),
    ("cleo", "own", "c1"),
    *((name, "overlap", "shared") for name in ("ben", "cleo")),
    *((name, "overlap", "both") for name in ("ada", "cleo")),
]
SETTINGS = """
[captioning]
slots = 2
forbidden = ["nice", "a \\"quoted\\" word\\u007f"]
guide = "docs/STYLE.md"

[attributes]
pose = ["sitting", "lying"]
tags = []

[audit]
words = ["corgi"]

[audit.places]
beach = ["sand"]
"""


class Team:
    """ada, ben and cleo with six pictures, two of them captioned blind by all; and short ways to work on them."""

    def __init__(self, workspace, desks):
        self.workspace, self.desks = workspace, desks
        self.store = open_store(workspace)
        self.images = {source.path.removesuffix(".png"): source.image for source in self.store.pictures.sources()}
        self.names = {image: name for name, image in self.images.items()}

    def write(self, picture, text, author="ada", slot=0, store=None, **more):
        """Write as a session does: on top of the newest text, which finishes the task."""
        store = store or self.store
        own = [each for each in store.captions.revisions(self.images[picture], author) if each.slot == slot]
        more = {"base": own[-1].id if own else None, **more}
        revision = store.captions.submit(Writing(self.images[picture], author, text, slot, **more))
        for task in store.team.tasks(author):
            if task.image == revision.image and task.kind in CAPTIONING and task.state == "open":
                store.team.close_task(task.id, "submitted")
        return revision

    def pack(self, member="ada", name=None, **options):
        """Make a pack, and give its file."""
        file = self.desks / (name or f"{member}.pack")
        write_pack(self.workspace, self.store, member, file, **options)
        return file

    def merge(self, *files, **options):
        return [merge_pack(self.workspace, self.store, file, **options) for file in files]

    def state(self, store=None):
        """What a merge must make the same in any order: texts, captions that can be exported, states of tasks."""
        store = store or self.store
        by_id = {each.id: each for each in store.captions.revisions()}
        texts = {
            (self.names[each.image], each.author, each.slot, each.text, each.base and by_id[each.base].text,
             each.merges and by_id[each.merges].text, each.source and by_id[each.source].text, each.written,
             each.seconds, each.origin)
            for each in by_id.values()
        }  # fmt: skip
        records = store.records.all()
        chosen = {
            (record.name, caption.slot): (caption.text, caption.author)
            for record in records
            for caption in captions(record.revisions, record.owner)
            if not record.conflicts
        }
        competing = {(record.name, each.text) for record in records for group in record.conflicts for each in group}
        answers = {(each.image, each.member, each.key, str(each.value), each.written) for each in _answers(store)}
        tasks = {
            (each.round, each.member, each.kind, each.image, each.state, each.reason) for each in store.team.tasks()
        }
        return texts, chosen, competing, answers, tasks

    def count(self):
        """Rows that a second merge must not add to."""
        return len(self.store.captions.revisions()), len(_answers(self.store))


def _answers(store):
    return store.history.all_answers()


class Desk:
    """An opened pack."""

    def __init__(self, team, file):
        self.team, self.file = team, file
        self.workspace, self.member = open_pack(file)
        self.store = open_store(self.workspace)

    def write(self, picture, text, **more):
        return self.team.write(picture, text, self.member, store=self.store, **more)

    def task(self, picture):
        return next(each for each in self.store.team.tasks(self.member) if each.image == self.team.images[picture])

    def close(self):
        self.store.close()
        return close_pack(self.file, self.workspace)


@pytest.fixture
def workspace(address, tmp_path):
    folder = tmp_path / "workspace"
    (folder / "docs").mkdir(parents=True)
    settings = f'name = "dogs"\n[store]\nurl = "{address()}"\n{SETTINGS}'
    (folder / "curator.toml").write_text(settings, encoding="utf-8")
    (folder / "docs" / "STYLE.md").write_text("Name the breed.\n", encoding="utf-8")
    found = Workspace.find(folder)
    open_store(found, create=True).close()
    return found


@pytest.fixture
def team(workspace, tmp_path, picture):
    store = open_store(workspace)
    with store.write():
        for name in ("ada", "ben", "cleo"):
            store.team.add(Member(name, role="lead" if name == "ada" else "annotator"))
        images = {}
        for seed, name in enumerate(dict.fromkeys(name for _, _, name in TASKS)):
            images[name] = _add(store, Blobs(workspace.blobs), picture(seed, size=(160, 120)), name)
        store.team.add_round(
            1, "2", None, {"secret": "of the lead"}, [(who, kind, images[n]) for who, kind, n in TASKS]
        )
    store.close()
    (tmp_path / "desks").mkdir()
    made = Team(workspace, tmp_path / "desks")
    yield made
    made.store.close()


def _add(store, blobs, content, name):
    blob = blobs.put(content)
    width, height = Pillow.open(io.BytesIO(content)).size
    store.pictures.add(Image(blob, blob, width, height, "PNG", subject="dog"))
    store.pictures.save_source(Source("/home/ada/dogs", f"{name}.png", "image", len(content), 0, image=blob))
    return blob


@pytest.fixture
def opened(team):
    """`opened(file)`: the desk at which a pack is worked on; closed, its work is in the file."""
    desks = []

    def make(file):
        desks.append(Desk(team, file))
        return desks[-1]

    yield make
    for desk in desks:
        desk.store.close()


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """`elsewhere("laptop")`: from here on, packs are opened in that user's data folder."""

    def move(name):
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "homes" / name))

    move("desktop")
    return move


@pytest.fixture
def another_store(engine, team, tmp_path, request):
    """`another_store()`: a store of its own with the same rows as the team's has now."""
    made = []

    def sqlite(number):
        folder = tmp_path / f"store{number}"
        folder.mkdir()
        shutil.copy(team.workspace.path / "curator.db", folder)
        return folder, "sqlite:///curator.db"

    def postgres(number):
        server = request.getfixturevalue("postgres_server")
        source = team.store.database.url.database
        server.execute(f"CREATE DATABASE {source}_{number} TEMPLATE {source}")
        folder = tmp_path / f"store{number}"
        folder.mkdir()
        return folder, server.address(f"{source}_{number}")

    def make():
        team.store.close()  # to the last connection: what is copied is whole then
        folder, url = {"sqlite": sqlite, "postgres": postgres}[engine](len(made))
        (folder / "curator.toml").write_text(f'name = "dogs"\n[store]\nurl = "{url}"\n', encoding="utf-8")
        made.append(open_store(Workspace.find(folder)))
        return made[-1]

    yield make
    for store in made:
        store.close()
        if engine == "postgres":
            request.getfixturevalue("postgres_server").execute(
                f"DROP DATABASE {store.database.url.database} WITH (FORCE)"
            )
