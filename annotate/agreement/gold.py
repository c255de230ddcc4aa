"""Gold items: pictures whose caption or attributes the lead has written down, and how near each member comes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from annotate.agreement.comparison import apart
from annotate.agreement.intervals import Interval, mean_interval, wilson
from annotate.agreement.lexicon import lexicon
from annotate.agreement.reading import ATTRIBUTES, SEVERAL, SILENCE, read
from annotate.agreement.similarity import words_in_common
from annotate.agreement.texts import Shared
from curator.audit.places import NO_PLACE
from curator.audit.places import Lexicon as Places
from curator.errors import InputError
from curator.record import Answer

PREFIX = "gold."
CAPTION = "gold.caption"

Values = frozenset[str]


@dataclass(frozen=True)
class Gold:
    """What is right of one picture."""

    image: str
    caption: str | None
    """The lead's caption, or None."""
    values: Mapping[str, Values]
    """Attribute → its values, as the lead gave them."""


@dataclass(frozen=True)
class Score:
    """One member against the gold items, in one attribute."""

    member: str
    attribute: str
    told: Literal["caption", "answer"]
    """Whether the member's value was read from the caption or answered beside it."""
    right: int
    spoken: int
    """Gold items of which the member says something here; `right` is out of these."""
    silent: int
    """Gold items that the member captioned without a word about it."""
    interval: Interval | None
    """95 % Wilson interval of right / spoken."""


@dataclass(frozen=True)
class Nearness:
    """How near one member's captions come to the gold captions."""

    member: str
    pictures: int
    words: float
    """Content words in common, 0 to 1, mean over pictures."""
    interval: Interval | None


def gold_items(answers: Iterable[Answer]) -> dict[str, Gold]:
    """The gold of each picture: image → the newest value of each key; a value of None takes the key back."""
    newest: dict[str, dict[str, object]] = {}
    for each in answers:
        if each.key.startswith(PREFIX):
            newest.setdefault(each.image, {})[each.key] = each.value
    found = {}
    for image, given in newest.items():
        caption = given.get(CAPTION)
        values = {
            key.removeprefix(PREFIX): frozenset(map(str, value if isinstance(value, list) else [value]))
            for key, value in sorted(given.items())
            if key != CAPTION and value is not None
        }
        if caption is not None or values:
            found[image] = Gold(image, None if caption is None else str(caption), values)
    return found


def checked_values(attribute: str, value: str, choices: Mapping[str, Sequence[str]], places: Places) -> tuple[str, ...]:
    """A gold value as readings and answers write it: "gray" → "grey", "white and brown" → "brown" and "white".

    `choices` are the attributes of curator.toml. Raises InputError for an attribute or a value that nobody could give.
    """
    if attribute in choices:
        allowed: Sequence[str] = choices[attribute]
        if allowed and value not in allowed:
            raise InputError(f"{attribute}={value}: not one of its choices", hint=f"allowed: {', '.join(allowed)}")
        return (value,)
    if attribute not in ATTRIBUTES:
        known = ", ".join(dict.fromkeys((*ATTRIBUTES, *choices)))
        raise InputError(f"{attribute!r} is no attribute", hint=f"known: {known}")
    said = as_read(attribute, value, places)
    if not said:
        raise InputError(
            f"{attribute}={value}: nothing that a caption could be read to say",
            hint=f"known: {_known(attribute, places)}",
        )
    return tuple(sorted(said))


def as_read(attribute: str, value: str, places: Places) -> Values:
    """A value in the words of readings: "seated" → "sitting"; SILENCE where no caption could say it."""
    if attribute == "count":
        number = str(int(value)) if value.isdecimal() else value
        return frozenset((number,)) if value.isdecimal() or value == SEVERAL else SILENCE
    return read(value, places).said(attribute)


def scores(
    gold: Mapping[str, Gold],
    pictures: Sequence[Shared],
    answers: Mapping[tuple[str, str, str], Values],
    places: Places,
) -> list[Score]:
    """Every member's accuracy in every attribute that gold items name.

    A value read from a caption is right when it says no other than the gold (to say less is not wrong);
    an answer is right when it is the same. Where the lead gave a caption, its reading is gold for attributes without a
    value of their own.
    """
    rows: dict[tuple[str, str, Literal["caption", "answer"]], list[bool | None]] = {}
    for picture in pictures:
        item = gold.get(picture.image)
        if item is None:
            continue
        wanted = {attribute: _right(item, attribute, places) for attribute in ATTRIBUTES}
        for text in picture.texts:
            said = read(text.text, places)
            for attribute, right in wanted.items():
                if right:
                    mine = said.said(attribute)
                    rows.setdefault((text.author, attribute, "caption"), []).append(
                        None if mine == SILENCE else apart(attribute, mine, right) == 0
                    )
            for attribute, right in item.values.items():
                mine = answers.get((picture.image, text.author, attribute), SILENCE)
                if mine != SILENCE:
                    rows.setdefault((text.author, attribute, "answer"), []).append(mine == right)
    return [_score(*key, found) for key, found in sorted(rows.items())]


def nearness(gold: Mapping[str, Gold], pictures: Sequence[Shared], seed: int = 0) -> list[Nearness]:
    """How many content words each member's captions share with the gold captions."""
    found: dict[str, list[float]] = {}
    for picture in pictures:
        item = gold.get(picture.image)
        if item is not None and item.caption is not None:
            for text in picture.texts:
                found.setdefault(text.author, []).append(words_in_common(text.text, item.caption))
    return [
        Nearness(member, len(each), float(np.mean(each)), mean_interval(np.array(each), 2000, seed))
        for member, each in sorted(found.items())
    ]


def _right(item: Gold, attribute: str, places: Places) -> Values:
    """What a caption should say of an attribute, or SILENCE where the gold does not say."""
    given = item.values.get(attribute, SILENCE)
    if given:
        return frozenset(said for value in given for said in as_read(attribute, value, places))
    return read(item.caption, places).said(attribute) if item.caption is not None else SILENCE


def _known(attribute: str, places: Places) -> str:
    if attribute == "count":
        return f"a number, or {SEVERAL}"
    if attribute == "place":
        return ", ".join(sorted(set(places.values()) - {NO_PLACE}))
    named = (*lexicon().terms.values(), *lexicon().exact.values())
    return ", ".join(sorted({name for values in named for kind, name in values if kind == attribute}))


def _score(member: str, attribute: str, told: Literal["caption", "answer"], found: Sequence[bool | None]) -> Score:
    spoken = [each for each in found if each is not None]
    return Score(
        member, attribute, told, sum(spoken), len(spoken), len(found) - len(spoken), wilson(sum(spoken), len(spoken))
    )
