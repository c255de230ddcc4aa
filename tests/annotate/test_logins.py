"""On a PostgreSQL with a login for each member: what people do all day works with their own login, and no further."""

import pytest

from annotate.adjudication.decisions import Decision, approve, decide, read_cases, take_back
from annotate.captioner.ledger import answer, keep, load_queue, read_answers, read_line, skip, submit
from annotate.captioner.session import Session
from annotate.pack.desk import close_pack, open_pack
from annotate.pack.merge import merge_pack
from annotate.pack.write import write_pack
from annotate.progress.figures import read
from annotate.replace.plan import Scope, apply, preview, undo
from annotate.replace.substitution import Request
from annotate.writing.answers import Answers
from curator.blobs import Blobs
from curator.errors import StoreError
from curator.filter import parse
from curator.record import Image, Member, Source
from curator.release.export import export
from curator.release.options import Options
from curator.split.holdout import Rule, draw
from curator.split.plan import Wish, split_round
from curator.split.reassign import Passing, reassign
from curator.store import open_store
from curator.store.captions import Writing
from curator.store.postgres_roles import plan_roles
from curator.sync.job import Wish as Sync
from curator.sync.job import sync_folder
from curator.workspace import Workspace

TEAM = {"ada": "lead", "ben": "annotator", "cem": "annotator", "cleo": "reviewer"}
SETTINGS = '[captioning]\nslots = 1\n[adjudication]\ntwo_people = true\n[attributes]\npose = ["sitting", "lying"]\n'


class Logins:
    """A split set on a server; `logins["ben"]` is its store, open with ben's own login."""

    def __init__(self, workspace, folder):
        self.workspace, self.folder, self.opened = workspace, folder, {}
        self.owner = open_store(workspace)
        self.names = plan_roles(self.owner).logins

    def __getitem__(self, member):
        if member not in self.opened:
            self.opened[member] = open_store(self.at(member))
        return self.opened[member]

    def at(self, member):
        """The workspace on the member's own machine: the same pictures, the member's own login."""
        address = self.owner.database.url.set(username=self.names[member]).render_as_string(hide_password=False)
        folder = self.folder / member
        folder.mkdir(exist_ok=True)
        toml = f'name = "dogs"\n[store]\nurl = "{address}"\n[blobs]\nurl = "{self.workspace.blobs}"\n{SETTINGS}'
        (folder / "curator.toml").write_text(toml, encoding="utf-8")
        return Workspace.find(folder)

    def session(self, member):
        session = Session(load_queue(self[member], member))
        session.go(session.index, read_line(self[member], member, session.item))
        return session


@pytest.fixture
def logins(database_address, tmp_path, picture):
    folder = tmp_path / "owner"
    folder.mkdir()
    toml = f'name = "dogs"\n[store]\nurl = "{database_address()}"\n{SETTINGS}'
    (folder / "curator.toml").write_text(toml, encoding="utf-8")
    workspace = Workspace.find(folder)
    store, blobs = open_store(workspace), Blobs(workspace.blobs)
    for name, role in TEAM.items():
        store.team.add(Member(name, role=role))
    for number in range(8):
        blob = blobs.put(picture(number))
        store.pictures.add(Image(blob, blob, 40, 30, "PNG", subject=("dog", "cat")[number % 2]))
        store.pictures.save_source(Source("/in", f"{number}.png", "image", 1, 1, blob))
    plan_roles(store).apply()
    store.close()
    made = Logins(workspace, tmp_path)
    draw(workspace, made["ada"], blobs, Rule(subjects=("dog",)), redraw=False)
    split_round(made["ada"], Wish("4", None, 7))
    yield made
    for each in (made.owner, *made.opened.values()):
        each.close()


def test_a_captioning_session(logins):
    session, store = logins.session("ben"), logins["ben"]
    image = session.item.image.id
    session.typed("a dog")
    keep(store, "ben", image, 0, session.draft())
    session.typed("a dog that sits")
    keep(store, "ben", image, 0, session.draft())
    session.undo()
    keep(store, "ben", image, 0, session.draft())
    assert store.captions.draft(image, "ben").text == "a dog"
    submission = session.submission()
    revision, line = submit(store, submission)
    assert (revision.author, submit(store, submission)[0]) == ("ben", revision)
    assert session.submitted(submission, revision, line)
    before = read_answers(store, "ben", image, {"pose": ("sitting",)})
    after = Answers({"pose": "sitting", "rating": 4, "flag": "blurred", "note": "a note"})
    answer(store, "ben", image, before, after)
    session.go(1, read_line(store, "ben", session.items[1]))
    skip(store, session.item, "too dark")
    assert [task.state for task in logins.owner.team.tasks("ben")][:1] == ["submitted"]
    assert {member.name for member in read(store).members} >= set(TEAM)


def test_acting_as_another_is_refused_by_the_database_and_nothing_is_lost(logins):
    session, ben = logins.session("cem"), logins["ben"]
    session.typed("a dog")
    for step in (
        lambda: keep(ben, "cem", session.item.image.id, 0, session.draft()),
        lambda: submit(ben, session.submission()),
        lambda: skip(ben, session.item, "dark"),
    ):
        with pytest.raises(StoreError, match="row-level security") as caught:
            step()
        assert "this login may not do that" in caught.value.hint
    assert logins.owner.captions.revisions() == []
    assert {task.state for task in logins.owner.team.tasks()} == {"open"}


