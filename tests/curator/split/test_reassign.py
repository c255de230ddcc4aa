import json

import pytest

from curator.errors import InputError
from curator.record import Draft, Image, Member
from curator.split.plan import Wish, split_round
from curator.split.reassign import Passing, reassign
from curator.store.captions import Writing


@pytest.fixture
def crew(workspace, store_of):
    """A store with ada, ben, cleo and dan, sixteen pictures of two subjects, four of them captioned blind by ben."""
    store = store_of(workspace)
    for name in ("ada", "ben", "cleo", "dan"):
        store.team.add(Member(name))
    for number in range(16):
        picture = f"{number:064x}"
        store.pictures.add(Image(picture, picture, 8, 8, "PNG", subject="cat" if number % 2 else "dog"))
    split_round(store, Wish(overlap="4", overlap_by=1, seed=1))
    return store


def standing(store):
    """(member, kind, picture) → state, of all tasks that were not passed on."""
    return {(task.member, task.kind, task.image): task.state for task in store.team.tasks() if task.state != "passed"}


def submit(store, task):
    store.captions.submit(Writing(task.image, task.member, f"by {task.member}"))
    store.team.close_task(task.id, "submitted")


def test_open_work_goes_to_the_others_and_what_was_submitted_stays(crew):
    done, *open_ = crew.team.tasks("dan")
    submit(crew, done)
    before = standing(crew)
    passed = reassign(crew, Passing("dan", seed=2))
    after = standing(crew)
    assert {key: state for key, state in after.items() if key[0] == "dan"} == {
        ("dan", done.kind, done.image): "submitted"
    }
    assert sorted(key[1:] for key in after) == sorted(key[1:] for key in before)
    assert all(after[key] == state for key, state in before.items() if key[0] != "dan")
    old = [task for task in crew.team.tasks("dan") if task.state == "passed"]
    assert [task.id for task in old] == [task.id for task in open_]
    assert {task.reason.removeprefix("passed on to ") for task in old} <= {"ada", "ben", "cleo"}
    assert passed.proof["pictures"] == len(open_)
    assert crew.team.owners().keys() == {image.id for image in crew.pictures.all()}


def test_the_round_is_stored_with_its_proof(crew):
    passed = reassign(crew, Passing("dan", seed=2))
    stored = crew.team.rounds()[-1]
    assert stored["proof"] == passed.proof
    assert (stored["proof"]["kind"], stored["proof"]["from"], stored["seed"]) == ("reassign", "dan", 2)
    assert [event["what"] for event in crew.history.events()] == ["split", "reassign"]


def test_pictures_with_a_draft_stay_unless_they_are_asked_for(crew):
    task = next(task for task in crew.team.tasks("dan") if task.kind == "own")
    crew.captions.save_draft(Draft(task.image, "dan", 0, "half a capt", (), None))
    assert reassign(crew, Passing("dan")).drafts == (task.image,)
    assert standing(crew)["dan", "own", task.image] == "open"
    again = reassign(crew, Passing("dan", drafts_too=True))
    assert again.proof["own"] | again.proof["overlap"] != {}
    assert not [key for key in standing(crew) if key[0] == "dan"]
    assert crew.captions.draft(task.image, "dan").text == "half a capt"


def test_named_members_take_over_and_nobody_else(crew):
    passed = reassign(crew, Passing("dan", to=("ada",)))
    assert set(passed.proof["weights"]) == {"ada"}
    assert {task.member for task in crew.team.tasks(round_=2)} == {"ada"}


def test_a_dry_run_changes_nothing(crew):
    before = crew.team.tasks()
    shown = reassign(crew, Passing("dan", seed=2), dry_run=True)
    assert crew.team.tasks() == before
    assert len(crew.team.rounds()) == 1
    assert reassign(crew, Passing("dan", seed=2)).proof == shown.proof


def test_nothing_left_is_no_round(crew):
    reassign(crew, Passing("dan"))
    assert reassign(crew, Passing("dan")).proof["pictures"] == 0
    assert len(crew.team.rounds()) == 2


