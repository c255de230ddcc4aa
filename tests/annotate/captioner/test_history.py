from hypothesis import given
from hypothesis import strategies as st

from annotate.captioner.history import PAUSE_S, STEPS, History, end_of_change


def typed(history, text, now=0.0):
    """Type `text` letter by letter."""
    for letter in text:
        history.change(history.text + letter, now)


def undone(history):
    texts = [history.text]
    while history.undo():
        texts.append(history.text)
    return texts


def test_a_word_is_one_step():
    history = History("")
    typed(history, "a big dog")
    assert undone(history) == ["a big dog", "a big ", "a big", "a ", "a", ""]


def test_a_pause_a_deletion_and_a_paste_are_steps_of_their_own():
    history = History("dog")
    typed(history, "gy", now=1.0)
    typed(history, "s", now=1.1 + PAUSE_S)
    history.change("doggy", 2.2)
    history.change("doggy in the snow", 2.3)
    history.change("doggy in the snow of May", 2.3)
    assert undone(history) == ["doggy in the snow of May", "doggy in the snow", "doggy", "doggys", "doggy", "dog"]


def test_typing_after_undo_drops_what_was_undone():
    history = History("")
    typed(history, "a dog")
    history.undo()
    typed(history, "cat")
    assert not history.redo()
    assert history.text == "a cat"


@given(st.lists(st.text(max_size=5), max_size=30))
def test_undo_and_redo_end_where_they_began(texts):
    history = History("start")
    for number, text in enumerate(texts):
        history.change(text, number * 0.7)
    last = history.text
    assert undone(history)[-1] == "start"
    while history.redo():
        pass
    assert history.text == last


def test_steps_are_bounded():
    history = History("")
    for number in range(3 * STEPS):
        history.change(str(number), 10.0 * number)
    assert len(history.earlier) == STEPS


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_the_cursor_lands_behind_the_change(start, old, new, end):
    at = end_of_change(start + old + end, start + new + end)
    assert 0 <= at <= len(start + new + end)
    assert (start + new + end)[at:] == (start + old + end)[len(start + old + end) - len(start + new + end) + at :]
