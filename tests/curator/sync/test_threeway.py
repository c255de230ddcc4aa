"""The verdict on three texts, case by case, and that no verdict can lose one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.sync.threeway import Verdict, decide

CASES = [
    (None, None, None, "same"),
    ("a", "a", "a", "same"),
    ("a", "a", "a\n", "same"),
    ("a", "b", "b", "agreed"),
    (None, "a", "a", "agreed"),
    ("a", "a", "b", "take"),
    (None, None, "a", "take"),
    ("a", "b", "a", "give"),
    (None, "a", None, "give"),
    (None, "a", " \n", "give"),
    ("a", "b", "c", "conflict"),
    (None, "a", "b", "conflict"),
    ("a", None, "b", "conflict"),
    ("a", "a", None, "file gone"),
    ("a", "b", None, "file gone"),
    ("a", "a", "\n", "file gone"),
    ("a", None, "a", "caption withdrawn"),
    ("a", None, None, "same"),
]


@pytest.mark.parametrize(("base", "store", "file", "verdict"), CASES)
def test_the_verdict(base, store, file, verdict):
    assert decide(base, store, file) == verdict


def test_a_file_that_the_store_has_overtaken_is_written():
    assert decide("a", "c", "b", overtaken=["b"]) is Verdict.GIVE
    assert decide("a", "c", "d", overtaken=["b"]) is Verdict.CONFLICT


TEXT = st.none() | st.sampled_from(["a", "b", "c"])


@given(TEXT, TEXT, TEXT)
def test_only_a_text_that_is_known_or_the_same_is_ever_replaced(base, store, file):
    verdict = decide(base, store, file)
    if verdict is Verdict.GIVE:
        assert file in (None, base)
        assert store is not None
    if verdict is Verdict.TAKE:
        assert store in (None, base)
        assert file is not None
    if file is not None and store is not None and base not in (file, store) and file != store:
        assert verdict is Verdict.CONFLICT
