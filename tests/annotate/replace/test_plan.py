"""Find and replace over a store: what is planned, what is written, what is left alone, and the way back."""

import json

import pytest

from annotate.replace.plan import EVERYBODY, Scope, apply, preview, undo
from annotate.replace.substitution import Request
from curator.errors import GateError, InputError
from curator.filter import parse
from curator.record import Draft, Member


@pytest.fixture
def team(crew):
    """The crew with a lead `dora`, and ada's captions of three pictures."""
    crew.store.team.add(Member("dora", role="lead"))
    crew.write("bare", "a grey dog")
    crew.write("last", "a grey cat, grey all over")
    crew.write("shared", "grey, blind")
    crew.write("shared", "ben: a grey dog", author="ben", base=newest(crew, "shared", "ben").id)
    return crew


def member(crew, name):
    return next(each for each in crew.store.team.members() if each.name == name)


def look(crew, pattern="grey", replacement="gray", name="ada", wanted="", author=None, slot=None, **options):
    scope = Scope(parse(wanted), author or name, slot)
    return preview(crew.store, member(crew, name), Request(pattern, replacement, **options), scope, {})


def newest(crew, picture, author="ada"):
    revisions = crew.store.captions.revisions(crew.images[picture], author)
    return revisions[-1]


def test_a_plan_changes_nothing(team):
    before = team.store.captions.sequence()
    made = look(team)
    assert [(each.name, each.before, each.after) for each in made.changes] == [
        ("bare.png", "a grey dog", "a gray dog"),
        ("last.png", "a grey cat, grey all over", "a gray cat, gray all over"),
        ("shared.png", "grey, blind", "gray, blind"),
    ]
    assert made.changes[1].removed == ((2, 6), (12, 16))
    assert team.store.captions.sequence() == before
    assert team.store.captions.batches() == []


def test_it_is_written_on_top_of_what_was_there(team):
    made = look(team)
    number = apply(team.store, made)
    revision = newest(team, "last")
    assert revision.text == "a gray cat, gray all over"
    assert (revision.origin, revision.batch, revision.writer, revision.state) == ("replace", number, None, "submitted")
    assert team.texts("last") == ["a grey cat, grey all over", "a gray cat, gray all over"]
    assert revision.base == made.changes[1].end.revision
    (batch,) = team.store.captions.batches()
    assert (batch.member, batch.undoes) == ("ada", None)
    assert (batch.what["pattern"], batch.what["replacement"], batch.what["changed"]) == ("grey", "gray", 3)
    assert team.texts("shared", "ben")[-1] == "ben: a grey dog"
    assert look(team).changes == ()


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ({"wanted": "cat"}, ["last"]),
        ({"wanted": "name:bare or name:shared"}, ["bare", "shared"]),
        ({"slot": 1}, []),
        ({"slot": 0, "wanted": "dog"}, ["bare"]),
        ({"wanted": '"ben: a grey"'}, []),
    ],
)
def test_the_scope(team, scope, names):
    assert [each.name.removesuffix(".png") for each in look(team, **scope).changes] == names


def test_only_a_lead_replaces_in_captions_of_others(team):
    for author in ("ben", EVERYBODY, ""):
        with pytest.raises(GateError, match="ada is annotator here; this is for lead: dora"):
            preview(team.store, member(team, "ada"), Request("grey", "x"), Scope(parse(""), author), {})


def test_a_lead_replaces_in_anybodys_and_the_history_says_so(team):
    made = look(team, name="dora", author=EVERYBODY)
    assert len(made.changes) == 4
    number = apply(team.store, made)
    assert (newest(team, "shared", "ben").writer, newest(team, "shared", "ben").batch) == ("dora", number)
    assert [each.text for each in team.store.records.find("bare.png").captions] == ["a gray dog"]
    assert look(team, "imported", "x", name="dora", author="ben").changes != ()


