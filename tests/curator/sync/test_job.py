"""Files and store brought up to each other, on both engines, with real repositories."""

import codecs
import json
import os
import shutil
import subprocess
import sys
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.errors import InputError, UsageError
from curator.ingest.job import ingest
from curator.ingest.request import Request
from curator.store import open_store


def test_the_same_again_changes_nothing(home, clone):
    home.write("00", "a white dog")
    clone.say("01", "a black dog\n")
    first = home.sync(clone)
    assert first.changed
    look, rows = clone.look(), home.store.captions.revisions()
    events = home.store.history.events()
    for _again in range(2):
        report = home.sync(clone)
        assert not report.changed
        assert (report.taken, report.given, report.made, report.agreed) == ([], [], [], [])
        assert report.captions == 3
    assert clone.look() == look
    assert home.store.captions.revisions() == rows
    assert home.store.history.events() == events


def test_only_the_file_changed(home, clone):
    home.write("00", "a dog of ada")
    home.sync(clone)
    base = home.newest("00")
    clone.say("00", "a dog of ada, asleep\n")
    report = home.sync(clone, author="ben")
    assert report.taken == ["captions/00.txt"]
    came = home.newest("00")
    assert (came.text, came.origin, came.base, came.author, came.writer) == (
        "a dog of ada, asleep", "folder", base.id, "ada", "ben",
    )  # fmt: skip
    assert home.caption("00") == "a dog of ada, asleep"
    assert home.competing("00") == []


def test_only_the_store_changed(home, clone):
    home.sync(clone)
    home.write("00", "a white dog")
    report = home.sync(clone)
    assert (report.given, report.taken) == (["captions/00.txt"], [])
    assert clone.text("00") == "a white dog\n"
    assert clone.text("01") == "a dog, 01\n"


def test_both_changed_equally(home, clone):
    home.sync(clone)
    home.write("00", "a white dog")
    clone.say("00", "a white dog\n")
    look = clone.look()
    report = home.sync(clone)
    assert (report.agreed, report.changed) == (["captions/00.txt"], False)
    assert clone.look() == look
    assert not home.sync(clone).agreed


def test_both_changed_differently(home, clone):
    home.write("00", "a dog of ada")
    home.sync(clone)
    base = home.newest("00")
    home.write("00", "a white dog of ada")
    clone.say("00", "a dog of ada asleep\n")
    look = clone.look()
    report = home.sync(clone, author="ben")
    (conflict,) = report.conflicts
    assert (conflict.file, conflict.picture, conflict.base, conflict.store, conflict.text) == (
        "captions/00.txt", "images/00.png", "a dog of ada", ("a white dog of ada",), "a dog of ada asleep",
    )  # fmt: skip
    assert conflict.merged == "a white dog of ada asleep"
    assert clone.look() == look
    assert home.competing("00") == [{"a white dog of ada", "a dog of ada asleep"}]
    assert (home.newest("00").base, home.newest("00").writer) == (base.id, "ben")
    rows = home.store.captions.revisions()
    again = home.sync(clone, author="ben")
    assert len(again.conflicts) == 1
    assert (home.store.captions.revisions(), clone.look()) == (rows, look)


def test_a_settled_conflict_comes_to_the_file(home, clone):
    home.write("00", "a dog of ada")
    home.sync(clone)
    home.write("00", "a white dog of ada")
    clone.say("00", "a dog of ada asleep\n")
    home.sync(clone)
    one, two = home.store.records.find("00").conflicts[0]
    home.write("00", "a white dog, asleep", base=one.id, merges=two.id)
    report = home.sync(clone)
    assert (report.given, report.conflicts) == (["captions/00.txt"], [])
    assert clone.text("00") == "a white dog, asleep\n"


def test_a_conflict_that_is_settled_in_the_file_ends_there_only_when_the_store_is_settled(home, clone):
    """A further text of the file is a third head: which one holds is a decision of people, not of a file's time."""
    home.write("00", "a dog of ada")
    home.sync(clone)
    home.write("00", "a white dog of ada")
    clone.say("00", "a dog of ada asleep\n")
    home.sync(clone)
    clone.say("00", "a white dog of ada, asleep\n")
    home.sync(clone)
    assert home.competing("00") == [{"a white dog of ada", "a white dog of ada, asleep"}]


