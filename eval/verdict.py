"""The verdict: does the difference between the two models mean anything, in plain words.

It rests on one row that is fixed before anything is measured: KID in the first extractor, train pictures, largest size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eval.memorisation import chance_of_so_few
from eval.row import Better, Controls, Figures, Kind, Row, Stage
from eval.samples import Role
from eval.settings import EvaluateSettings
from eval.wording import change, interval, number, probability, spread, stage_title

Outcome = Literal["better", "worse", "no difference", "same"]
FAR_SD = 3.0
"""A distance is far from real when it is this many standard deviations above the floor."""
COPIES_P = 0.01
"""Below this chance, so many near-copies are no accident."""


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome | Literal["not measured"]
    """Finetuned against original; better is closer to the train pictures."""
    headline: str
    points: tuple[str, ...]


def make_verdict(rows: Sequence[Row], settings: EvaluateSettings) -> Verdict:
    """The verdict over all rows of a run; `rows` have those of one extractor together, KID first."""
    lead = leading(rows, "train")
    if lead is None or lead.figures is None:
        reason = next(row.reason for row in rows if row.role == "train")
        return Verdict("not measured", f"Nothing could be measured on the train pictures: {reason}.", ())
    found = outcome(lead.figures, lead.better, settings.alpha)
    beside = [row for row in rows if (row.role, row.stage) == (lead.role, lead.stage)]
    frechet, alignment, authentic = (_first(beside, kind) for kind in ("frechet", "alignment", "authentic"))
    points = [
        in_figures(lead, lead.figures),
        *_distance_points(frechet),
        _test_point(rows, settings.alpha),
        _caption_point(alignment, settings.alpha),
        *_copy_points(authentic),
        f"Fixed before measuring: the verdict rests on {lead.metric} of the train pictures, "
        f"{stage_title(lead.stage, lead.resolution)}. Of rows where nothing differs, about one in "
        f"{round(1 / settings.alpha)} looks as if something did.",
    ]
    return Verdict(found, _headline(found, lead.n_fake, lead.figures, frechet, settings.alpha), tuple(points))


def leading(rows: Sequence[Row], role: Role) -> Row | None:
    """The first measured KID row of a role, largest size first."""
    stages: tuple[Stage, ...] = ("upsampled", "base")
    for stage in stages:
        for row in rows:
            if (row.role, row.stage, row.kind) == (role, stage, "kid") and row.figures:
                return row
    return None


def outcome(figures: Figures, better: Better, alpha: float) -> Outcome:
    """What a difference says; it counts when p < alpha and its interval, if it has one, leaves out 0."""
    difference = figures.difference
    if difference.value == 0 and difference.p == 1 and difference.interval in (None, (0.0, 0.0)):
        return "same"
    leaves_out_zero = difference.interval is None or difference.interval[0] > 0 or difference.interval[1] < 0
    if difference.p >= alpha or not leaves_out_zero:
        return "no difference"
    return "better" if (difference.value < 0) == (better == "lower") else "worse"


def in_figures(row: Row, figures: Figures) -> str:
    """A measured row as a sentence."""
    difference = figures.difference
    certain = [f"95 % {interval(difference.interval)}"] if difference.interval else []
    certain.append(probability(difference.p))
    return (
        f"{row.role.capitalize()} pictures ({row.n_real} real, {row.n_fake} of each model, "
        f"{stage_title(row.stage, row.resolution)}): {row.metric} {number(figures.original.value)} → "
        f"{number(figures.finetuned.value)}, difference {change(difference.value)} ({'; '.join(certain)})."
    )


def is_far(controls: Controls) -> bool:
    """Are the finetuned pictures farther from the real ones than these are from each other?"""
    return controls.finetuned.mean > controls.real.mean + FAR_SD * controls.real.sd


def _headline(found: Outcome, n: int, lead: Figures, frechet: Row | None, alpha: float) -> str:
    p = probability(lead.difference.p)
    told = {
        "same": "The finetuned pictures are the original's: the finetune changed nothing that they show",
        "no difference": _sentence(f"{_nothing(n, 'pictures of each model', alpha)} ({p})"),
        "worse": f"Farther from the train pictures than before, by more than chance ({p})",
        "better": f"Closer to the train pictures than before, by more than chance ({p}{_way(lead)})",
    }[found]
    if frechet is None or frechet.controls is None:
        return f"{told}."
    controls = frechet.controls
    figures = f"floor {number(controls.real.mean)}, finetuned {number(controls.finetuned.mean)}"
    if not is_far(controls):
        return f"{told}. At this n {frechet.metric} cannot tell the finetuned pictures from real ones: {figures}."
    if found == "better":
        return f"{told}, yet far from real: {frechet.metric} {figures}."
    return f"{told}. The finetuned pictures are far from real: {frechet.metric} {figures}."


def _way(lead: Figures) -> str:
    """How much of the way to the real pictures, which get 0, was made."""
    start, end = lead.original.value, lead.finetuned.value
    return f"; {number(100 * (start - end) / start)} % of the way" if start > end > 0 else ""


def _distance_points(frechet: Row | None) -> list[str]:
    if frechet is None or frechet.controls is None:
        return []
    controls = frechet.controls
    told = (
        f"Against a random half of the real pictures ({controls.real.n_first}), {controls.real.n_second} of the other "
        f"half lie at {frechet.metric} {spread(controls.real)}; as many original pictures at "
        f"{spread(controls.original)}, finetuned ones at {spread(controls.finetuned)}, blurred real ones at "
        f"{spread(controls.blurred)}."
    )
    if controls.blurred.mean < controls.real.mean + FAR_SD * controls.real.sd:
        told += " Blurring costs nothing here: at this n the distance cannot see lost detail."
    return [told]


def _test_point(rows: Sequence[Row], alpha: float) -> str:
    row = leading(rows, "test")
    if row is None or row.figures is None:
        reason = next(each.reason for each in rows if each.role == "test")
        return f"Test pictures, which training never saw: not measured: {reason}."
    told = {
        "better": "closer to them, by more than chance",
        "worse": "farther from them, by more than chance",
        "same": "no difference at all",
        "no difference": _nothing(row.n_fake, "pictures", alpha),
    }[outcome(row.figures, row.better, alpha)]
    return f"{in_figures(row, row.figures)} Training never saw these: {told}."


def _caption_point(alignment: Row | None, alpha: float) -> str:
    if alignment is None or alignment.figures is None:
        reason = alignment.reason if alignment else "no extractor"
        return f"Whether the pictures follow their captions was not measured: {reason}."
    told = {
        "better": "they follow their captions more closely, by more than chance",
        "worse": "they follow their captions less closely, by more than chance",
        "same": "no difference at all",
        "no difference": _nothing(alignment.n_fake, "captions", alpha),
    }[outcome(alignment.figures, alignment.better, alpha)]
    return f"{in_figures(alignment, alignment.figures)} Higher is better: {told}."


def _copy_points(authentic: Row | None) -> list[str]:
    if authentic is None or authentic.figures is None or authentic.real is None:
        return []
    value, n = authentic.figures.finetuned.value, authentic.n_fake
    if chance_of_so_few(round(value / 100 * n), n, authentic.real.value / 100) >= COPIES_P:
        return []
    return [
        f"Copies? {number(100 - value)} % of the finetuned pictures lie nearer to a train picture than that one lies "
        f"to any other train picture; of real pictures {number(100 - authentic.real.value)} % do. Look at the nearest "
        "train pictures below."
    ]


def _nothing(n: int, what: str, alpha: float) -> str:
    """No difference, said so that nobody takes it for proof of none."""
    smallest = 2 / 2.0**n
    if smallest >= alpha:
        return f"{n} {what} are too few to show any difference (no p below {number(smallest)} is possible)"
    return f"no difference that {n} {what} can show"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first(rows: Sequence[Row], kind: Kind) -> Row | None:
    """The first row of a kind, which is the leading extractor's."""
    return next((row for row in rows if row.kind == kind), None)
