"""What models write is kept apart: it never counts as a caption, and never mixes with what people write."""

import json

import pytest

import curator
from annotate.agreement.texts import overlap
from annotate.drafts.files import Given
from annotate.drafts.machine import add_drafts, check_model, drafts_for, place, told
from annotate.writing.vocabulary import Vocabulary
from annotate.writing.wordings import wordings
from curator.audit.context import Context
from curator.audit.run import examine
from curator.audit.texts import written
from curator.captions import heads
from curator.config import AuditSettings
from curator.errors import InputError
from curator.release import read_release

DRAFT = "a zyzzyva on a zarf"
"""Words that nobody else writes."""


def given(*pairs):
    return [Given(f"m.csv, line {number}", *pair) for number, pair in enumerate(pairs, start=2)]


def drafted(crew, *pairs, model="tinycap"):
    found, left = place(given(*pairs), crew.store)
    return sum(add_drafts(crew.store, model, found)), len(left)


def machine(crew, picture):
    return [each.text for each in drafts_for(crew.store.captions.revisions(crew.images[picture]))]


def test_drafts_are_revisions_of_their_own_lines(crew):
    assert drafted(crew, ("bare.png", f" {DRAFT}\n"), ("by-ada.png", DRAFT)) == (2, 0)
    (revision,) = crew.store.captions.revisions(crew.images["bare"])
    assert (revision.author, revision.origin, revision.text, revision.slot) == ("tinycap", "draft:tinycap", DRAFT, 0)
    assert crew.texts("by-ada") == ["imported from ada"]
    assert machine(crew, "by-ada") == [DRAFT]


def test_the_same_again_writes_nothing_and_another_text_follows(crew):
    assert drafted(crew, ("bare", "one"), ("bare", "two")) == (2, 0)
    assert drafted(crew, ("bare", "one"), ("bare", "two")) == (0, 0)
    assert drafted(crew, ("bare", "other"), ("bare", "two")) == (1, 0)
    assert drafted(crew, ("bare", "one"), ("bare", "two")) == (1, 0)
    assert machine(crew, "bare") == ["two", "one"]
    lines = {}
    for each in crew.store.captions.revisions(crew.images["bare"]):
        lines.setdefault(each.line, []).append(each)
    assert all(len(heads(line)) == 1 for line in lines.values())


def test_two_models_stand_beside_each_other(crew):
    drafted(crew, ("bare", "one"), model="tinycap")
    drafted(crew, ("bare", "two"), model="org/Big-2.7b")
    assert machine(crew, "bare") == ["one", "two"]


def test_a_draft_is_nfc_and_blank_ones_are_left_out(crew):
    assert drafted(crew, ("bare", "cafe\u0301"), ("shared", " \n")) == (1, 1)
    assert machine(crew, "bare") == ["café"]


def test_unknown_pictures_stop_it_or_are_left_out(crew):
    bad = given(("none.png", "x"), ("bare", "y"), ("a", "z"), ("b", "z"), ("c", "z"))
    with pytest.raises(InputError) as caught:
        place(bad, crew.store)
    assert caught.value.message == "m.csv, line 2: 4 pictures are not in the set: 'none.png', 'a', 'b', …"
    found, left = place(bad, crew.store, skip_unknown=True)
    assert ([each.text for each in found], len(left)) == (["y"], 4)
    with pytest.raises(InputError, match="more than"):
        place(given(("bare", "x" * (1 << 20) + "x")), crew.store)


@pytest.mark.parametrize("name", ["ada", "ghost", "", "a b", "-x", "x" * 81, "a\x1b[1m"])
def test_a_model_never_has_the_name_of_a_person(crew, name):
    crew.write("bare", "an old caption", author="ghost", origin="import")
    with pytest.raises(InputError):
        check_model(crew.store, name)
    with pytest.raises(InputError):
        list(add_drafts(crew.store, name, []))