def test_three_heads_are_listed(home, clone):
    home.write("00", "a dog of ada")
    home.sync(clone)
    home.write("00", "one")
    home.write("00", "two", base=home.store.captions.revisions(author="ada")[0].id)
    clone.say("00", "three\n")
    report = home.sync(clone)
    assert set(report.conflicts[0].store) == {"one", "two"}
    assert report.conflicts[0].base == "a dog of ada"
    assert home.competing("00") == [{"one", "two", "three"}]


def test_merging_by_words_is_done_only_where_it_is_asked_for(home, clone):
    home.write("00", "a dog of ada")
    home.sync(clone)
    home.write("00", "a white dog of ada")
    clone.say("00", "a dog of ada asleep\n")
    home.sync(clone)
    for _again in range(2):
        report = home.sync(clone, merge_words=True, author="ben")
    assert report.captions == 3
    assert clone.text("00") == "a white dog of ada asleep\n"
    came = home.newest("00")
    assert (came.text, came.reason, came.writer, home.competing("00")) == (
        "a white dog of ada asleep", "words of both sides merged", "ben", [],
    )  # fmt: skip
    assert {"a white dog of ada", "a dog of ada asleep"} <= home.texts()


def test_merging_by_words_at_the_first_sight(home, clone):
    home.write("00", "a dog of ada")
    home.sync(clone)
    home.write("00", "a white dog of ada")
    clone.say("00", "a dog of ada asleep\n")
    clone.say("01", "something else\n")
    home.write("01", "a dog, 01")
    home.write("01", "and something else")
    assert home.sync(clone, merge_words=True, dry_run=True).merged == ["captions/00.txt"]
    report = home.sync(clone, merge_words=True)
    assert report.merged == ["captions/00.txt"]
    assert [conflict.file for conflict in report.conflicts] == ["captions/01.txt"]
    assert clone.text("00") == "a white dog of ada asleep\n"


def test_a_deleted_or_emptied_file_takes_no_caption_away(home, clone):
    home.sync(clone)
    home.write("01", "newer")
    clone.path("00").unlink()
    clone.say("01", " \n")
    for _again in range(2):
        report = home.sync(clone)
        assert report.file_gone == ["captions/00.txt", "captions/01.txt"]
    assert not clone.path("00").exists()
    assert clone.text("01") == " \n"
    assert (home.caption("00"), home.caption("01")) == ("a dog, 00", "newer")


def test_a_withdrawn_caption_takes_no_file_away(home, clone):
    home.write("00", "a dog of ada")
    home.sync(clone)
    home.write("00", "", state="withdrawn")
    imported = next(each for each in home.store.records.find("00").revisions if each.author == "")
    home.write("00", "", author="", state="withdrawn", base=imported.id)
    for _again in range(2):
        report = home.sync(clone)
        assert report.caption_withdrawn == ["captions/00.txt"]
    assert clone.text("00") == "a dog of ada\n"
    clone.say("00", "still a dog\n")
    assert [conflict.text for conflict in home.sync(clone).conflicts] == ["still a dog"]
    assert home.competing("00") == [{"", "still a dog"}]


def test_a_caption_without_a_file_gets_one(home, clone):
    home.write("03", "the fourth")
    report = home.sync(clone)
    assert report.made == ["captions/03.txt"]
    assert clone.text("03") == "the fourth\n"


def test_a_file_without_a_caption_becomes_one(home, clone):
    clone.say("03", "the fourth\n")
    report = home.sync(clone, author="ben")
    assert report.taken == ["captions/03.txt"]
    assert (home.newest("03").author, home.newest("03").text, home.newest("03").writer) == ("ben", "the fourth", None)


def test_an_imported_caption_is_followed_in_its_new_authors_own_line(home, clone):
    imported = home.newest("00")
    clone.say("00", "a dog, as ben sees it\n")
    home.sync(clone, author="ben")
    came = home.newest("00")
    assert (came.author, came.base, came.source) == ("ben", None, imported.id)
    assert (home.caption("00"), home.competing("00")) == ("a dog, as ben sees it", [])


def test_an_edited_file_of_an_author_unknown_stays_in_its_line(home, clone):
    imported = home.newest("00")
    clone.say("00", "a dog, edited\n")
    home.sync(clone)
    assert (home.newest("00").author, home.newest("00").base) == ("", imported.id)


