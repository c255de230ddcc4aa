"""Where the pictures are, as their captions tell it: the subject × place table."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from curator.audit.context import Context
from curator.audit.words import singular, words
from curator.record import Finding, Record

NO_PLACE = "none"
"""The entry of the lexicon whose terms hold the word of a place and name none."""
NO_SUBJECT = "(no subject)"
NOT_NAMED = "(not named)"
MOST = 0.8
LEAST_PICTURES = 4
ELSEWHERE = "Add pictures with other surroundings, or the model learns subject and place as one thing."

Lexicon = Mapping[tuple[str, ...], str]
"""Term, as words in the singular → place."""


@dataclass(frozen=True)
class PlaceTable:
    """How many pictures of each subject have a caption that names a place. A picture may name several."""

    places: tuple[str, ...]
    """Those that any caption names, the most named first."""
    subjects: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    """subject → place → pictures; NOT_NAMED stands for pictures whose captions name no place."""
    pictures: Mapping[str, int]
    """subject → pictures."""
    empty: tuple[tuple[str, str], ...]
    """(subject, place) without a picture."""
    never: tuple[str, ...]
    """Places of the lexicon that no caption names."""


def read_lexicon(own: Mapping[str, Sequence[str]]) -> Lexicon:
    """The shipped lexicon, with a team's own places and terms added; the team's win."""
    shipped = tomllib.loads((files("curator.audit") / "places.toml").read_text(encoding="utf-8"))
    terms = [(term, place) for lists in (shipped, own) for place, names in lists.items() for term in (*names, place)]
    return {_normal(term): place for term, place in terms if _normal(term)}


def places_in(text: str, lexicon: Lexicon) -> set[str]:
    """The places a text names. Where two terms begin at one word the longer one counts."""
    tokens = _normal(text)
    longest = max(map(len, lexicon), default=0)
    found, at = set(), 0
    while at < len(tokens):
        sizes = range(min(longest, len(tokens) - at), 0, -1)
        size = next((size for size in sizes if tokens[at : at + size] in lexicon), 0)
        if size:
            found.add(lexicon[tokens[at : at + size]])
        at += max(size, 1)
    return found - {NO_PLACE}


def table(context: Context) -> PlaceTable:
    """The table of the whole set."""
    lexicon = read_lexicon(context.settings.places)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    pictures: dict[str, int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    for record in context.records:
        subject = record.image.subject or NO_SUBJECT
        pictures[subject] += 1
        named = _named(record, lexicon)
        for place in named or {NOT_NAMED}:
            counts[subject][place] += 1
        for place in named:
            totals[place] += 1
    places = tuple(sorted(totals, key=lambda place: (-totals[place], place)))
    subjects = tuple(sorted(pictures))
    columns = (*places, NOT_NAMED)
    return PlaceTable(
        places=places,
        subjects=subjects,
        counts={subject: {place: counts[subject][place] for place in columns} for subject in subjects},
        pictures={subject: pictures[subject] for subject in subjects},
        empty=tuple((subject, place) for subject in subjects for place in places if not counts[subject][place]),
        never=tuple(sorted(set(lexicon.values()) - set(places) - {NO_PLACE})),
    )


def one_place(context: Context) -> list[Finding]:
    """Subjects that nearly all captions put in the same place: the model learns the two as one.

    A place that nearly the whole set shares is one finding, not one for each subject.
    """
    lexicon = read_lexicon(context.settings.places)
    captioned = [(record, _named(record, lexicon)) for record in context.records if record.captions]
    by_subject: dict[str, list[tuple[Record, set[str]]]] = defaultdict(list)
    for record, places in captioned:
        if record.image.subject:
            by_subject[record.image.subject].append((record, places))
    everywhere = _fixed(captioned) if len(by_subject) > 1 else {}
    found = [
        Finding(
            check="one-place",
            severity="info",
            message=f"the whole set: nearly always with the same surroundings: {place}",
            figure=len(images) / len(captioned),
            threshold=MOST,
            advice=ELSEWHERE,
        )
        for place, images in everywhere.items()
    ]
    for subject, records in sorted(by_subject.items()):
        fixed = {place: images for place, images in _fixed(records).items() if place not in everywhere}
        if fixed:
            shown = ", ".join(f"{place} ({len(images)} of {len(records)})" for place, images in fixed.items())
            found.append(
                Finding(
                    check="one-place",
                    severity="info",
                    message=f"{subject}: nearly always with the same surroundings: {shown}",
                    images=context.in_order(image for images in fixed.values() for image in images),
                    figure=max(map(len, fixed.values())) / len(records),
                    threshold=MOST,
                    advice=ELSEWHERE,
                )
            )
    return found


def _fixed(records: Sequence[tuple[Record, set[str]]]) -> dict[str, list[str]]:
    """The places that nearly all of these pictures name → image ids, by place."""
    where: dict[str, list[str]] = defaultdict(list)
    for record, places in records:
        for place in places:
            where[place].append(record.image.id)
    least = max(LEAST_PICTURES, MOST * len(records))
    return {place: where[place] for place in sorted(where) if len(where[place]) >= least}


def _named(record: Record, lexicon: Lexicon) -> set[str]:
    return set().union(*(places_in(caption.text, lexicon) for caption in record.captions))


def _normal(text: str) -> tuple[str, ...]:
    return tuple(singular(part) for word in words(text) for part in word.split("-"))