def test_a_draft_is_neither_overwritten_nor_lost(team):
    image = team.images["bare"]
    team.store.captions.save_draft(Draft(image, "ada", 0, "typing", (), newest(team, "bare").id))
    made = look(team)
    assert [(each.name, each.why) for each in made.held] == [("bare.png", "its author is typing another text")]
    apply(team.store, made)
    assert team.texts("bare") == ["a grey dog"]
    assert team.draft("bare") == "typing"


def test_a_conflict_is_left_alone(team):
    team.write("bare", "another grey dog", base=newest(team, "bare").id)
    team.write("bare", "a third grey dog", base=team.store.captions.revisions(team.images["bare"], "ada")[0].id)
    made = look(team)
    assert {(each.name, each.why) for each in made.held} == {("bare.png", "it is in conflict")}
    assert "bare.png" not in [each.name for each in made.changes]


def test_nothing_becomes_empty_or_blank(team):
    team.write("bare", "grey", base=newest(team, "bare").id)
    for replacement in ("", " ", "\n"):
        made = look(team, replacement=replacement, wanted="name:bare")
        assert (made.changes, [each.why for each in made.held]) == ((), ["nothing would be left of it"])


def test_what_was_adjudicated_stays_so(team):
    base = newest(team, "bare").id
    team.write("bare", "a grey dog, decided", origin="adjudicated", base=base, writer="dora")
    assert [each.why for each in look(team, wanted="name:bare").held] == ["it was adjudicated"]
    apply(team.store, look(team, name="dora", author="ada", wanted="name:bare"))
    revision = newest(team, "bare")
    assert (revision.text, revision.origin, revision.writer) == ("a gray dog, decided", "adjudicated", "dora")
    assert team.store.records.find("bare.png").captions[0].revision == revision.id


@pytest.mark.parametrize("what", ["text", "draft", "exclusion"])
def test_if_anything_moved_since_the_look_nothing_is_written(team, what):
    made = look(team)
    if what == "text":
        team.write("last", "a blue cat", base=newest(team, "last").id)
    elif what == "draft":
        team.store.captions.save_draft(Draft(team.images["last"], "ada", 0, "typing", (), None))
    else:
        team.store.pictures.describe(team.images["last"], status="excluded", reason="dark")
    before = team.store.captions.sequence()
    with pytest.raises(GateError, match=r"1 caption changed since you looked: last\.png; nothing was replaced"):
        apply(team.store, made)
    assert team.store.captions.sequence() == before
    assert team.store.captions.batches() == []
    assert team.texts("bare") == ["a grey dog"]


def test_an_empty_plan_is_no_batch(team):
    with pytest.raises(InputError, match="nothing to replace"):
        apply(team.store, look(team, pattern="unheard"))


def test_taken_back_and_done_again_and_taken_back(team):
    ada = member(team, "ada")
    first = apply(team.store, look(team))
    back = undo(team.store, ada, first)
    assert team.texts("bare") == ["a grey dog", "a gray dog", "a grey dog"]
    assert (len(back.restored), back.left) == (3, ())
    again = undo(team.store, ada, back.batch)
    assert team.texts("bare")[-1] == "a gray dog"
    undo(team.store, ada, again.batch)
    assert team.texts("bare")[-1] == "a grey dog"
    assert [batch.undoes for batch in team.store.captions.batches()] == [None, 1, 2, 3]
    assert team.store.records.find("bare.png").conflicts == ()


def test_what_was_edited_since_stays_and_is_named(team):
    number = apply(team.store, look(team))
    team.write("last", "a blue cat", base=newest(team, "last").id)
    team.store.captions.save_draft(Draft(team.images["shared"], "ada", 0, "typing", (), None))
    done = undo(team.store, member(team, "ada"), number)
    assert {(done.names[each.image], why) for each, why in done.left} == {
        ("last.png", "it was edited since"),
        ("shared.png", "its author is typing another text"),
    }
    assert team.texts("last")[-1] == "a blue cat"
    assert team.texts("bare")[-1] == "a grey dog"
    assert team.draft("shared") == "typing"


