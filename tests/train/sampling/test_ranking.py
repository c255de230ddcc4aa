import sys
from dataclasses import dataclass

import pytest

from curator.errors import InputError, MissingExtra
from train.sampling.ranking import open_judge, ranked


@dataclass(frozen=True)
class Base:
    take: int


@dataclass(frozen=True)
class Pair:
    base: Base


def test_the_best_comes_first_and_of_equals_the_earlier_take():
    scores = {4: -1.0, 3: 0.5, 2: 0.25, 1: 0.5, 0: 0.25}
    found = ranked({Pair(Base(take)): score for take, score in scores.items()})
    assert [pair.base.take for pair in found] == [1, 3, 0, 2, 4]


def test_an_absent_judge_is_named_with_what_to_do(need, monkeypatch):
    need("eval")
    with pytest.raises(InputError, match="weights absent: put open_clip's weights"):
        open_judge()
    monkeypatch.setitem(sys.modules, "open_clip", None)
    with pytest.raises(MissingExtra) as caught:
        open_judge()
    assert caught.value.hint == "pip install 'glide-curator[eval]'"
