"""Pictures of a group, brought to one size and turned into features: the only part that is slow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image

from curator.console import Tracker
from curator.encoders import Encoder, Picture
from curator.release import Release
from eval.features import Features
from eval.pictures import blurred, read_picture, square
from eval.row import Group


@dataclass(frozen=True)
class GroupFeatures:
    """Features of a group's pictures in one space, (n, d) each; `original` and `finetuned` are paired by row."""

    real: Features
    blurred: Features
    """The real ones, blurred; none where no controls are made."""
    original: Features
    finetuned: Features


@dataclass(frozen=True)
class Extraction:
    """Reads pictures of one release and its samples, and counts them on a progress bar."""

    release: Release
    largest_px: int
    """The largest size that was sampled."""
    tracker: Tracker

    def features(self, group: Group, encoder: Encoder, with_blurred: bool = True) -> GroupFeatures:
        """All sets of a group. Raises InputError where a picture cannot be read."""
        to_blur = self.reals(group) if with_blurred else iter(())
        return GroupFeatures(
            real=encoder.encode(self._count(self.reals(group))),
            blurred=encoder.encode(self._count(blurred(picture) for picture in to_blur)),
            original=encoder.encode(self._count(self.generated(group, "original"))),
            finetuned=encoder.encode(self._count(self.generated(group, "finetuned"))),
        )

    def reals(self, group: Group) -> Iterator[Image.Image]:
        """The real pictures at the size of the generated ones."""
        assert group.resolution is not None
        for sample in group.reals:
            yield square(self.release.picture(sample), group.resolution, self.largest_px)

    def generated(self, group: Group, model: str) -> Iterator[Image.Image]:
        """One model's pictures, in the order of the pairs."""
        assert group.resolution is not None
        for pair in group.pairs:
            yield read_picture(pair.original if model == "original" else pair.finetuned, group.resolution)

    def _count(self, pictures: Iterable[Image.Image]) -> Iterator[Picture]:
        for picture in pictures:
            yield picture
            self.tracker.advance()


def total_pictures(groups: Iterable[Group], spaces: int, without_blurred: int) -> int:
    """How often the bar will advance, when `without_blurred` of the `spaces` leave the blurred pictures out."""
    return sum(
        spaces * (2 * len(each.reals) + 2 * len(each.pairs)) - without_blurred * len(each.reals) for each in groups
    )