def test_who_may_take_back(team):
    number = apply(team.store, look(team))
    with pytest.raises(GateError, match="ben is annotator here"):
        undo(team.store, member(team, "ben"), number)
    undo(team.store, member(team, "dora"), number)
    assert (newest(team, "bare").text, newest(team, "bare").writer) == ("a grey dog", "dora")


def test_what_cannot_be_taken_back(team):
    ada = member(team, "ada")
    with pytest.raises(InputError, match="there is no batch 7; known: there is none"):
        undo(team.store, ada, 7)
    number = apply(team.store, look(team))
    undo(team.store, ada, number)
    with pytest.raises(GateError, match=r"nothing of batch 1 can be taken back: bare\.png \(it was edited since\)"):
        undo(team.store, ada, number)
    assert len(team.store.captions.batches()) == 2


def call(run, crew, *arguments, **options):
    return run("annotate", "replace", *arguments, cwd=crew.workspace.path, **options)


def test_the_command_shows_and_writes_only_with_yes(run, team):
    shown = call(run, team, "grey", "gray", "--as", "ada", "--dry-run")
    assert "a [-grey-]{+gray+} cat, [-grey-]{+gray+} all over" in shown.stdout
    assert "3 captions would change" in shown.stderr
    refused = call(run, team, "grey", "gray", "--as", "ada", code=2)
    assert "--yes" in refused.stderr
    assert team.texts("bare") == ["a grey dog"]
    done = call(run, team, "grey", "gray", "--as", "ada", "--yes", "--filter", "dog")
    assert "annotate replace --undo 1 --as ada" in done.stderr
    assert team.texts("bare")[-1] == "a gray dog"
    listed = call(run, team, "--list").stdout
    assert "grey" in listed
    assert "ada" in listed
    assert "1 caption is as before batch 1, by batch 2" in call(run, team, "--undo", "1", "--as", "ada").stdout
    assert [each["undoes"] for each in json.loads(call(run, team, "--list", "--json").stdout)] == [None, 1]


def test_the_command_as_json(run, team):
    told = json.loads(call(run, team, "grey", "gray", "--as", "ada", "--json", "--yes").stdout)
    assert told["batch"] == 1
    assert told["held"] == []
    assert told["changes"][0] == {
        "name": "bare.png", "image": team.images["bare"], "author": "ada", "slot": 0,
        "revision": told["changes"][0]["revision"], "before": "a grey dog", "after": "a gray dog",
        "removed": [[2, 6]], "added": [[2, 6]],
    }  # fmt: skip
    back = json.loads(call(run, team, "--undo", "1", "--as", "ada", "--json").stdout)
    assert (back["batch"], back["undoes"], len(back["restored"]), back["left"]) == (2, 1, 3, [])


WRONG = {
    "nothing": ((), 2, "give a pattern"),
    "no replacement": (("a", "--as", "ada"), 2, "the replacement is missing"),
    "both": (("a", "b", "--undo", "1", "--as", "ada"), 2, "give a pattern"),
    "nobody": (("a", "b"), 2, "--as"),
    "unknown": (("a", "b", "--as", "eve"), 3, "no member is called 'eve'"),
    "no lead": (("a", "b", "--as", "ada", "--author", "ben"), 4, "ada is annotator here"),
    "filter": (("a", "b", "--as", "ada", "--filter", "("), 3, "missing"),
    "pattern": (("(", "b", "--as", "ada", "--regex"), 3, "no regular expression"),
    "batch": (("--undo", "9", "--as", "ada"), 3, "no batch 9"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_one_clear_line(run, team, name):
    arguments, code, said = WRONG[name]
    assert said in call(run, team, *arguments, code=code).stderr


def test_nothing_found_is_no_error(run, team):
    assert "nothing was replaced" in call(run, team, "unheard", "x", "--as", "ada", "--yes").stderr


def test_escapes_in_captions_do_not_reach_the_terminal(run, team):
    team.write("bare", "\x1b[31mgrey", base=newest(team, "bare").id)
    assert "\x1b" not in call(run, team, "grey", "gray", "--as", "ada", "--dry-run").stdout
