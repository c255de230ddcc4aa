import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.agreement.similarity import Cosine, Letters, TfIdf, Words, content_words, words_in_common

TEXTS = ["a small white dog on a green sofa", "a white puppy on a couch", "two cats in the snow", ""]
MEASURES = [Letters(), Words(), Cosine(TfIdf([TEXTS[:2], TEXTS[2:]]))]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_measure(measure):
    alike = measure.matrix(TEXTS, TEXTS)
    assert alike == pytest.approx(alike.T)
    assert np.diagonal(alike) == pytest.approx([1, 1, 1, 0])
    assert ((alike >= 0) & (alike <= 1 + 1e-9)).all()
    assert alike[0, 1] > alike[0, 2]


@given(st.text("ab ", max_size=12), st.text("ab ", max_size=12))
def test_letters_do_not_care_which_text_is_first(first, second):
    assert Letters().matrix([first], [second]) == pytest.approx(Letters().matrix([second], [first]).T)


def test_letters_are_chrf():
    """ "abab" and "ab": precisions 1/2, 1/3, recalls 1, 1; counted as often as they occur; means over two orders."""
    precision, recall = (2 / 4 + 1 / 3) / 2, 1
    assert Letters().matrix(["abab"], ["ab"])[0, 0] == pytest.approx(2 * precision * recall / (precision + recall))


def test_words_in_common():
    assert content_words("A pup lounging on the couch") == content_words("a dog lying on a sofa")
    assert words_in_common("a white dog on a sofa", "a dog on a couch") == pytest.approx(2 * 2 / 5)
    assert words_in_common("", "a") == 0


def test_rare_words_weigh_more():
    rarity = TfIdf([["a dog in the snow"], ["a dog on a sofa"], ["a dog in a field"]])
    alike = Cosine(rarity).matrix(["a dog in the snow"], ["a cat in the snow", "a dog on a bed"])
    assert alike[0, 0] > alike[0, 1]
