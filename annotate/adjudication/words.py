"""What the adjudication screen says in words: pure, so that it can be read and tested without a terminal."""

from annotate.adjudication.cases import Case
from annotate.adjudication.sitting import Sitting
from curator.console import plain


def top_line(title: str, sitting: Sitting, width: int) -> str:
    """Data set and member to the left; the case and what is left to decide to the right."""
    left = f" {plain(title)} · {plain(sitting.member)} adjudicates"
    place = f"case {sitting.index + 1} of {len(sitting.cases)} · " if sitting.cases else ""
    right = f"{place}{sitting.left} to decide "
    room = max(0, width - len(right))
    return left[:room].ljust(room) + right


def about(case: Case) -> str:
    """The picture's name, which caption of it, and what kind of case it is."""
    slot = f" · caption {case.slot + 1}" if case.slot else ""
    return f"{plain(case.record.name)}{slot} · {case.kind}"


def state_line(sitting: Sitting) -> str:
    """What became of the case at hand, and what else to know before deciding."""
    case = sitting.case
    if case is None:
        return "Ctrl+Q leaves."
    done = sitting.done.get(case.key)
    said = [] if done is None else [done.what]
    if sitting.reason:
        said.append(f"reason: {sitting.reason}")
    if sitting.kept:
        said.append("a text of yours is kept: e")
    if not sitting.names and done is None:
        said.append("names are told once it is decided")
    return " · ".join(said)
