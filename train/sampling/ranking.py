"""Keeping the best of several candidates: each is compared with its prompt by a CLIP that did not paint it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from curator.console import require
from curator.encoders import Absent, ClipEncoder, clip
from curator.errors import InputError
from train.sampling.manifest import Choice
from train.sampling.pictures import open_png
from train.sampling.plan import Pair


def open_judge() -> ClipEncoder:
    """CLIP as `evaluate run` uses it. Raises MissingExtra or InputError where it is not there."""
    require("open_clip", "eval")
    found = clip()
    if isinstance(found, Absent):
        raise InputError(
            f"--candidates needs {found.name} as a judge: {found.reason}", hint="or leave out --candidates"
        )
    return found


def choose(folder: Path, pairs: Sequence[Pair], judge: ClipEncoder, keep: int) -> dict[Pair, Choice]:
    """Every candidate's place among those of its prompt, which follow each other in `pairs`; the first `keep` are kept.

    Of two with the same cosine the earlier take comes first.
    """
    chosen: dict[Pair, Choice] = {}
    for _, group in groupby(pairs, key=lambda pair: pair.base.prompt_index):
        candidates = list(group)
        scores = _scores(folder, candidates, judge)
        places = {pair: place for place, pair in enumerate(ranked(scores), 1)}
        for pair in candidates:
            chosen[pair] = Choice(
                judge=judge.name,
                judge_sha256=judge.digest,
                score=scores[pair],
                place=places[pair],
                candidates=len(candidates),
                kept=places[pair] <= keep,
            )
    return chosen


def ranked(scores: Mapping[Pair, float]) -> list[Pair]:
    """The candidates of one prompt, the best first; of equals, the earlier take."""
    return sorted(scores, key=lambda pair: (-scores[pair], pair.base.take))


def _scores(folder: Path, candidates: Sequence[Pair], judge: ClipEncoder) -> dict[Pair, float]:
    (text,) = judge.encode_texts([candidates[0].base.prompt])
    rows = judge.encode_images([open_png(folder / pair.base.file) for pair in candidates])
    return {pair: float(row @ text) for pair, row in zip(candidates, rows, strict=True)}