def test_a_draft_is_no_caption_anywhere(crew):
    """Export, frame, audit, agreement and the writing aids leave drafts out."""
    before = crew.store.records.all()
    for picture in crew.images:
        drafted(crew, (picture, DRAFT))
    records = crew.store.records.all()
    assert [each.captions for each in records] == [each.captions for each in before]
    assert [each.conflicts for each in records] == [each.conflicts for each in before]
    assert [each.unready for each in records] == [each.unready for each in before]
    frame = curator.frame(crew.workspace)
    assert DRAFT not in set(frame["caption"])
    assert "tinycap" not in set(frame["author"])
    assert all(text.author != "tinycap" for text in written(records))
    findings = examine(Context.of(records, {}, AuditSettings()))
    assert not any("zyzzyva" in finding.message or "tinycap" in finding.members for finding in findings)
    bare = [finding.check for finding in findings if crew.images["bare"] in finding.images]
    assert "no-caption" in bare
    shared = overlap(records, crew.store.team.tasks())
    assert all("tinycap" not in picture.authors for picture in shared)
    known = wordings(crew.store.captions.revisions(), "ada", ())
    assert DRAFT not in {each.text for each in known}
    assert Vocabulary(each.text for each in known).complete("zy", 2) == []


def test_a_release_holds_no_draft(crew, run):
    for picture in crew.images:
        drafted(crew, (picture, DRAFT))
    assert "3" in run("curator", "export", "-C", crew.workspace.path, code=4).stderr
    for picture in ("bare", "last", "of-ben"):
        crew.write(picture, f"a dog on {picture}")
    run("curator", "export", "-C", crew.workspace.path)
    captions = {sample.caption for sample in read_release(crew.workspace.releases / "v1").samples}
    assert "a dog on bare" in captions
    assert DRAFT not in captions


def test_what_members_take_up_is_counted(crew):
    drafted(crew, ("bare", "a dog"), ("by-ben", "a cat"), ("last", "an owl"))
    by_text = {each.text: each for each in crew.store.captions.revisions(author="tinycap")}
    crew.write("bare", "a dog", source=by_text["a dog"].id)
    crew.write("by-ben", "a black cat", source=by_text["a cat"].id)
    (found,) = told(crew.store)
    assert (found.model, found.drafts, found.pictures, found.taken, found.unchanged) == ("tinycap", 3, 3, 2, 1)


def test_a_member_sees_drafts_apart_and_a_text_from_one_names_it(crew):
    drafted(crew, ("bare", "a dog"))
    session = crew.session()
    assert session.text == ""
    (other,) = session.others
    assert (other.label, other.text) == ("machine draft, tinycap", "a dog")
    session.take_other()
    assert session.submission().writing.source == other.revision


def test_from_the_command_line(crew, run, tmp_path):
    file = tmp_path / "drafts.jsonl"
    file.write_text("".join(json.dumps({"picture": name, "caption": f"a {name}"}) + "\n" for name in ("bare", "last")))
    line = ("annotate", "drafts", "add", file, "--model", "tinycap", "-C", crew.workspace.path)
    assert json.loads(run(*line, "--dry-run", "--json").stdout) == {
        "model": "tinycap", "read": 2, "added": 0, "left_out": 0, "dry_run": True,
    }  # fmt: skip
    assert run(*line).stdout == "tinycap: 2 captions read, 2 drafts added, 0 left out\n"
    assert run(*line).stdout == "tinycap: 2 captions read, 0 drafts added, 0 left out\n"
    (row,) = json.loads(run("annotate", "drafts", "list", "--json", "-C", crew.workspace.path).stdout)
    assert (row["model"], row["drafts"], row["taken"]) == ("tinycap", 2, 0)
    assert "tinycap" in run("annotate", "drafts", "list", "-C", crew.workspace.path).stdout
    done = run("annotate", "drafts", "add", file, "--model", "ada", "-C", crew.workspace.path, code=3)
    assert "'ada' is a person's name here" in done.stderr
