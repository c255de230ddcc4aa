"""Where two readings speak of the same thing and say something else. Silence never differs from a value."""

from collections.abc import Iterator
from dataclasses import dataclass

from annotate.agreement.phrases import SUBJECT
from annotate.agreement.reading import ATTRIBUTES, SEVERAL, SILENCE, Reading

EXCLUSIVE = frozenset(("colour", "size", "pose", "count"))
"""Attributes of which one thing has one set of values: two that share none contradict each other. A picture may well
have two places, actions or accessories, and each person may name another."""


@dataclass(frozen=True)
class Difference:
    """Two people's values of one attribute of one thing."""

    attribute: str
    of: str
    """What it is said of: SUBJECT, or a noun."""
    first: frozenset[str]
    second: frozenset[str]
    apart: float
    """0 where one says all that the other says, 1 where they share nothing."""

    @property
    def contradiction(self) -> bool:
        """Whether both cannot be right."""
        if self.attribute in EXCLUSIVE:
            return self.apart == 1
        return any(denied in self.second for denied in _denials(self.first)) or any(
            denied in self.first for denied in _denials(self.second)
        )

    @property
    def words(self) -> str:
        """As tables show it: "colour of the sofa: green / red"."""
        return f"{self._about}: {_listed(self.first)} / {_listed(self.second)}"

    @property
    def unordered(self) -> str:
        """The same, whoever said what."""
        return f"{self._about}: {' / '.join(sorted((_listed(self.first), _listed(self.second))))}"

    @property
    def _about(self) -> str:
        return self.attribute if self.of == SUBJECT else f"{self.attribute} of the {self.of}"


def differences(first: Reading, second: Reading) -> Iterator[Difference]:
    """Every attribute of every thing that both speak of, also where they agree, in a fixed order."""
    for attribute in ATTRIBUTES:
        spoken_of = first.values.get(attribute, {}).keys() & second.values.get(attribute, {}).keys()
        for of in sorted(spoken_of):
            left, right = first.said(attribute, of), second.said(attribute, of)
            if left != SILENCE and right != SILENCE:
                yield Difference(attribute, of, left, right, apart(attribute, left, right))


def apart(attribute: str, first: frozenset[str], second: frozenset[str]) -> float:
    """1 - |A ∩ B| / min(|A|, |B|), the overlap coefficient's distance: to say less is not to say something else."""
    if attribute == "count" and SEVERAL in first | second and "1" not in first | second:
        return 0.0  # "dogs" and "three dogs"
    return 1 - len(first & second) / min(len(first), len(second))


def _denials(values: frozenset[str]) -> list[str]:
    """What these values deny, and for each value the words that would deny it."""
    denied = [value.partition(" ")[2] for value in values if value.startswith(("no ", "not "))]
    return denied + [f"{word} {value}" for value in values for word in ("no", "not")]


def _listed(values: frozenset[str]) -> str:
    return ", ".join(sorted(values))
