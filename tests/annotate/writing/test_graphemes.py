"""Where a line may be cut."""

from itertools import pairwise

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotate.writing import graphemes

LINE = st.text(st.sampled_from("aé e\u0301👨\u200d👩👧🇫🇷👍🏽각ᄀ\u1161ก\u0e33,_\ufe0f1\u20e3"), max_size=12)


@given(LINE)
def test_edges_are_those_of_the_clusters(line):
    found = list(graphemes.edges(line))
    assert found[0] == 0
    assert found[-1] == len(line)
    assert [line[start:end] for start, end in pairwise(found)] == regex.findall(r"\X", line)


@given(LINE, st.integers(0, 12))
def test_steps_lead_from_edge_to_edge(line, column):
    column = min(column, len(line))
    edges = list(graphemes.edges(line))
    snapped = graphemes.snap(line, column)
    assert snapped in edges
    assert snapped >= column
    before, after = graphemes.before(line, snapped), graphemes.after(line, snapped)
    assert before == (edges[edges.index(snapped) - 1] if snapped else None)
    assert after == (edges[edges.index(snapped) + 1] if snapped < len(line) else None)
    assert graphemes.word_before(line, snapped) in edges
    assert graphemes.word_after(line, snapped) in edges
    assert graphemes.word_before(line, snapped) < snapped or snapped == 0
    assert graphemes.word_after(line, snapped) > snapped or snapped == len(line)


@pytest.mark.parametrize(
    ("line", "at", "start", "end"),
    [
        ("a small dog", 7, 2, 11),
        ("a small dog", 5, 2, 7),
        ("a small  dog", 9, 2, 12),
        ("so 👍🏽👨‍👩‍👧 dog", 10, 3, 14),
        ("cafe\u0301 au", 5, 0, 8),
        ("สวัสดี ครับ", 6, 0, 11),
        ("dog, cat", 4, 3, 8),
        ("   ", 3, 0, 3),
    ],
)
def test_words(line, at, start, end):
    assert (graphemes.word_before(line, at), graphemes.word_after(line, at)) == (start, end)