def test_a_file_that_goes_back_to_an_earlier_text_is_a_change_like_any_other(home, clone):
    home.sync(clone)
    clone.say("00", "a change\n")
    home.sync(clone)
    clone.say("00", "a dog, 00\n")
    assert home.sync(clone).taken == ["captions/00.txt"]
    assert home.caption("00") == "a dog, 00"


def test_a_file_over_a_decided_text_does_not_fall_behind_the_owners(home, clone):
    """The team decided for ben's text although ada owns the picture; a change of it must not bring ada's back."""
    home.write("00", "a dog of ada")
    home.write("00", "a dog of ben", author="ben")
    home.write("00", "decided", author="ben", origin="adjudicated")
    home.sync(clone)
    assert clone.text("00") == "decided\n"
    clone.say("00", "decided otherwise\n")
    report = home.sync(clone)
    assert [conflict.text for conflict in report.conflicts] == ["decided otherwise"]
    assert clone.text("00") == "decided otherwise\n"
    assert "decided otherwise" in home.texts()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a dog, 00", b"new\nlines"),
        (b"a dog, 00\r\n", b"new\r\nlines\r\n"),
        (b"\xef\xbb\xbfa dog, 00\n\n", b"\xef\xbb\xbfnew\nlines\n\n"),
        (codecs.BOM_UTF16_LE + "a dog, 00\r\n".encode("utf-16-le"),
         codecs.BOM_UTF16_LE + "new\r\nlines\r\n".encode("utf-16-le")),
    ],
    ids=["no final line end", "CRLF", "mark and two line ends", "UTF-16"],
)  # fmt: skip
def test_a_rewritten_file_keeps_its_habits(home, clone, before, after):
    clone.path("00").write_bytes(before)
    clone.path("00").chmod(0o640)
    look = clone.look()
    home.sync(clone)
    assert clone.look() == look
    home.write("00", "new\nlines")
    home.sync(clone)
    assert clone.path("00").read_bytes() == after
    assert clone.path("00").stat().st_mode & 0o777 == 0o640
    assert not home.sync(clone).changed


def test_a_new_file_has_the_habits_of_the_others(home, clone):
    for name in ("00", "01", "02"):
        clone.path(name).write_bytes(f"a dog, {name}\r\n".encode())
    home.write("03", "the fourth")
    home.sync(clone)
    assert clone.path("03").read_bytes() == b"the fourth\r\n"


def test_files_that_cannot_be_taken_stop_no_other(home, clone, tmp_path):
    clone.path("00").write_bytes(b"\xff\xfe\xff")
    clone.path("01").write_bytes(b"x" * (2 << 20))
    clone.path("02").unlink()
    (tmp_path / "secret").write_text("secret")
    clone.path("02").symlink_to(tmp_path / "secret")
    clone.say("03", "the fourth\n")
    for name in ("00", "01", "02"):
        home.write(name, "from the store")
    report = home.sync(clone)
    assert report.taken == ["captions/03.txt"]
    reasons = {path: why.split(":")[0] for path, why in report.refused.items()}
    assert reasons == {"captions/00.txt": "not text", "captions/01.txt": "too large", "captions/02.txt": "link"}
    assert (tmp_path / "secret").read_text() == "secret"
    assert clone.path("00").read_bytes() == b"\xff\xfe\xff"
    assert "secret" not in home.texts()


def test_a_link_that_leads_out_is_not_written_through(home, clone, tmp_path):
    shutil.rmtree(clone.folder / "captions")
    (tmp_path / "outside").mkdir()
    (clone.folder / "captions").symlink_to(tmp_path / "outside")
    home.write("03", "the fourth")
    report = home.sync(clone)
    assert list((tmp_path / "outside").iterdir()) == []
    assert "captions/03.txt" in report.refused


@pytest.mark.parametrize("engine", ["sqlite"])  # without root's powers, the tests' PostgreSQL cannot be reached
def test_a_folder_that_cannot_be_written_refuses_its_files(home, clone, unprivileged, engine):
    home.sync(clone)
    home.write("00", "new")
    (clone.folder / "captions").chmod(0o500)
    line = [
        *unprivileged,
        sys.executable,
        "-P",
        "-m",
        "curator",
        "-C",
        home.workspace.path,
        "sync-folder",
        clone.folder,
    ]
    done = subprocess.run([*map(str, line), "--json"], capture_output=True, encoding="utf-8", check=True)
    (clone.folder / "captions").chmod(0o700)
    assert "cannot be written" in json.loads(done.stdout)["refused"]["captions/00.txt"]
    assert home.sync(clone).given == ["captions/00.txt"]


