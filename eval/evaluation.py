"""From a run's pictures to rows: every figure of every split and size, each measured or with the reason why not."""

from dataclasses import dataclass

from curator.console import bar
from curator.encoders import Absent
from curator.release import Release, Sample
from eval.alignment import alignment_row
from eval.alignment import name as alignment_name
from eval.distances import Measuring, distance_rows, unmeasured_rows
from eval.extraction import Extraction, total_pictures
from eval.memorisation import nearest
from eval.row import Group, Row, Stage, blank
from eval.samples import Pair, Role, Samples
from eval.settings import EvaluateSettings
from eval.spaces import Spaces, short_reason

ROLES: tuple[Role, ...] = ("train", "test")
STAGES: tuple[Stage, ...] = ("base", "upsampled")


@dataclass(frozen=True)
class Evaluation:
    """Everything measured on one run."""

    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    neighbours: dict[Pair, str]
    """Pair → image id of the train picture nearest to the finetuned one, in the first space that is there."""


def evaluate(release: Release, groups: tuple[Group, ...], spaces: Spaces, settings: EvaluateSettings) -> Evaluation:
    """Measure `groups`. Raises InputError where a picture cannot be read."""
    measurable = [group for group in groups if why_not(group) is None]
    total = total_pictures(measurable, len(spaces.present), int(not isinstance(spaces.alignment, Absent)))
    with bar("measuring", total) as tracker:
        extraction = Extraction(release, max(group.resolution or 0 for group in groups), tracker)
        parts = []
        for group in groups:
            tracker.note(f"{group.role} {group.stage}")
            parts.append(_measure(group, extraction, spaces, settings))
    rows = tuple(row for part in parts for row in part.rows)
    return Evaluation(groups, rows, {pair: image for part in parts for pair, image in part.neighbours.items()})


def make_groups(release: Release, samples: Samples) -> tuple[Group, ...]:
    """Train and test, base and upsampled, always all four; what was not sampled has no pairs.

    Raises InputError where pictures do not pair up.
    """
    sizes = samples.resolutions
    sides: dict[Stage, int | None] = {"base": sizes[0], "upsampled": sizes[-1] if len(sizes) > 1 else None}
    return tuple(
        Group(role, stage, sides[stage], reals(release, role), samples.pairs(role, sides[stage]))
        for role in ROLES
        for stage in STAGES
    )


def reals(release: Release, role: Role) -> tuple[Sample, ...]:
    """One sample an image, by image id, of a split; what transforms derived is no real picture."""
    originals = (sample for sample in release.split(role) if not sample.parents)
    return tuple(dict(sorted((sample.image_id, sample) for sample in originals)).values())


def why_not(group: Group) -> str | None:
    """The reason why nothing of a group can be measured, or None."""
    if not group.reals:
        return f"the release has no {group.role} pictures"
    if group.resolution is None:
        return "no upsampled pictures were sampled"
    if not group.pairs:
        return f"no {group.role} prompts were sampled"
    return None


def subjects(group: Group) -> list[str]:
    """The subject of each pair, by its image; an image without subject is one of its own."""
    known = {sample.image_id: sample.subject for sample in group.reals}
    return [known.get(pair.image_id) or pair.image_id for pair in group.pairs]


def _measure(group: Group, extraction: Extraction, spaces: Spaces, settings: EvaluateSettings) -> Evaluation:
    """One group in all spaces."""
    reason, of_pairs = why_not(group), subjects(group)
    rows: list[Row] = []
    neighbours: dict[Pair, str] = {}
    for space in spaces.distances:
        encoder = reason or (short_reason(space) if isinstance(space, Absent) else space)
        if isinstance(encoder, str):
            rows += unmeasured_rows(group, space.name, encoder)
            continue
        features = extraction.features(group, encoder)
        rows += distance_rows(Measuring(group, features, of_pairs, settings), space.name)
        if group.role == "train" and not neighbours:
            found = nearest(features.real, features.finetuned)
            neighbours = {pair: group.reals[index].image_id for pair, index in zip(group.pairs, found, strict=True)}
    clip = spaces.alignment
    clip_encoder = reason or (short_reason(clip) if isinstance(clip, Absent) else clip)
    if isinstance(clip_encoder, str):
        rows.append(blank(group, "alignment", alignment_name(clip.name), clip_encoder))
    else:
        features = extraction.features(group, clip_encoder, with_blurred=False)
        rows.append(alignment_row(Measuring(group, features, of_pairs, settings), clip_encoder))
    return Evaluation((group,), tuple(rows), neighbours)
