"""Numbers and lists in words, as every message says them."""

from collections.abc import Sequence

SHOWN_NAMES = 6


def enumerated(names: Sequence[str]) -> str:
    """Names in one line: "a, b and 3 more"."""
    shown = ", ".join(names[:SHOWN_NAMES])
    return shown if len(names) <= SHOWN_NAMES else f"{shown} and {len(names) - SHOWN_NAMES} more"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 picture", "2 pictures"."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
