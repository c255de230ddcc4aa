"""A member's queue: what belongs to it, in which order, and what each page of it holds."""

import pytest

from curator.record import Source

KINDS = ("own", "overlap", "recaption")
ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)


@pytest.fixture
def shared(seeded):
    """ann owns pictures 1 and 2, ben captions 2 blind and owns 3."""
    seeded.team.add_round(1, "1", None, {}, [("ann", "own", ONE), ("ann", "own", TWO)])
    seeded.team.add_round(2, "1", None, {}, [("ben", "overlap", TWO), ("ben", "own", THREE)])
    return seeded


def test_places_are_a_members_tasks_in_their_order(shared):
    assert [(place.image, place.state) for place in shared.queues.places("ann", KINDS)] == [
        (ONE, "open"),
        (TWO, "open"),
    ]
    assert [place.image for place in shared.queues.places("ben", KINDS)] == [TWO, THREE]
    assert [place.image for place in shared.queues.places("ben", ("own",))] == [THREE]
    assert shared.queues.places("cleo", KINDS) == []


def test_what_was_passed_on_or_taken_out_of_the_set_is_in_no_queue(shared):
    first, second = shared.queues.places("ann", KINDS)
    shared.team.close_task(first.task, "passed")
    assert shared.queues.places("ann", KINDS) == [second]
    shared.pictures.describe(TWO, status="excluded", reason="blurred")
    assert shared.queues.places("ann", KINDS) == []


def test_items_hold_what_is_shown_in_the_order_asked_for(shared):
    shared.pictures.describe(TWO, subject="dog")
    for path in ("b/second.png", "a/first.png"):
        shared.pictures.save_source(Source("/in", path, "image", 1, 1, TWO))
    first, second = (place.task for place in shared.queues.places("ann", KINDS))
    shared.team.close_task(second, "skipped", "blurred")
    items = shared.queues.items([second, first])
    assert [(item.task.id, item.image.id, item.name, item.blind) for item in items] == [
        (second, TWO, "a/first.png", True),
        (first, ONE, ONE, False),
    ]
    assert (items[0].image.subject, items[0].task.reason, items[0].task.kind) == ("dog", "blurred", "own")
    assert shared.queues.is_blind(TWO)
    assert not shared.queues.is_blind(ONE)


def test_a_picture_is_no_longer_blind_when_the_others_passed_it_on(shared):
    shared.team.close_task(shared.queues.places("ben", ("overlap",))[0].task, "passed")
    assert not shared.queues.is_blind(TWO)


def test_pictures_with_drafts(shared, writing):
    from curator.record import Draft

    shared.captions.save_draft(Draft(ONE, "ann", 0, "a d", (), None))
    shared.captions.save_draft(Draft(ONE, "ann", 1, "a d", (), None))
    shared.captions.save_draft(Draft(TWO, "ben", 0, "a d", (), None))
    assert shared.queues.drafts("ann") == {ONE}


def test_where_texts_may_compete(shared, writing):
    first = shared.captions.submit(writing("a dog"))
    assert shared.queues.perhaps_in_conflict("ann") == []
    shared.captions.submit(writing("a black dog", base=first.id))
    assert shared.queues.perhaps_in_conflict("ann") == [], "the second text knew the first"
    shared.captions.submit(writing("a cat", base=first.id))
    assert shared.queues.perhaps_in_conflict("ann") == [ONE]
    assert shared.queues.perhaps_in_conflict("ben") == []
    imported = shared.captions.submit(writing("from a file", picture=THREE, author="cleo", origin="import"))
    shared.captions.submit(writing("edited", picture=THREE, author="cleo", origin="import", base=imported.id))
    assert shared.queues.perhaps_in_conflict("ben") == [THREE]


def test_revisions_of_several_pictures_at_once(shared, writing):
    texts = {picture: [f"{number} of {picture[0]}" for number in range(2)] for picture in (ONE, TWO)}
    for number in range(2):
        for picture in (TWO, ONE):
            shared.captions.submit(writing(texts[picture][number], picture=picture))
    found = shared.captions.revisions_of([ONE, TWO, THREE])
    assert {picture: [each.text for each in revisions] for picture, revisions in found.items()} == texts
    assert shared.captions.revisions_of([]) == {}