def test_a_pack_is_merged_by_its_own_member_or_by_the_lead(logins, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "laptop"))
    packs = {}
    for member in ("ben", "cem"):
        packs[member] = tmp_path / f"{member}.pack"
        write_pack(logins.at(member), logins[member], member, packs[member])
        desk, _ = open_pack(packs[member])
        store = open_store(desk)
        task = store.team.tasks(member)[0]
        store.captions.submit(Writing(task.image, member, f"from the pack of {member}"))
        store.history.answer(task.image, member, "rating", 5)
        store.team.close_task(task.id, "submitted")
        store.close()
        close_pack(packs[member])
    assert merge_pack(logins.at("ben"), logins["ben"], packs["ben"]).new == 1
    with pytest.raises(StoreError, match="row-level security"):
        merge_pack(logins.at("ben"), logins["ben"], packs["cem"])
    assert merge_pack(logins.at("ada"), logins["ada"], packs["cem"]).new == 1
    assert merge_pack(logins.at("ada"), logins["ada"], packs["ben"]).new == 0
    texts = {(each.author, each.text) for each in logins.owner.captions.revisions()}
    assert texts == {(each, f"from the pack of {each}") for each in packs}


def test_disagreement_is_decided_by_a_reviewer_and_approved_by_another(logins):
    image = next(task.image for task in logins.owner.team.tasks() if task.kind == "overlap")
    for member, text in (("ben", "a red dog on grass"), ("cem", "two cats asleep")):
        logins[member].captions.submit(Writing(image, member, text))
    cleo, config = logins["cleo"], logins.workspace.config
    decision = decision_on(cleo, config, image)
    with pytest.raises(StoreError, match="row-level security"):
        decide(logins["ben"], decision, "ben")
    written = decide(cleo, decision, "cleo")
    take_back(cleo, decision.case, written, "cleo")
    written = decide(cleo, decision_on(cleo, config, image), "cleo")
    pending = next(each for each in read_cases(logins["ada"], config, "ada") if each.pending is not None)
    assert pending.pending.id == written.id
    approve(logins["ada"], pending, "ada")
    record = next(each for each in logins.owner.records.all() if each.image.id == image)
    assert (record.captions[0].text, record.captions[0].revision) == (decision.text, written.id)


def decision_on(store, config, image):
    """A decision for the first of a picture's texts."""
    case = next(each for each in read_cases(store, config, "cleo") if each.record.image.id == image)
    return Decision(case, case.texts[0].text, "it is a dog", case.texts[0].id)


def test_find_and_replace(logins):
    for member in ("ben", "cem"):
        image = next(task.image for task in logins.owner.team.tasks(member) if task.kind == "own")
        logins[member].captions.submit(Writing(image, member, "a smal dog"))
    people = {each.name: each for each in logins.owner.team.members()}
    wish, attributes = Request("smal", "small", False, False, False), logins.workspace.config.attributes
    made = preview(logins["ben"], people["ben"], wish, Scope(parse("", attributes), "ben", None), attributes)
    number = apply(logins["ben"], made)
    undo(logins["ben"], people["ben"], number)
    made = preview(logins["ada"], people["ada"], wish, Scope(parse("", attributes), "*", None), attributes)
    assert len(made.changes) == 2
    with pytest.raises(StoreError, match="row-level security"):
        apply(logins["ben"], made)
    apply(logins["ada"], made)
    newest = {each.author: each for each in logins.owner.captions.revisions()}
    assert {(each.text, each.writer) for each in newest.values()} == {("a small dog", "ada")}


def test_a_folder_of_ones_own_captions(logins, tmp_path):
    folder = tmp_path / "captions"
    folder.mkdir()
    own = [task.image for task in logins.owner.team.tasks("ben") if task.kind == "own"]
    names = {record.image.id: record.name.removesuffix(".png") for record in logins.owner.records.all()}
    (folder / f"{names[own[0]]}.txt").write_text("from a file\n", encoding="utf-8")
    report = sync_folder(logins.at("ben"), logins["ben"], Sync(folder, author="ben"))
    assert (len(report.taken), report.refused) == (1, {})
    logins["ben"].captions.submit(Writing(own[1], "ben", "from the store"))
    sync_folder(logins.at("ben"), logins["ben"], Sync(folder, author="ben"))
    assert (folder / f"{names[own[1]]}.txt").read_text(encoding="utf-8").strip() == "from the store"
    assert [each.text for each in logins.owner.captions.revisions(own[0], "ben")] == ["from a file"]


def test_the_lead_passes_work_on_and_nobody_else(logins):
    with pytest.raises(StoreError, match=r"permission denied|row-level security"):
        reassign(logins["ben"], Passing("cem"))
    assert reassign(logins["ada"], Passing("cem")).proof["pictures"]
    with pytest.raises(StoreError, match="permission denied"):
        logins["cleo"].team.change("cleo", role="lead")


def test_anybody_exports(logins):
    for task in logins.owner.team.tasks():
        if task.kind == "own":
            logins[task.member].captions.submit(Writing(task.image, task.member, "a dog, as it is"))
    done = export(logins.at("ben"), logins["ben"], Options("sidecar", False, False))
    assert done.is_new
    assert [row.name for row in logins.owner.history.releases()] == [done.folder.name]


def test_at_the_command_line(logins, run):
    line = ("annotate", "tui", "--as")
    assert "needs a terminal" in run(*line, "ben", cwd=logins.at("ben").path, code=2).stderr
    refused = run(*line, "cem", cwd=logins.at("ben").path, code=3).stderr
    assert "the login of ben, which cannot act as cem" in refused
