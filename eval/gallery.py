"""Pictures for the report: real, original and finetuned of each caption, as data URIs."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from curator.release import Release, Sample
from eval.evaluation import Evaluation
from eval.pictures import read_picture, square
from eval.row import Group
from eval.samples import Pair

LOSSLESS_UP_TO_PX = 64
QUALITY = 90


@dataclass(frozen=True)
class Exhibit:
    """One caption with its pictures; each is a data URI, or None where there is none."""

    sample_id: str
    caption: str
    role: str
    seed: int
    real: str | None
    original: str
    finetuned: str
    nearest: str | None
    """The train picture nearest to the finetuned one."""


@dataclass(frozen=True)
class Gallery:
    exhibits: Sequence[Exhibit]
    size_px: int | None
    left_out: int


def make_gallery(release: Release, evaluation: Evaluation, at_most: int) -> Gallery:
    """The first `at_most` pairs of the largest size, train before test, evenly thinned out where there are more."""
    groups = [group for group in evaluation.groups if group.pairs and group.stage == _largest(evaluation)]
    pairs = [(group, pair) for group in groups for pair in group.pairs]
    kept = pairs if len(pairs) <= at_most else [pairs[index * len(pairs) // at_most] for index in range(at_most)]
    samples = {sample.image_id: sample for group in groups for sample in group.reals}
    exhibits = [_exhibit(release, group, pair, samples, evaluation.neighbours.get(pair)) for group, pair in kept]
    return Gallery(exhibits, groups[0].resolution if groups else None, len(pairs) - len(kept))


def _largest(evaluation: Evaluation) -> str:
    return "upsampled" if any(group.pairs for group in evaluation.groups if group.stage == "upsampled") else "base"


def _exhibit(release: Release, group: Group, pair: Pair, samples: dict[str, Sample], neighbour: str | None) -> Exhibit:
    size = group.resolution
    assert size is not None

    def real(image_id: str | None) -> str | None:
        sample = samples.get(image_id) if image_id else None
        return data_uri(square(release.picture(sample), size, size)) if sample else None

    return Exhibit(
        sample_id=pair.sample_id,
        caption=pair.prompt,
        role=group.role,
        seed=pair.seed,
        real=real(pair.image_id),
        original=data_uri(read_picture(pair.original, size)),
        finetuned=data_uri(read_picture(pair.finetuned, size)),
        nearest=real(neighbour),
    )


def data_uri(picture: Image.Image) -> str:
    """A picture inside a page: PNG when small, else JPEG."""
    small = max(picture.size) <= LOSSLESS_UP_TO_PX
    buffer = io.BytesIO()
    if small:
        picture.save(buffer, "PNG", optimize=True)
    else:
        picture.save(buffer, "JPEG", quality=QUALITY)
    kind = "png" if small else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}"
