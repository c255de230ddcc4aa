"""Which captions of a release are sampled, and in which order."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from curator.release import Release, Sample

DEFAULT_PROMPTS = 32


@dataclass(frozen=True)
class Prompt:
    """A caption to be sampled. Its index decides its noise, together with the seed."""

    index: int
    sample: Sample

    @property
    def text(self) -> str:
        return self.sample.caption


def choose_prompts(release: Release, count: int = DEFAULT_PROMPTS) -> list[Prompt]:
    """`count` captions, test and train in turn while there are both, so that figures of both rest on enough pictures.

    One caption an image; pictures that transforms derived are left out. A smaller choice is the beginning of a larger
    one. The order within a split looks random but follows from the sample ids alone.
    """
    splits = [_originals(release, split) for split in ("test", "train")]
    in_turn = [sample for pair in zip_longest(*splits) for sample in pair if sample is not None]
    return [Prompt(index, sample) for index, sample in enumerate(in_turn[:count])]


def _originals(release: Release, split: str) -> list[Sample]:
    samples = sorted((sample for sample in release.samples if sample.split == split), key=lambda each: each.sample_id)
    return _shuffled({sample.image_id: sample for sample in reversed(samples) if not sample.parents}.values())


def _shuffled(samples: Iterable[Sample]) -> list[Sample]:
    return sorted(samples, key=lambda sample: hashlib.sha256(sample.sample_id.encode()).digest())
