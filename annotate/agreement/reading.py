"""What a caption says of colour, size, pose, place, action, count and accessory, and what it is silent about.

Rules over a literal lexicon, no model: every value can be traced to a word. A value is said of the picture's subject
or of something else ("green" of the sofa), so that two people who speak of different things do not disagree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from annotate.agreement.lexicon import Lexicon, Term, lexicon
from annotate.agreement.phrases import ARTICLES, IS, SUBJECT, before, beings_in, head_of, subject_of, thing
from annotate.agreement.tokens import Token, denied, tokens
from curator.audit.places import Lexicon as Places
from curator.audit.places import places_in, read_lexicon

ATTRIBUTES = ("colour", "size", "pose", "place", "action", "count", "accessory")
SILENCE: frozenset[str] = frozenset()
"""What a caption says that does not mention an attribute. It is no value that could differ from another."""
CLOTHES = "clothes"
LARGEST_NUMBER = 20
SEVERAL = "several"
SAME_IN_PLURAL = frozenset(("sheep", "fish", "deer", "moose", "bison", "squid", "shrimp"))
PLURALS = frozenset(("men", "women", "children", "people", "geese", "mice", "wolves"))


@dataclass(frozen=True)
class Reading:
    """The values of one caption."""

    values: Mapping[str, Mapping[str, frozenset[str]]]
    """Attribute → what it is said of (SUBJECT, or a noun in the singular) → values."""

    def said(self, attribute: str, of: str = SUBJECT) -> frozenset[str]:
        """The values of an attribute; SILENCE where the caption does not mention it."""
        return self.values.get(attribute, {}).get(of, SILENCE)


@dataclass(frozen=True)
class _Caption:
    """A caption on its way to its reading."""

    spoken: tuple[Token, ...]
    terms: Mapping[int, Term]
    """By the place of their first word."""
    denied: frozenset[int]
    verbs: frozenset[int]
    """Where a pose or an action begins."""
    subject: int | None
    lexicon: Lexicon

    def about(self, stem: str) -> str:
        """The name of what a phrase with this noun is about."""
        return thing(stem, None if self.subject is None else self.spoken[self.subject].stem, self.lexicon)


@cache
def shipped_places() -> Places:
    """The places that every set has; a team's own are added with curator.audit.places.read_lexicon."""
    return read_lexicon({})


def read(text: str, places: Places | None = None) -> Reading:
    """Read one caption. `places` is the lexicon of places, by default the shipped one."""
    caption = _parsed(text)
    values: dict[str, dict[str, set[str]]] = {}
    for attribute, of, value in (*_from_terms(caption), *_digits(caption)):
        values.setdefault(attribute, {}).setdefault(of, set()).add(value)
    number = _implied_number(caption)
    if number and SUBJECT not in values.get("count", {}):
        values.setdefault("count", {})[SUBJECT] = {number}
    kept = " ".join(token.word for place, token in enumerate(caption.spoken) if place not in caption.denied)
    named = places_in(kept, shipped_places() if places is None else places)
    if named:
        values["place"] = {SUBJECT: named}
    return Reading({name: {of: frozenset(said) for of, said in about.items()} for name, about in values.items()})


def _parsed(text: str) -> _Caption:
    known = lexicon()
    spoken = tokens(text)
    terms = {term.start: term for term in known.find(spoken)}
    verbs = frozenset(start for start, term in terms.items() if _says(term, "pose") or _says(term, "action"))
    return _Caption(spoken, terms, denied(spoken), verbs, subject_of(spoken, known, verbs), known)


def _from_terms(caption: _Caption) -> Iterator[tuple[str, str, str]]:
    """(attribute, what it is said of, value) of every term."""
    for term in caption.terms.values():
        no = term.start in caption.denied
        for attribute, value in term.values:
            if attribute == "accessory":
                yield attribute, SUBJECT, f"no {value}" if no else value
            elif attribute in ("pose", "action"):
                yield attribute, _doer(caption, term), f"not {value}" if no else value
            elif not no and (of := _described(caption, term, attribute)) is not None:
                yield attribute, of, value


def _described(caption: _Caption, term: Term, attribute: str) -> str | None:
    """What a colour, size or number is said of; None where the word is a noun itself ("an orange")."""
    spoken = caption.spoken
    start = _past_modifiers(caption, term.end)
    head = head_of(spoken, start, caption.lexicon, caption.verbs)
    if head is not None:
        return caption.about(spoken[head].stem)
    if start in caption.verbs and spoken[start - 1].word not in IS:
        if not spoken[start].word.endswith(("ing", "ed")):
            return spoken[start].stem  # "a big smile"
    elif before(spoken, term.start) in ARTICLES:
        return None
    if attribute == "count":
        return None
    if before(spoken, term.start) == "in":
        return CLOTHES
    if before(spoken, term.start) in IS and term.start > 1:
        return caption.about(spoken[term.start - 2].stem)
    return SUBJECT


def _past_modifiers(caption: _Caption, place: int) -> int:
    """The place after the colours and sizes that stand here, also those joined by "and" or set off by commas."""
    while True:
        while place < len(caption.spoken) and caption.spoken[place].word in caption.lexicon.lists["adjectives"]:
            place += 1
        joined = place < len(caption.spoken) and caption.spoken[place].word in ("and", "or")
        term = caption.terms.get(place + joined)
        if term is None or not (_says(term, "colour") or _says(term, "size")):
            return place
        place = term.end


def _doer(caption: _Caption, term: Term) -> str:
    """Who has a pose or does something: who stands right behind it ("a sleeping cat"), else the last one named."""
    beings = [place for place, _ in beings_in(caption.spoken, caption.lexicon)]
    behind = [place for place in beings if place == term.end and not caption.spoken[place].after_break]
    named = behind or [place for place in beings if place < term.start]
    return caption.about(caption.spoken[named[-1]].stem) if named else SUBJECT


def _digits(caption: _Caption) -> Iterator[tuple[str, str, str]]:
    for place, token in enumerate(caption.spoken):
        if token.word.isdecimal() and 0 < int(token.word) <= LARGEST_NUMBER:
            head = head_of(caption.spoken, _past_modifiers(caption, place + 1), caption.lexicon, caption.verbs)
            if head is not None:
                yield "count", caption.about(caption.spoken[head].stem), str(int(token.word))


def _implied_number(caption: _Caption) -> str | None:
    """How many the subject's own form says there are, where it is an animal or a person; None where it does not."""
    if caption.subject is None:
        return None
    noun = caption.spoken[caption.subject]
    if noun.stem not in caption.lexicon.beings or noun.stem in SAME_IN_PLURAL:
        return None
    plural = noun.word in PLURALS or (noun.word != noun.stem and "'" not in noun.word)
    return SEVERAL if plural else "1"


def _says(term: Term, attribute: str) -> bool:
    return any(name == attribute for name, _ in term.values)
