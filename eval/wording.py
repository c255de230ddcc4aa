"""Figures in words: numbers, intervals, p, and what a row can be trusted for."""

from eval.floor import Spread
from eval.resampling import Interval
from eval.row import Controls, Figure, Row

MINUS = "−"


def number(value: float) -> str:
    """Three significant digits without exponent: 0.0123, 12.3, 410; what rounds to 0 in six decimals is 0."""
    if abs(value) < 5e-7:
        return "0"
    digits = 2
    size = abs(value)
    while size >= 10 and digits > 0:
        size, digits = size / 10, digits - 1
    while 0 < size < 1 and digits < 6:
        size, digits = size * 10, digits + 1
    return f"{value:.{digits}f}".replace("-", MINUS)


def change(value: float) -> str:
    """A number with its sign."""
    return number(value) if value <= 0 else f"+{number(value)}"


def interval(found: Interval) -> str:
    return f"{number(found[0])} to {number(found[1])}"


def probability(p: float) -> str:
    """p with three decimals, or one digit where these are zeros."""
    return f"p = {float(f'{p:.3f}'):g}" if p >= 0.001 else f"p = {p:.1g}"


def spread(found: Spread) -> str:
    return f"{number(found.mean)} ± {number(found.sd)}"


def stage_title(stage: str, resolution: int | None) -> str:
    return stage if resolution is None else f"{stage}, {resolution} px"


def at_equal_size(controls: Controls) -> str:
    """The floor beside both models, all from the same halves."""
    sizes = f"{controls.real.n_first} real pictures against {controls.real.n_second}"
    return (
        f"at equal size ({sizes}): real {spread(controls.real)}, original {spread(controls.original)}, "
        f"finetuned {spread(controls.finetuned)}"
    )


def _models(row: Row) -> list[tuple[str, Figure]]:
    return [("original", row.figures.original), ("finetuned", row.figures.finetuned)] if row.figures else []


def trust(row: Row) -> list[str]:
    """What says how far the figures of a measured row can be trusted, one line each."""
    lines = []
    if row.controls and row.kind == "frechet":
        lines.append(at_equal_size(row.controls))
    against_real = [f"{model} {probability(figure.p)}" for model, figure in _models(row) if figure.p is not None]
    if against_real:
        lines.append(f"told from the real pictures: {', '.join(against_real)}")
    if row.real:
        of_real = f" ({interval(row.real.interval)})" if row.real.interval else ""
        how = ", each against the others" if row.kind == "authentic" else ""
        lines.append(f"the real pictures get {number(row.real.value)}{of_real}{how}")
    if row.note:
        lines.append(row.note)
    return lines