def test_gits_marks_are_not_taken_for_a_caption(home, clone):
    clone.git("checkout", "-q", "-b", "ben")
    clone.say("00", "a brown dog\n")
    clone.commit("Ben", "ben@example.org")
    clone.git("checkout", "-q", "-")
    clone.say("00", "a black dog\n")
    clone.commit()
    with pytest.raises(AssertionError):
        clone.git("merge", "ben")
    assert "<<<<<<<" in clone.text("00")
    look = clone.look()
    report = home.sync(clone)
    assert "git's conflict marks" in report.refused["captions/00.txt"]
    assert report.offered == {"captions/00.txt": ("a black dog", "a brown dog")}
    assert clone.look() == look
    clone.say("00", "a black and brown dog\n")
    assert home.sync(clone).taken == ["captions/00.txt"]


def test_pictures_that_are_not_ingested_are_named(home, clone, picture):
    (clone.folder / "images" / "new.png").write_bytes(picture(99))
    clone.say("new", "a new dog\n")
    report = home.sync(clone)
    assert report.not_ingested == ["images/new.png"]
    assert f"curator ingest {clone.folder}" in "\n".join(report.lines())
    ingest(home.workspace, home.store, Request(clone.folder))
    assert home.sync(clone).not_ingested == []
    assert home.caption("new") == "a new dog"


def test_an_excluded_picture_is_left_alone(home, clone):
    home.store.pictures.describe(home.store.records.find("00").image.id, status="excluded", reason="dark")
    clone.say("00", "changed\n")
    report = home.sync(clone)
    assert (report.captions, report.not_ingested, report.taken) == (2, [], [])


def test_git_is_made_to_change_nothing_in_a_dirty_tree(home, clone):
    clone.say("00", "edited, not added\n")
    clone.say("01", "added, not committed\n")
    clone.git("add", "captions/01.txt")
    (clone.folder / "untracked").write_text("x")
    os.utime(clone.folder / "captions" / "02.txt", (1, 1))  # git would write its index anew to note the time
    before = {name: each for name, each in clone.look().items() if name.startswith(".git/")}
    home.sync(clone, authors=("ada@example.org=ada",))
    assert {name: each for name, each in clone.look().items() if name.startswith(".git/")} == before


def test_the_author_is_who_git_says(home, clone):
    clone.say("00", "ben wrote this\n")
    clone.commit("Benjamin B.", "ben@example.org")
    clone.say("01", "ada wrote this\n")
    clone.commit("ADA", "somebody@example.org")
    clone.say("02", "nobody knows who\n")
    clone.commit("Zoe", "zoe@example.org")
    clone.git("config", "user.name", "Ben")
    clone.say("03", "not committed yet\n")
    home.sync(clone, authors=("BEN@example.org=ben",), author="ada")
    assert {name: home.newest(name).author for name in ("00", "01", "02", "03")} == {
        "00": "ben", "01": "ada", "02": "ada", "03": "ben",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("authors", "error", "said"),
    [
        (("x",), UsageError, "NAME_OR_EMAIL=MEMBER"),
        (("=ada",), UsageError, "NAME_OR"),
        (("x=dora",), InputError, "dora"),
    ],
)
def test_authors_that_are_wrong(home, clone, authors, error, said):
    with pytest.raises(error, match=said):
        home.sync(clone, authors=authors)


def test_a_plain_folder_without_git_and_with_sidecars(home, clone, tmp_path):
    plain = tmp_path / "plain"
    plain.mkdir()
    for name in ("00", "03"):
        shutil.copy(clone.folder / "images" / f"{name}.png", plain)
    (plain / "00.txt").write_text("a dog, changed in the plain folder")
    home.write("03", "the fourth")
    report = home.sync(plain)
    assert report.made == ["03.txt"]
    assert (plain / "03.txt").read_text() == "the fourth"
    assert [conflict.text for conflict in report.conflicts] == ["a dog, changed in the plain folder"]


