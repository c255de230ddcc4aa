"""One remark about a caption."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "hint"]
"""An error should not be submitted, a warning should be looked at, a hint may be wrong."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")

Kind = Literal[
    "empty", "short", "many-words", "glide-tokens", "clip-tokens", "misspelt", "unknown-word", "forbidden-word",
    "no-subject", "copy", "near-copy", "hidden-characters", "inner-blanks", "outer-blanks", "not-nfc", "colour",
]  # fmt: skip


@dataclass(frozen=True)
class Remark:
    """What is to be said, and where."""

    kind: Kind
    severity: Severity
    message: str
    """One line."""
    span: tuple[int, int] | None = None
    """The part of the text it is about, from and up to which character; None for the whole."""
    suggestion: str | None = None
    """What could stand in the place of the span instead."""


def in_order(remarks: list[Remark]) -> list[Remark]:
    """The gravest first, then in the order of the text."""
    return sorted(remarks, key=lambda each: (SEVERITIES.index(each.severity), each.span or (-1, -1), each.kind))
