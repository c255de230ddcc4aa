"""All figures of agreement at once: from a snapshot of the overlap to one immutable result. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotate.agreement.attributes import AttributeRow, from_answers, from_captions
from annotate.agreement.baseline import Likeness, likeness
from annotate.agreement.gold import Gold, Nearness, Score, nearness, scores
from annotate.agreement.intervals import LEAST
from annotate.agreement.ranking import Ranked, ranked
from annotate.agreement.reading import ATTRIBUTES, read
from annotate.agreement.similarity import Cosine, Embed, Letters, Similarity, TfIdf, Words
from annotate.agreement.texts import Shared, compared
from curator.audit.places import Lexicon as Places
from curator.audit.places import read_lexicon
from curator.errors import InputError
from curator.record import Answer

NO_MODEL = "tf-idf compares words, not meanings; for sentence embeddings: "


@dataclass(frozen=True)
class Material:
    """What is compared: read in one snapshot."""

    pictures: Sequence[Shared]
    """The overlap, with its blind texts."""
    captioned: Sequence[Shared]
    """Every picture with the texts its members worded, for the gold items."""
    answers: Mapping[tuple[str, str, str], frozenset[str]]
    """(image, member, attribute) → the newest answer."""
    gold: Mapping[str, Gold]
    attributes: Sequence[str]
    """Attributes that are answered beside the caption."""
    places: Places = field(default_factory=lambda: read_lexicon({}))


@dataclass(frozen=True)
class Agreement:
    """The result, with everything that is needed to make it again."""

    overlap: int
    """Pictures that several members are to caption."""
    pictures: int
    """Of these, those with at least two texts: all figures rest on them."""
    members: tuple[str, ...]
    seed: int
    measures: Mapping[str, str]
    """Name of each measure of likeness → what it is."""
    likeness: tuple[Likeness, ...]
    attributes: tuple[AttributeRow, ...]
    worst: tuple[Ranked, ...]
    """All pictures, those that differ most first."""
    scores: tuple[Score, ...]
    nearness: tuple[Nearness, ...]
    notes: tuple[str, ...]
    """What to know before reading the figures."""


def newest_answers(answers: Iterable[Answer], names: Iterable[str]) -> dict[tuple[str, str, str], frozenset[str]]:
    """(image, member, attribute) → the values of the newest answer; an answer of nothing is left out."""
    wanted = set(names)
    found = {
        (each.image, each.member, each.key): each.value for each in sorted(answers, key=lambda each: each.id)
        if each.key in wanted
    }  # fmt: skip
    return {
        key: frozenset(map(str, value if isinstance(value, list) else [value]))
        for key, value in found.items()
        if value not in (None, "", [])
    }


def agreement(
    material: Material, embed: Embed | None = None, pairs: bool = False, attribute: str | None = None, seed: int = 0
) -> Agreement:
    """Every figure of the overlap. `embed` gives meanings where a model is installed; `attribute` keeps to one.

    Raises InputError for an attribute that nobody could say or answer.
    """
    known = tuple(dict.fromkeys((*ATTRIBUTES, *material.attributes)))
    if attribute is not None and attribute not in known:
        raise InputError(f"{attribute!r} is no attribute", hint=f"known: {', '.join(known)}")
    pictures = compared(material.pictures)
    readings = {text.text: read(text.text, material.places) for picture in pictures for text in picture.texts}
    measures = _measures(pictures, embed)
    rows = [
        *from_captions(pictures, readings, pairs, seed),
        *from_answers(pictures, material.answers, material.attributes, pairs, seed),
    ]
    worst = ranked(pictures, readings, measures[-1], seed)
    found = scores(material.gold, material.captioned, material.answers, material.places)
    return Agreement(
        overlap=len(material.pictures),
        pictures=len(pictures),
        members=tuple(sorted({name for picture in pictures for name in picture.authors})),
        seed=seed,
        measures={measure.name: measure.about for measure in measures},
        likeness=tuple(row for measure in measures for row in likeness(pictures, measure, pairs, seed=seed)),
        attributes=tuple(row for row in rows if attribute in (None, row.attribute)),
        worst=tuple(row for row in worst if attribute is None or _differs_in(row, attribute)),
        scores=tuple(row for row in found if attribute in (None, row.attribute)),
        nearness=tuple(nearness(material.gold, material.captioned, seed)),
        notes=tuple(_notes(material.pictures, pictures, embed)),
    )


def _measures(pictures: Sequence[Shared], embed: Embed | None) -> list[Similarity]:
    rarity = TfIdf([[text.text for text in picture.texts] for picture in pictures])
    measures: list[Similarity] = [Letters(), Words(), Cosine(rarity)]
    return [*measures, Cosine(embed)] if embed is not None else measures


def _differs_in(row: Ranked, attribute: str) -> bool:
    return any(each.attribute == attribute for _, _, each in row.differing)


def _notes(overlap: Sequence[Shared], pictures: Sequence[Shared], embed: Embed | None) -> Iterable[str]:
    from annotate.agreement.sentences import INSTALL

    if not overlap:
        yield "no picture is to be captioned by several members: curator split --overlap 10%"
    elif not pictures:
        yield f"none of the {len(overlap)} overlap pictures has two captions yet"
    elif len(pictures) < LEAST:
        number = "1 picture" if len(pictures) == 1 else f"{len(pictures)} pictures"
        yield f"{number}: too few to say; the figures describe these pictures and nothing more"
    if embed is None:
        yield NO_MODEL + INSTALL