def test_a_repository_of_texts_alone(home, clone, tmp_path):
    texts = tmp_path / "texts"
    shutil.copytree(clone.folder / "captions", texts / "captions")
    home.write("00", "a white dog")
    home.write("03", "the fourth")
    (texts / "captions" / "01.txt").write_text("a black dog\n")
    report = home.sync(texts)
    assert (report.given, report.made) == (["captions/00.txt"], ["captions/03.txt"])
    assert (texts / "captions" / "00.txt").read_text() == "a white dog\n"
    assert [conflict.text for conflict in report.conflicts] == ["a black dog"]
    assert not home.sync(texts).changed


def test_a_folder_of_another_set_is_refused(home, tmp_path):
    (tmp_path / "other").mkdir()
    for content in (None, "zz.txt"):
        if content:
            (tmp_path / "other" / content).write_text("x")
        with pytest.raises(InputError, match="neither pictures nor captions of this set"):
            home.sync(tmp_path / "other")
    with pytest.raises(InputError, match="belongs to the workspace itself"):
        home.sync(home.workspace.blobs)
    with pytest.raises(InputError, match="no such folder"):
        home.sync(tmp_path / "none")


def test_two_caption_files_of_one_picture_are_refused(home, clone):
    (clone.folder / "images" / "00.txt").write_text("beside\n")
    report = home.sync(clone)
    assert set(report.refused) == {"captions/00.txt", "images/00.txt"}
    assert report.captions == 2


def test_lines_as_captions(home, clone):
    home.write("00", "first", slot=0)
    home.write("00", "second", slot=1)
    clone.say("01", "a dog, 01\nand another one\n")
    report = home.sync(clone, slot_per_line=True)
    assert clone.text("00") == "first\nsecond\n"
    assert (home.caption("01", 0), home.caption("01", 1)) == ("a dog, 01", "and another one")
    assert not home.sync(clone, slot_per_line=True).changed
    clone.say("00", "first\nsecond, changed\n")
    home.write("00", "first, changed", slot=0)
    report = home.sync(clone, slot_per_line=True)
    assert (report.taken, report.given) == (["captions/00.txt"], ["captions/00.txt"])
    assert clone.text("00") == "first, changed\nsecond, changed\n"
    assert home.caption("00", 1) == "second, changed"


def test_a_line_that_is_missing_is_not_guessed_at(home, clone):
    clone.say("00", "first\nsecond\nthird\n")
    home.sync(clone, slot_per_line=True)
    clone.say("00", "second\nthird\n")
    report = home.sync(clone, slot_per_line=True)
    assert "had 3: which caption was taken out" in report.refused["captions/00.txt"]
    clone.say("00", "first\nsecond\n\n")
    report = home.sync(clone, slot_per_line=True)
    assert (report.file_gone, report.refused) == (["captions/00.txt"], {})
    assert home.caption("00", 2) == "third"


def test_a_caption_of_several_lines_does_not_fit_a_line(home, clone):
    home.write("00", "two\nlines")
    report = home.sync(clone, slot_per_line=True)
    assert "caption 1 has several lines" in report.refused["captions/00.txt"]
    assert clone.text("00") == "a dog, 00\n"


