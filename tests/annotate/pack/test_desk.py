"""Working on a pack: what is written there is in the workspace at once and in the file when it is closed."""

import shutil
import subprocess
import sys

import pytest

from annotate.captioner.ledger import load_queue, read_line
from annotate.pack.desk import close_pack, open_pack, packs_folder
from annotate.pack.parcel import read_parcel
from curator.errors import InputError
from curator.record import Draft
from curator.workspace import Workspace

ADA_S = ["a1.png", "a2.png", "shared.png", "both.png"]


@pytest.fixture
def engine():
    """A desk has a store of its own, in SQLite, whatever the store at home is."""
    return "sqlite"


def test_the_queue_and_what_may_be_seen_are_those_of_home(team, opened):
    team.write("a1", "ada at home")
    team.write("a2", "imported", author="", origin="import")
    team.write("a2", "by a model", author="blip", origin="draft:blip")
    team.write("shared", "ben, blind", "ben")
    team.store.team.close_task(team.store.team.tasks("ada")[1].id, "skipped", "too dark")
    desk = opened(team.pack())
    home, away = (load_queue(store, "ada") for store in (team.store, desk.store))
    assert [item.name for item in away.deck] == [item.name for item in home.deck]
    assert sorted(item.name for item in away.deck) == sorted(ADA_S)
    for here, there in zip(home.deck, away.deck, strict=True):
        assert (here.blind, here.task.state, here.task.reason) == (there.blind, there.task.state, there.task.reason)
        mine, theirs = read_line(team.store, "ada", here), read_line(desk.store, "ada", there)
        for part in ("own", "imported", "machine"):
            texts = [
                [(each.text, each.author, each.written) for each in getattr(line, part)] for line in (mine, theirs)
            ]
            assert texts[0] == texts[1]


def test_settings_guide_and_words_are_those_of_home(team, opened):
    config = opened(team.pack()).workspace.config
    home = team.workspace.config
    assert config.captioning == home.captioning.model_copy(update={"guide": "GUIDE.md"})
    assert (config.name, config.attributes, config.audit) == (home.name, home.attributes, home.audit)
    assert config.store.url == "sqlite:///curator.db"


def test_the_guide_is_there(team, opened):
    assert opened(team.pack()).workspace.guide.read_text() == "Name the breed.\n"


def test_opening_again_or_opening_a_copy_comes_back_to_the_same_work(team, opened):
    file = team.pack()
    opened(file).write("a1", "written, not closed")
    copy = team.desks / "copy"
    shutil.copy(file, copy)
    for each in (file, copy):
        assert [text.text for text in opened(each).store.captions.revisions()] == ["written, not closed"]


def test_closing_changes_nothing_where_nothing_was_done(team, opened):
    file = team.pack()
    content, when = file.read_bytes(), file.stat().st_mtime_ns
    work = opened(file).close()
    assert work.texts == ()
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (content, when)


def test_closing_twice_changes_nothing_the_second_time(team, opened):
    desk = opened(team.pack())
    desk.write("a1", "a dog")
    desk.close()
    content, when = desk.file.read_bytes(), desk.file.stat().st_mtime_ns
    close_pack(desk.file)
    assert (desk.file.read_bytes(), desk.file.stat().st_mtime_ns) == (content, when)


def test_work_goes_from_place_to_place_in_the_file(team, opened, elsewhere):
    file = team.pack()
    desk = opened(file)
    desk.write("a1", "at the desktop")
    desk.store.history.answer(team.images["a1"], "ada", "note", "look again")
    desk.store.captions.save_draft(Draft(team.images["a2"], "ada", 0, "half a", ("h",), None))
    desk.store.team.close_task(desk.task("shared").id, "skipped", "too dark")
    desk.close()
    elsewhere("laptop")
    desk = opened(file)
    assert desk.store.captions.draft(team.images["a2"], "ada").text == "half a"
    assert desk.task("shared").state == "skipped"
    desk.write("a1", "and on the laptop")
    work = desk.close()
    assert [each.text for each in work.texts] == ["at the desktop", "and on the laptop"]
    assert work.texts[1].base == work.texts[0].key
    assert [each.value for each in work.said] == ["look again"]
    elsewhere("desktop")
    desk = opened(file)
    assert [each.text for each in desk.store.captions.revisions(author="ada")] == [
        "at the desktop",
        "and on the laptop",
    ]


