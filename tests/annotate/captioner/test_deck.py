"""The deck is a list of pictures that reads only what is looked at."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.captioner.deck import PAGE, PAGES, Deck
from curator.record import Image, Task
from curator.store.queues import Item, Place


class Shelf:
    """Items by task, and a note of every read."""

    def __init__(self, states):
        self.places = [Place(number + 1, f"image {number}", state) for number, state in enumerate(states)]
        self.reads = []

    def read(self, tasks):
        self.reads.append(list(tasks))
        places = [self.places[task - 1] for task in tasks]
        return [
            Item(
                Task(place.task, 1, "ada", "own", place.image, state=place.state),
                Image(place.image, place.image, 4, 3, "PNG"),
                f"{place.image}.png",
                False,
            )
            for place in places
        ]

    def deck(self, first=()):
        return Deck(self.places, self.read, first)


def names(deck):
    return [item.name for item in deck]


STATES = st.lists(st.sampled_from(["open", "submitted", "skipped"]), min_size=1, max_size=12)


@given(states=STATES, first=st.sets(st.integers(0, 11)))
def test_open_pictures_and_urgent_ones_come_first_in_the_order_of_the_tasks(states, first):
    shelf = Shelf(states)
    deck = shelf.deck({f"image {number}" for number in first})
    early = [number for number, state in enumerate(states) if state == "open" or number in first]
    late = [number for number in range(len(states)) if number not in early]
    assert names(deck) == [f"image {number}.png" for number in early + late]
    assert deck.counts() == {state: states.count(state) for state in ("open", "submitted", "skipped")}


def test_nothing_is_read_before_it_is_looked_at_and_then_a_page():
    shelf = Shelf(["open"] * (3 * PAGE))
    deck = shelf.deck()
    assert len(deck) == 3 * PAGE
    assert deck.image(5) == "image 5"
    assert deck.state(2 * PAGE) == "open"
    assert deck.next_open(7) == 8
    assert shelf.reads == []
    assert deck[PAGE + 1].name == f"image {PAGE + 1}.png"
    assert [item.name for item in deck[PAGE : PAGE + 3]] == [f"image {PAGE + number}.png" for number in range(3)]
    assert shelf.reads == [list(range(PAGE + 1, 2 * PAGE + 1))]


def test_only_so_many_pages_stay_in_memory():
    shelf = Shelf(["open"] * (PAGE * (PAGES + 2)))
    deck = shelf.deck()
    for page in range(PAGES + 2):
        assert deck[page * PAGE].name == f"image {page * PAGE}.png"
    assert len(shelf.reads) == PAGES + 2
    assert deck[(PAGES + 1) * PAGE].task.id
    assert len(shelf.reads) == PAGES + 2, "the last page is still there"
    assert deck[0].task.id == 1
    assert len(shelf.reads) == PAGES + 3, "the first one is not"


@given(states=STATES, mask=st.data(), at=st.integers(0, 11))
def test_a_filtered_deck_is_the_shorter_list(states, mask, at):
    deck = Shelf(states).deck()
    everything = [(deck.image(index), deck.state(index)) for index in range(len(deck))]
    wanted = mask.draw(st.lists(st.booleans(), min_size=len(states), max_size=len(states)))
    deck.show(wanted)
    kept = [each for each, shown in zip(everything, wanted, strict=True) if shown]
    assert [(deck.image(index), deck.state(index)) for index in range(len(deck))] == kept
    assert deck.is_filtered == (len(kept) < len(everything))
    for image, _ in everything:
        shown = [name for name, _ in kept]
        assert deck.place(image) == (shown.index(image) if image in shown else None)
    if kept:
        index = at % len(kept)
        around = [*range(index + 1, len(kept)), *range(index)]
        assert deck.next_open(index) == next((place for place in around if kept[place][1] == "open"), None)
    deck.show(None)
    assert [(deck.image(index), deck.state(index)) for index in range(len(deck))] == everything
    assert not deck.is_filtered


def test_what_became_of_a_task_is_seen_at_once_and_after_its_page_was_dropped():
    shelf = Shelf(["open"] * (PAGE * (PAGES + 2)))
    deck = shelf.deck()
    deck.set_state(deck[3], "skipped", "blurred")
    assert (deck[3].task.state, deck[3].task.reason) == ("skipped", "blurred")
    assert deck.counts()["skipped"] == 1
    for page in range(1, PAGES + 2):
        assert deck[page * PAGE].task.state == "open"
    assert deck[3].task.state == "skipped"


@pytest.mark.parametrize("seed", range(3))
def test_the_next_open_picture_is_the_same_with_and_without_reading(seed):
    draws = random.Random(seed)
    shelf = Shelf(draws.choices(["open", "submitted", "skipped"], k=300))
    deck = shelf.deck()
    for item in [deck[draws.randrange(300)] for _ in range(120)]:
        deck.set_state(item, draws.choice(["open", "submitted"]))
    states = [deck.state(index) for index in range(300)]
    for index in range(300):
        around = [*range(index + 1, 300), *range(index)]
        assert deck.next_open(index) == next((place for place in around if states[place] == "open"), None)
        later = [place for place in range(300) if states[place] == "open" and deck[place].task.id > deck[index].task.id]
        assert deck.open_after(index) == (later[0] if later else None)
