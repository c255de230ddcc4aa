"""The lexicon of attributes: which words say which value. Read once; what captions make of it stands in `reading`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from annotate.agreement.tokens import Token, tokens

WRITTEN_ATTRIBUTES = ("colour", "size", "pose", "action", "accessory", "count")
"""The attributes that lexicon.toml lists; places stand in curator/audit/places.toml."""
NOTHING = "none"
"""The attribute of terms that hold a value's name and say nothing of it."""


@dataclass(frozen=True)
class Term:
    """A term found in a caption."""

    start: int
    """Its first word's place."""
    size: int
    """In words."""
    values: tuple[tuple[str, str], ...]
    """(attribute, value) of each that it says."""

    @property
    def end(self) -> int:
        """The place after its last word."""
        return self.start + self.size


@dataclass(frozen=True)
class Lexicon:
    """Terms and lists of words, all in the singular."""

    terms: Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]
    exact: Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]
    """Terms that count in the form they are written in only."""
    longest: int
    """Of all terms, in words."""
    things: Mapping[str, str]
    """Word → the one name for what people call differently."""
    beings: Mapping[str, str]
    """Word → kind of animal or person."""
    lists: Mapping[str, frozenset[str]]

    def find(self, spoken: Sequence[Token]) -> list[Term]:
        """The terms of a caption, from left to right. Of those that begin at one word the longest counts."""
        found, at = [], 0
        while at < len(spoken):
            term = self._at(spoken, at)
            if term is None:
                at += 1
                continue
            if term.values != ((NOTHING, ""),):
                found.append(term)
            at = term.end
        return found

    def _at(self, spoken: Sequence[Token], at: int) -> Term | None:
        for size in range(min(self.longest, len(spoken) - at), 0, -1):
            part = spoken[at : at + size]
            if any(token.after_break for token in part[1:]):
                continue
            values = self.exact.get(tuple(token.word for token in part)) or self.terms.get(
                tuple(token.stem for token in part)
            )
            if values:
                return Term(at, size, values)
        return None


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    content = tomllib.loads((files("annotate.agreement") / "lexicon.toml").read_text(encoding="utf-8"))
    terms: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    exact: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for attribute in WRITTEN_ATTRIBUTES:
        for value, names in content[attribute].items():
            for name in names:
                if name.startswith("="):
                    exact.setdefault(_words(name[1:]), []).append((attribute, value))
                else:
                    terms.setdefault(_stems(name), []).append((attribute, value))
    for name in content["words"]["none"]:
        terms[_stems(name)] = [(NOTHING, "")]
    return Lexicon(
        terms={key: tuple(values) for key, values in terms.items()},
        exact={key: tuple(values) for key, values in exact.items()},
        longest=max(map(len, (*terms, *exact))),
        things={_stems(word)[-1]: name for name, words in content["things"].items() for word in words},
        beings={
            _stems(word)[-1]: word if kind == "other" else kind
            for kind, words in content["beings"].items()
            for word in words
        },
        lists={
            name: frozenset(_stems(word)[-1] for word in words) | frozenset(words)
            for name, words in content["words"].items()
            if name != "none"
        },
    )


def _words(name: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens(name))


def _stems(name: str) -> tuple[str, ...]:
    return tuple(token.stem for token in tokens(name))
