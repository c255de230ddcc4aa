import json

import pytest

from curator.blobs import Blobs
from curator.errors import GateError, InputError
from curator.split.holdout import Rule, choose, draw, settle

GROUPS = {str(number): f"subject:s{number % 5}" for number in range(50)}


def test_named_subjects_are_held_out_and_nothing_else(run, filled):
    done = run("curator", "hold-out", "--subjects", "owl", cwd=filled.path)
    assert done.stdout == "held out: 4 test pictures; 8 train pictures\n"
    rows = json.loads(run("curator", "list", "--json", cwd=filled.path).stdout)
    assert {row["subject"] for row in rows if row["split"] == "test"} == {"owl"}


@pytest.mark.parametrize("seed", range(5))
def test_a_share_takes_whole_groups_near_the_share(seed):
    held = choose(GROUPS, Rule(share=0.2, seed=seed))
    assert len(held) == 1
    assert held <= set(GROUPS.values())


def test_a_share_depends_on_the_seed_and_not_on_the_order():
    drawn = {frozenset(choose(GROUPS, Rule(share=0.4, seed=seed))) for seed in range(20)}
    assert len(drawn) > 1
    backwards = dict(reversed(GROUPS.items()))
    assert all(
        choose(backwards, Rule(share=0.4, seed=seed)) == choose(GROUPS, Rule(share=0.4, seed=seed))
        for seed in range(20)
    )


def test_drawing_again_needs_redraw_and_is_recorded(filled, store_of):
    store, blobs = store_of(filled), Blobs(filled.blobs)
    draw(filled, store, blobs, Rule(subjects=("owl",)))
    assert set(draw(filled, store, blobs, Rule(subjects=("owl",))).values()) == {"train", "test"}
    with pytest.raises(GateError, match="drawn before"):
        draw(filled, store, blobs, Rule(subjects=("cat",)))
    splits = draw(filled, store, blobs, Rule(subjects=("cat",)), redraw=True)
    assert {store.pictures.get(image).subject for image, split in splits.items() if split == "test"} == {"cat"}
    redraws = [event["detail"]["redraw"] for event in store.history.events() if event["what"] == "hold-out"]
    assert redraws == [False, True]


def test_later_pictures_follow_their_subject(filled, store_of, put_picture, picture):
    store, blobs = store_of(filled), Blobs(filled.blobs)
    draw(filled, store, blobs, Rule(subjects=("owl",)))
    owl = put_picture(store, blobs, picture(100), "100.png", "owl")
    cat = put_picture(store, blobs, picture(101), "101.png", "cat")
    new = put_picture(store, blobs, picture(102), "102.png", "hen")
    settle(filled, store, blobs)
    assert [store.pictures.get(each).split for each in (owl, cat, new)] == ["test", "train", "train"]


def test_pictures_without_subject_stay_with_those_that_look_like_them(workspace, store, put_picture, picture):
    blobs = Blobs(workspace.blobs)
    twins = [
        put_picture(store, blobs, picture(1, kind, (80, 60)), f"1.{kind}", None) for kind in ("PNG", "JPEG", "WEBP")
    ]
    for seed in range(2, 9):
        put_picture(store, blobs, picture(seed, "PNG", (80, 60)), f"{seed}.png", None)
    for seed in range(12):
        splits = draw(workspace, store, blobs, Rule(share=0.4, seed=seed), redraw=True)
        assert len({splits[twin] for twin in twins}) == 1


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (Rule(subjects=("fox",)), "no picture has the subject 'fox'; known: cat, dog, owl"),
        (Rule(subjects=("cat", "dog", "owl")), "leave no picture to train on"),
    ],
    ids=["unknown subject", "everything"],
)
def test_impossible_wishes_are_refused_and_nothing_is_stored(filled, store_of, rule, message):
    store = store_of(filled)
    with pytest.raises(InputError, match=message):
        draw(filled, store, Blobs(filled.blobs), rule)
    assert store.pictures.hold_out() is None
    assert {image.split for image in store.pictures.all()} == {None}


@pytest.mark.parametrize(
    "arguments", [[], ["--share", "15%", "--subjects", "cat"], ["--share", "150%"], ["--share", "x"]]
)
def test_wrong_usage_ends_with_2_and_draws_nothing(run, filled, store_of, arguments):
    run("curator", "hold-out", *arguments, cwd=filled.path, code=2)
    assert store_of(filled).pictures.hold_out() is None
