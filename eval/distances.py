"""The rows of one extractor: Fréchet distance, KID, and the share of pictures that are no copies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from curator.errors import InputError
from eval.clip_score import paired_difference
from eval.extraction import GroupFeatures
from eval.features import Array, Features
from eval.fid import frechet_distance
from eval.floor import MIN_REAL, Distance, against_halves, halves, split_half_floor, spread
from eval.kid import kid, kid_interval, kid_p, paired_contributions, paired_interval
from eval.memorisation import authentic, authentic_left_out
from eval.paired_fid import half_sample_interval, swap_p
from eval.resampling import cluster_interval, sign_flip_p
from eval.row import Controls, Difference, Figure, Figures, Group, Kind, Row, blank
from eval.samples import Role
from eval.settings import EvaluateSettings
from eval.spaces import frechet_name


@dataclass(frozen=True)
class Measuring:
    """One group in one space, with everything that its rows are computed from."""

    group: Group
    features: GroupFeatures
    subjects: Sequence[str]
    """Subject of each pair: the clusters."""
    settings: EvaluateSettings


@dataclass(frozen=True)
class Metric:
    kind: Kind
    name: str
    make: Callable[[Measuring, str], Row]


def metrics(extractor: str, role: Role) -> list[Metric]:
    """The rows of an extractor, KID first, for it can be read at any n.

    Only train pictures can have been memorised: test pictures have no AuthPct.
    """
    found = [
        Metric("kid", f"KID-{extractor}", kid_row),
        Metric("frechet", frechet_name(extractor), frechet_row),
        Metric("authentic", f"AuthPct-{extractor}", authentic_row),
    ]
    return found if role == "train" else found[:2]


def distance_rows(measuring: Measuring, extractor: str) -> list[Row]:
    """The rows of one group in one space. A row that cannot be measured says why."""
    rows = []
    for metric in metrics(extractor, measuring.group.role):
        try:
            rows.append(metric.make(measuring, metric.name))
        except InputError as error:
            rows.append(blank(measuring.group, metric.kind, metric.name, error.message))
    return rows


def unmeasured_rows(group: Group, extractor: str, reason: str) -> list[Row]:
    """The rows of a group that has no features in a space."""
    return [blank(group, metric.kind, metric.name, reason) for metric in metrics(extractor, group.role)]


def kid_row(measuring: Measuring, name: str) -> Row:
    """KID with its interval, and p that a model draws from the law of the real pictures."""
    sets, settings = measuring.features, measuring.settings

    def figure(fake: Features) -> Figure:
        return Figure(
            kid(sets.real, fake),
            kid_interval(sets.real, fake, settings.resamples, settings.seed),
            kid_p(sets.real, fake, settings.relabelings, settings.seed),
        )

    contributions = paired_contributions(sets.real, sets.original, sets.finetuned)
    difference = Difference(
        float(contributions.sum()),
        paired_interval(sets.real, sets.original, sets.finetuned, settings.resamples, settings.seed),
        sign_flip_p(contributions, settings.relabelings, settings.seed),
    )
    figures = Figures(figure(sets.original), figure(sets.finetuned), difference)
    return _row(measuring, "kid", name, figures, kid)


def frechet_row(measuring: Measuring, name: str) -> Row:
    """The Fréchet distance; what it can be trusted for stands in its controls."""
    sets, settings = measuring.features, measuring.settings
    original, finetuned = frechet_distance(sets.real, sets.original), frechet_distance(sets.real, sets.finetuned)
    three = (sets.real, sets.original, sets.finetuned)
    difference = Difference(
        finetuned - original,
        half_sample_interval(*three, settings.distance_draws, settings.seed),
        swap_p(*three, settings.distance_draws, settings.seed),
    )
    return _row(measuring, "frechet", name, Figures(Figure(original), Figure(finetuned), difference), frechet_distance)


def authentic_row(measuring: Measuring, name: str) -> Row:
    """Percent of pictures that are no near-copies of a real one."""
    sets, settings = measuring.features, measuring.settings
    before: Array = np.where(authentic(sets.real, sets.original), 100.0, 0.0)
    after: Array = np.where(authentic(sets.real, sets.finetuned), 100.0, 0.0)
    change = paired_difference(before, after, measuring.subjects, settings.resamples, settings.seed)

    def figure(share: Array) -> Figure:
        interval = cluster_interval(share, measuring.subjects, settings.resamples, settings.seed)
        return Figure(float(share.mean()), interval)

    difference = Difference(change.difference, change.interval, change.p)
    of_real = Figure(float(np.mean(authentic_left_out(sets.real))) * 100)
    found = _row(measuring, "authentic", name, Figures(figure(before), figure(after), difference), authentic_percent)
    return replace(found, real=of_real)


def authentic_percent(real: Features, fake: Features) -> float:
    """AuthPct: 0 where all are copies, 100 where none is."""
    return float(np.mean(authentic(real, fake))) * 100


def controls(measuring: Measuring, distance: Distance) -> Controls | None:
    """Everything at the size of half the real pictures; None with fewer than 4 of them."""
    sets, settings = measuring.features, measuring.settings
    if len(sets.real) < MIN_REAL:
        return None
    draws, seed, at_most = settings.halves, settings.seed, len(sets.original)
    splits = list(halves(len(sets.real), at_most, draws, seed))
    return Controls(
        real=split_half_floor(sets.real, draws, seed, at_most, distance),
        blurred=spread([distance(sets.real[a], sets.blurred[b]) for a, b in splits], splits),
        copies=spread([distance(sets.real[a], sets.real[a][: len(b)]) for a, b in splits], splits),
        original=against_halves(sets.real, sets.original, draws, seed, distance),
        finetuned=against_halves(sets.real, sets.finetuned, draws, seed, distance),
    )


def _row(measuring: Measuring, kind: Kind, name: str, figures: Figures, distance: Distance) -> Row:
    group = measuring.group
    found = controls(measuring, distance)
    return Row(
        kind=kind,
        metric=name,
        role=group.role,
        stage=group.stage,
        resolution=group.resolution,
        n_real=len(group.reals),
        n_fake=len(group.pairs),
        figures=figures,
        controls=found,
        note="" if found else f"no floor: it needs at least {MIN_REAL} real pictures",
    )