@pytest.fixture
def blind(workspace, store_of):
    """A store where all of ada, ben and dan caption all six pictures blind."""
    store = store_of(workspace)
    for name in ("ada", "ben", "dan"):
        store.team.add(Member(name))
    for number in range(6):
        picture = f"{number:064x}"
        store.pictures.add(Image(picture, picture, 8, 8, "PNG"))
    split_round(store, Wish(overlap="100%", seed=1))
    return store


def test_what_everybody_captions_goes_to_a_captioner_and_overlap_tasks_stay(blind):
    passed = reassign(blind, Passing("dan"))
    assert len(passed.promoted) == 2
    assert len(passed.stuck) == 4
    after = standing(blind)
    assert sum(kind == "own" for _, kind, _ in after) == 6
    assert len({(member, picture) for member, _, picture in after}) == len(after)
    assert {key[1]: state for key, state in after.items() if key[0] == "dan"} == {"overlap": "open"}


def test_where_the_member_has_left_they_are_ended(blind):
    blind.team.change("dan", left="2026-01-01T00:00:00+00:00")
    assert reassign(blind, Passing("dan")).proof["ended"] == 4
    assert not [key for key in standing(blind) if key[0] == "dan"]
    assert blind.team.owners().keys() == {image.id for image in blind.pictures.all()}


def test_a_captioner_who_has_submitted_becomes_an_owner_who_has_submitted(blind):
    for task in blind.team.tasks():
        if task.member != "dan":
            submit(blind, task)
    reassign(blind, Passing("dan"))
    states = {state for (member, kind, _), state in standing(blind).items() if kind == "own"}
    assert states == {"submitted"}


def test_who_has_captioned_a_picture_does_not_caption_it_blind(crew):
    """ben and cleo have left a caption of every picture, so that only ada can take over what dan should caption."""
    blind = [task.image for task in crew.team.tasks("ben") if task.kind == "overlap"]
    for image in crew.pictures.all():
        for name in ("ben", "cleo"):
            crew.captions.submit(Writing(image.id, name, "a caption", origin="import"))
    crew.team.pass_on([task.id for task in crew.team.tasks("ben")], "made room")
    owners = crew.team.owners()
    crew.team.add_round(9, "0%", None, {}, [("dan", "overlap", image) for image in blind if owners.get(image) != "dan"])
    reassign(crew, Passing("dan"))
    takers = {task.member for task in crew.team.tasks(round_=3) if task.kind == "overlap"}
    assert takers <= {"ada"}


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Passing("nobody"), "no member is called 'nobody'; the team is: ada, ben, cleo, dan"),
        (Passing("dan", to=("nobody",)), "no member is called 'nobody'"),
        (Passing("dan", to=("dan",)), "nobody is there to take over what 'dan' has left"),
        (Passing("dan", to=("ben",), weights={"ben": 0.0}), "nobody is there"),
        (Passing("dan", weights={"nobody": 1.0}), "no member is called 'nobody'"),
    ],
)
def test_impossible_wishes_are_refused_and_nothing_is_stored(crew, wish, message):
    with pytest.raises(InputError, match=message):
        reassign(crew, wish)
    assert len(crew.team.rounds()) == 1


def test_members_who_left_take_nothing_over(crew):
    crew.team.change("ben", left="2026-01-01T00:00:00+00:00")
    assert set(reassign(crew, Passing("dan")).proof["weights"]) == {"ada", "cleo"}
    with pytest.raises(InputError, match="'ben' has left"):
        reassign(crew, Passing("dan", to=("ben",)))


def test_as_commands(run, filled):
    run("curator", "split", "--overlap", "2", "--seed", "3", cwd=filled.path)
    run("curator", "members", "add", "cleo", cwd=filled.path)
    left = run("curator", "members", "leave", "ben", cwd=filled.path)
    assert "curator reassign --from ben" in left.stderr
    told = json.loads(run("curator", "reassign", "--from", "ben", "--dry-run", "--json", cwd=filled.path).stdout)
    assert told["pictures"] == 7
    shown = run("curator", "reassign", "--from", "ben", cwd=filled.path).stdout
    assert "7 open pictures of ben were passed on" in shown
    assert "nothing open" in run("curator", "reassign", "--from", "ben", cwd=filled.path).stdout
    assert "round 2: digest" in run("curator", "rounds", "--verify", cwd=filled.path).stdout
