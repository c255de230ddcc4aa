import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.errors import InputError
from curator.record import Draft, Image, Member
from curator.split.join import even_out
from curator.split.plan import Wish, split_round
from curator.split.reassign import Passing, reassign
from curator.split.rounds import rounds, verify
from curator.store.captions import Writing


@pytest.fixture
def crew(workspace, store_of):
    """A store with ada, ben and cleo, and thirty pictures of three subjects shared out among them."""
    store = store_of(workspace)
    for name in ("ada", "ben", "cleo"):
        store.team.add(Member(name))
    add_pictures(store, 30)
    split_round(store, Wish(seed=1))
    return store


def add_pictures(store, number):
    known = store.pictures.count()
    with store.write():
        for each in range(known, known + number):
            picture = f"{each:064x}"
            store.pictures.add(Image(picture, picture, 8, 8, "PNG", subject="xyz"[each % 3]))


def submit(store, task):
    store.captions.submit(Writing(task.image, task.member, f"by {task.member}"))
    store.team.close_task(task.id, "submitted")


def open_own(store):
    return Counter(task.member for task in store.team.tasks(states=["open"]) if task.kind == "own")


def test_a_newcomer_gets_open_pictures_of_each_subject_and_nothing_that_was_begun(crew):
    mine = crew.team.tasks("ada")
    for task in mine[:2]:
        submit(crew, task)
    crew.captions.save_draft(Draft(mine[2].image, "ada", 0, "half", (), None))
    moves = even_out(crew, "dan", {}, 1)
    assert open_own(crew) == {"ada": 7, "ben": 7, "cleo": 7, "dan": 7}
    assert [task.state for task in crew.team.tasks("ada")[:3]] == ["submitted", "submitted", "open"]
    assert (moves.proof["kind"], moves.proof["joined"]) == ("join", "dan")
    assert crew.team.rounds()[-1]["proof"] == moves.proof
    subjects = Counter(crew.pictures.get(task.image).subject for task in crew.team.tasks("dan"))
    assert sorted(subjects.values()) == [2, 2, 3]


def test_who_has_a_draft_of_everything_gives_nothing(crew):
    for task in crew.team.tasks("ada"):
        crew.captions.save_draft(Draft(task.image, "ada", 0, "half", (), None))
    assert even_out(crew, "dan", {}, 1).proof["given"] == {"ben": 3, "cleo": 3}
    assert open_own(crew) == {"ada": 10, "ben": 7, "cleo": 7, "dan": 6}


def test_rebalance_evens_out_what_is_open(crew):
    for task in crew.team.tasks("ada")[:9]:
        submit(crew, task)
    assert even_out(crew, None, {}, 1).proof["given"] == {"ben": 3, "cleo": 3}
    assert open_own(crew) == {"ada": 7, "ben": 7, "cleo": 7}
    assert even_out(crew, None, {}, 2).proof["pictures"] == 0
    assert len(crew.team.rounds()) == 2


def test_pictures_that_others_caption_blind_stay(workspace, store_of):
    store = store_of(workspace)
    for name in ("ada", "ben"):
        store.team.add(Member(name))
    add_pictures(store, 12)
    split_round(store, Wish(overlap="100%", seed=1))
    assert even_out(store, "dan", {}, 1).proof["pictures"] == 0


def test_a_dry_run_adds_nobody_and_moves_nothing(crew):
    before = crew.team.tasks()
    assert even_out(crew, "dan", {}, 1, dry_run=True).proof["open_after"]["dan"] in (7, 8)
    assert crew.team.tasks() == before
    assert [member.name for member in crew.team.members()] == ["ada", "ben", "cleo"]


@pytest.mark.parametrize(
    ("member", "message"),
    [
        (Member("dan", left="2026-01-01"), "'dan' has left"),
        (Member("dan", role="contributor"), "'dan' is a contributor"),
    ],
)
def test_who_cannot_join_is_told_why(crew, member, message):
    crew.team.add(member)
    with pytest.raises(InputError, match=message):
        even_out(crew, "dan", {}, 1)


def test_a_name_that_cannot_be_one_is_refused(crew):
    with pytest.raises(InputError, match="cannot be a member's name"):
        even_out(crew, "d/an", {}, 1)
    assert len(crew.team.members()) == 3


def test_as_a_command(run, filled):
    run("curator", "split", cwd=filled.path)
    told = run("curator", "split", "--join", "cleo", "--seed", "2", cwd=filled.path)
    assert "4 open pictures changed hands, 4 of them to cleo" in told.stdout
    again = run("curator", "split", "--rebalance", cwd=filled.path)
    assert "nothing was moved" in again.stdout
    run("curator", "split", "--join", "dan", "--overlap", "10%", cwd=filled.path, code=2)
    listed = json.loads(run("curator", "rounds", "--json", cwd=filled.path).stdout)
    assert [each["kind"] for each in listed] == ["split", "join"]


STEPS = st.sampled_from(["split", "new", "blind", "reassign", "join", "rebalance", "submit", "draft", "leave", "back"])


@given(steps=st.lists(st.tuples(STEPS, st.integers(0, 5)), max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_through_any_sequence_of_rounds_every_picture_has_one_owner_and_nothing_is_lost(steps, emptied):
    store = emptied()
    for number, (step, which) in enumerate(steps):
        take(store, step, which, number)
        check(store)
    assert all(verify(store, each).holds for each in rounds(store))


@pytest.fixture
def emptied(tmp_path, store_of):
    """Make a new store with ada, ben and cleo in it."""
    from curator.store import open_store
    from curator.workspace import Workspace

    made = []

    def make():
        folder = tmp_path / str(len(made))
        folder.mkdir()
        (folder / "curator.toml").write_text('name = "a"\n', encoding="utf-8")
        store = open_store(Workspace.find(folder), create=True)
        made.append(store)
        for name in ("ada", "ben", "cleo"):
            store.team.add(Member(name))
        add_pictures(store, 7)
        return store

    yield make
    for store in made:
        store.close()


def take(store, step, which, number):
    """One step of a team's life; one that cannot be taken is left out."""
    members = [member.name for member in store.team.members()]
    name = members[which % len(members)]
    mine = store.team.tasks(name, ["open"])
    try:
        if step == "split":
            split_round(store, Wish(seed=number))
        elif step in ("new", "blind"):
            add_pictures(store, which + 1)
            split_round(store, Wish(overlap="50%" if step == "blind" else "0%", seed=number))
        elif step == "reassign":
            reassign(store, Passing(name, seed=number, drafts_too=which % 2 == 0))
        elif step == "join":
            even_out(store, f"new{which}", {}, number)
        elif step == "rebalance":
            even_out(store, None, {name: 2.0}, number)
        elif step == "submit":
            for task in mine[: which + 1]:
                submit(store, task)
        elif step == "draft" and mine:
            store.captions.save_draft(Draft(mine[-1].image, name, 0, "half", (), None))
        elif step in ("leave", "back"):
            store.team.change(name, left="2026-01-01" if step == "leave" else None)
    except InputError:
        pass


def check(store):
    """One owner a picture, nobody on it twice, and every caption's task still with the one who wrote it."""
    tasks = [task for task in store.team.tasks() if task.state != "passed"]
    owned = Counter(task.image for task in tasks if task.kind == "own")
    assert set(owned.values()) <= {1}
    assert owned.keys() == {task.image for task in store.team.tasks()}
    assert len({(task.member, task.image) for task in tasks}) == len(tasks)
    written = {(each.author, each.image) for each in store.captions.revisions()}
    assert written == {(task.member, task.image) for task in tasks if task.state == "submitted"}