def test_a_dry_run_says_the_same_and_changes_nothing(home, clone, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    home.write("00", "a white dog")
    home.write("03", "the fourth")
    clone.say("01", "a black dog\n")
    home.write("02", "of ada")
    clone.say("02", "of the file\n")
    look, rows = clone.look(), home.store.captions.revisions()
    said = home.sync(clone, dry_run=True)
    assert (clone.look(), home.store.captions.revisions()) == (look, rows)
    assert not (tmp_path / "state").exists()
    done = home.sync(clone)
    for part in ("captions", "taken", "given", "made", "agreed", "conflicts", "refused"):
        assert getattr(said, part) == getattr(done, part), part


def test_ingest_does_not_read_again_what_was_synced(home, clone):
    home.write("00", "a white dog")
    clone.say("01", "a black dog\n")
    home.write("02", "of ada")
    clone.say("02", "of the file\n")
    home.sync(clone)
    rows = home.store.captions.revisions()
    summary = ingest(home.workspace, home.store, Request(clone.folder))
    assert (summary.new_captions, summary.changed_captions, summary.read) == (0, 0, 0)
    assert home.store.captions.revisions() == rows


def test_a_folder_that_was_never_ingested_is_met_by_its_words(home, clone, tmp_path):
    """Another clone of the same repository: what it holds is known, so nothing of it looks like a change."""
    home.write("00", "a white dog")
    home.sync(clone)
    other = tmp_path / "other"
    shutil.copytree(clone.folder, other)
    (other / "captions" / "00.txt").write_text("a dog, 00\n")  # as it was before
    report = home.sync(other)
    assert (report.given, report.conflicts) == (["captions/00.txt"], [])
    assert (other / "captions" / "00.txt").read_text() == "a white dog\n"
    (other / "captions" / "01.txt").write_text("changed there\n")
    assert home.sync(other).taken == ["captions/01.txt"]
    assert home.sync(clone).given == ["captions/01.txt"]


def test_a_change_in_a_clone_that_never_met_the_store_is_told_by_its_commits(home, clone, tmp_path):
    """What ben changed is the difference to the newest commit whose words the store has, not to nothing."""
    home.write("00", "a white dog")
    home.sync(clone)
    clone.commit()
    other = tmp_path / "other"
    clone.git("clone", "-q", clone.folder, other)
    (other / "captions" / "00.txt").write_text("a white dog, asleep\n")
    (other / "captions" / "01.txt").write_text("a dog, 01, asleep\n")
    home.write("01", "a black dog, 01")
    report = home.sync(other)
    assert report.taken == ["captions/00.txt"]
    (conflict,) = report.conflicts
    assert (conflict.base, conflict.merged) == ("a dog, 01\n", "a black dog, 01, asleep")
    (other / "captions" / "02.txt").write_text("first line\nand a second\n")
    report = home.sync(other, slot_per_line=True)
    assert home.caption("02", 1) == "and a second"


def test_a_clone_that_brings_what_the_store_has_overtaken_is_no_conflict(home, clone, tmp_path):
    """Ben pulls a commit that Ada synced long ago; meanwhile she wrote more."""
    other = tmp_path / "other"
    shutil.copytree(clone.folder, other)
    home.sync(clone)
    home.sync(other)
    clone.say("00", "first change\n")
    home.sync(clone)
    home.write("00", "second change", author=home.newest("00").author)
    (other / "captions" / "00.txt").write_text("first change\n")
    report = home.sync(other)
    assert (report.given, report.conflicts) == (["captions/00.txt"], [])


def test_a_new_clone_at_the_same_path_is_not_taken_for_the_old_one(home, clone, tmp_path):
    """Its files are older than what the old clone and the store agreed on: that is no change back to them."""
    shutil.copytree(clone.folder, tmp_path / "backup")
    home.sync(clone)
    clone.say("00", "a change\n")
    home.sync(clone)
    clone.folder.rename(tmp_path / "old")
    (tmp_path / "backup").rename(clone.folder)
    report = home.sync(clone)
    assert (report.taken, report.given) == ([], ["captions/00.txt"])
    assert home.caption("00") == "a change"


def test_two_syncs_at_once_write_each_text_once(home, clone):
    for name in ("00", "01", "02"):
        clone.say(name, f"changed, {name}\n")
    home.write("03", "the fourth")
    code = (
        "import sys, pathlib; from curator.store import open_store; from curator.workspace import Workspace\n"
        "from curator.sync.job import Wish, sync_folder\n"
        "workspace = Workspace.find(pathlib.Path(sys.argv[1])); store = open_store(workspace)\n"
        "sync_folder(workspace, store, Wish(pathlib.Path(sys.argv[2])))"
    )
    line = [sys.executable, "-P", "-c", code, home.workspace.path, clone.folder]
    running = [subprocess.Popen(line) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    for name in ("00", "01", "02"):
        texts = [each.text for each in home.store.records.find(name).revisions]
        assert texts == [f"a dog, {name}\n", f"changed, {name}"]
        assert home.competing(name) == []
    assert clone.text("03") == "the fourth\n"


def test_a_sync_that_is_killed_is_finished_by_the_next(home, clone):
    """Killed after the file was written and before the store agreed: both say the same, so they agree."""
    home.sync(clone)
    home.write("00", "a white dog")
    clone.say("01", "a black dog\n")
    code = (
        "import os, sys, pathlib; from curator.store import open_store; from curator.workspace import Workspace\n"
        "from curator.sync import apply; from curator.sync.job import Wish, sync_folder\n"
        "apply.Doing._tell_ingest = lambda self, page, status: os._exit(9)\n"
        "workspace = Workspace.find(pathlib.Path(sys.argv[1])); store = open_store(workspace)\n"
        "sync_folder(workspace, store, Wish(pathlib.Path(sys.argv[2])))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code, home.workspace.path, clone.folder], check=False)
    assert done.returncode == 9
    assert clone.text("00") == "a white dog\n"
    report = home.sync(clone)
    assert (report.agreed, report.taken, report.given) == (["captions/00.txt"], ["captions/01.txt"], [])
    assert (home.caption("00"), home.caption("01")) == ("a white dog", "a black dog")


def test_a_file_that_is_edited_while_it_is_synced_is_put_off(home, clone, monkeypatch):
    from curator.sync import job

    home.sync(clone)
    home.write("00", "a white dog")
    original = job.ask_git

    def slow(*arguments):
        clone.say("00", "typed just now\n")
        return original(*arguments)

    monkeypatch.setattr(job, "ask_git", slow)
    report = home.sync(clone)
    assert "run it again" in report.refused["captions/00.txt"]
    assert clone.text("00") == "typed just now\n"
    monkeypatch.undo()
    assert len(home.sync(clone).conflicts) == 1
    assert {"typed just now", "a white dog"} <= home.texts()


def test_a_text_that_comes_while_it_is_synced_is_put_off(home, clone, monkeypatch):
    from curator.sync import job

    home.sync(clone)
    clone.say("00", "from the file\n")
    original = job.ask_git

    def slow(*arguments):
        thread = threading.Thread(target=another_session, args=(home,))
        thread.start()
        thread.join()
        return original(*arguments)

    monkeypatch.setattr(job, "ask_git", slow)
    assert "run it again" in home.sync(clone).refused["captions/00.txt"]
    monkeypatch.undo()
    home.sync(clone)
    assert home.competing("00") == [{"from a session", "from the file"}]


def another_session(home):
    from curator.store.captions import Writing

    store = open_store(home.workspace)
    store.captions.submit(Writing(store.records.find("00").image.id, "ada", "from a session"))
    store.close()


TEXTS = st.sampled_from(["a", "b", "c", "a b", "a b c", ""])
MOVES = st.lists(
    st.tuples(st.sampled_from(["file", "store", "other", "sync", "merge", "settle", "delete"]), TEXTS), max_size=9
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_nothing_that_either_side_wrote_is_ever_missing(home, clone, picture, moves):
    """Whatever is written in the file by the time of a sync, and in the store, is in the file or the store for ever."""
    seed = next(COUNTER)
    name = f"x{seed}"
    (clone.folder / "images" / f"{name}.png").write_bytes(picture(1000 + seed, size=(8, 6)))
    ingest(home.workspace, home.store, Request(clone.folder))
    said = set()
    for move, text in moves:
        if move == "file":
            clone.say(name, text + "\n")
        elif move == "delete":
            clone.path(name).unlink(missing_ok=True)
        elif move in ("store", "other") and text:
            home.write(name, text, author={"store": "ada", "other": "ben"}[move])
            said.add(text)
        elif move == "settle" and home.store.records.find(name).conflicts:
            from curator.view.settle import settle

            record = home.store.records.find(name)
            settle(home.store, record, record.conflicts[0][0].id, "ada")
        elif move in ("sync", "merge"):
            said |= {clone.text(name).rstrip("\n")} - {""} if clone.path(name).exists() else set()
            home.sync(clone, merge_words=move == "merge")
        there = {each.text for each in home.store.records.find(name).revisions}
        there |= {clone.text(name).rstrip("\n")} if clone.path(name).exists() else set()
        assert said <= there, moves
    home.sync(clone)
    look, rows = clone.look(), home.store.captions.revisions()
    home.sync(clone)
    assert (clone.look(), home.store.captions.revisions()) == (look, rows), moves
    record = home.store.records.find(name)
    if not record.conflicts and record.captions and clone.path(name).exists() and clone.text(name).strip():
        assert clone.text(name).rstrip("\n") == record.captions[0].text.rstrip("\n"), moves


COUNTER = iter(range(10**6))