def test_two_copies_worked_on_apart_lose_nothing_when_one_is_closed_over_the_other(team, opened, elsewhere):
    file = team.pack()
    here = opened(file)
    here.write("a1", "from here")
    elsewhere("laptop")
    there = opened(file)
    there.write("a1", "from there")
    there.close()
    elsewhere("desktop")
    assert {each.text for each in here.close().texts} == {"from here", "from there"}
    assert {each.text for each in read_parcel(file).work.texts} == {"from here", "from there"}


def test_of_two_drafts_of_one_caption_one_stays_and_undo_reaches_the_other(team, opened, elsewhere):
    file = team.pack()
    image = team.images["a1"]
    here = opened(file)
    here.store.captions.save_draft(Draft(image, "ada", 0, "typed here", ("typed",), None))
    elsewhere("laptop")
    there = opened(file)
    there.store.captions.save_draft(Draft(image, "ada", 0, "typed there", (), None))
    there.close()
    elsewhere("desktop")
    for _again in range(2):
        here.close()
        draft = here.store.captions.draft(image, "ada")
        assert (draft.text, draft.steps) == ("typed here", ("typed there", "typed"))


def test_a_file_that_is_gone_is_made_anew(team, opened):
    desk = opened(team.pack())
    before = desk.file.read_bytes()
    desk.file.unlink()
    desk.close()
    assert desk.file.read_bytes() == before


def test_a_damaged_file_is_moved_aside_and_made_anew(team, opened):
    desk = opened(team.pack())
    desk.write("a1", "a dog")
    desk.file.write_bytes(desk.file.read_bytes()[:-100])
    desk.store.close()
    close_pack(desk.file)
    assert [each.text for each in read_parcel(desk.file).work.texts] == ["a dog"]
    assert desk.file.with_name("ada.pack.damaged").is_file()


def test_a_pack_is_not_closed_over_another(team, opened):
    desk = opened(team.pack())
    other = team.pack("ben")
    content = other.read_bytes()
    with pytest.raises(InputError, match="another pack"):
        close_pack(other, desk.workspace)
    assert other.read_bytes() == content


def test_a_pack_that_was_never_opened_here_cannot_be_closed(team):
    with pytest.raises(InputError, match="never opened here"):
        close_pack(team.pack())
    with pytest.raises(InputError, match="never opened here"):
        close_pack(team.desks / "none")


def test_an_opening_that_was_cut_off_leaves_no_half_workspace(team):
    file = team.pack()
    code = (
        "import os, sys, pathlib, annotate.pack.furnish as furnish, annotate.pack.desk as desk\n"
        "furnish._share_out = lambda *_: os._exit(9)\n"
        "desk.open_pack(pathlib.Path(sys.argv[1]))"
    )
    assert subprocess.run([sys.executable, "-P", "-c", code, file], check=False).returncode == 9
    workspace, member = open_pack(file)
    assert member == "ada"
    assert len(load_queue_of(workspace)) == 4
    assert [each.parent for each in packs_folder().glob("*/curator.toml")] == [workspace.path]


def load_queue_of(workspace):
    from curator.store import open_store

    store = open_store(workspace)
    try:
        return [item.name for item in load_queue(store, "ada").deck]
    finally:
        store.close()


def test_where_packs_are_opened_follows_the_user(team, elsewhere, tmp_path):
    elsewhere("laptop")
    workspace, _ = open_pack(team.pack())
    assert workspace.path.is_relative_to(tmp_path / "homes" / "laptop" / "glide-curator" / "packs")
    assert Workspace.find(workspace.path).config == workspace.config
