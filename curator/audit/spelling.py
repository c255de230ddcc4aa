"""Misspelt words in captions, and words that the dictionary does not know. The dictionary is English."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from curator.audit.context import Context
from curator.audit.dictionary import compound, correction, is_known, is_slip
from curator.audit.words import POSSESSIVE, WORD, singular, without_accents
from curator.record import Finding

LATIN = re.compile(r"[a-z]+(?:['\-][a-z]+)*")
SENTENCE_START = re.compile(r"(?:^|[.!?…:])[\s\"'“‘(]*$")
TO_CORRECT = "Correct the caption; or, if the word is right, add it to words under [audit] in curator.toml."
TO_ACCEPT = "If the word is right, add it to words under [audit] in curator.toml; otherwise correct the caption."


@dataclass(frozen=True)
class Doubt:
    """A word that is not known."""

    correction: str | None
    """The word that was probably meant."""
    compound: str | None
    """The word written as two, where it is two known words in one."""


def misspelt(context: Context) -> list[Finding]:
    """Words that a letter or two make a known one."""
    doubts = {word: doubt for word, doubt in _doubts(context).items() if doubt.correction}
    return [
        Finding(
            check="misspelt",
            severity="warning",
            message=f"{context.names(images)}: " + ", ".join(f"“{each}” → {doubts[each].correction}" for each in found),
            images=images,
            members=_writers(context, images, found),
            figure=float(len(found)),
            threshold=0.0,
            advice=TO_CORRECT,
        )
        for images, found in _by_pictures(context, doubts)
    ]


def unknown(context: Context) -> list[Finding]:
    """Words that are neither in the dictionary nor near to one in it: names, terms, two words written as one."""
    doubts = {word: doubt for word, doubt in _doubts(context).items() if not doubt.correction}
    return [
        Finding(
            check="unknown-word",
            severity="info",
            message=f"{context.names(images)}: " + ", ".join(_shown(each, doubts[each]) for each in found),
            images=images,
            members=_writers(context, images, found),
            figure=float(len(found)),
            threshold=0.0,
            advice=TO_ACCEPT,
        )
        for images, found in _by_pictures(context, doubts)
    ]


def parts(text: str) -> Iterator[str]:
    """The parts of a caption that can be judged, in lower case, hyphenated words in pieces.

    Left out: words with digits or in other scripts than Latin, acronyms, and names (a capital inside a sentence).
    """
    for match in WORD.finditer(text):
        word = match[0]
        if text.isupper() or (word.istitle() and SENTENCE_START.search(text[: match.start()])):
            word = word.lower()
        plain = without_accents(POSSESSIVE.sub("", word.replace("’", "'")))
        if LATIN.fullmatch(plain):
            yield from plain.split("-")


def _doubts(context: Context) -> dict[str, Doubt]:
    """The unknown words of the set. What two people write is taken for a word, unless one letter makes a known one."""
    accepted = _accepted(context)
    users: dict[str, set[str]] = defaultdict(set)
    for _, caption in context.captions():
        for part in parts(caption.text):
            users[part].add(caption.author)
    found = {}
    for part in sorted(users):
        if len(part) < 3 or singular(part) in accepted or is_known(part):
            continue
        doubt = Doubt(correction(part), compound(part))
        if len(users[part]) < 2 or (doubt.correction and is_slip(part, doubt.correction)):
            found[part] = doubt
    return found


def _accepted(context: Context) -> frozenset[str]:
    """The words of the team, of its subjects, its members and its places."""
    records, settings = context.records, context.settings
    texts = [*settings.words, *settings.places, *(term for terms in settings.places.values() for term in terms)]
    texts += [text for record in records for text in (record.image.subject, record.owner) if text]
    texts += [caption.author for _, caption in context.captions()]
    return frozenset(
        singular(part) for text in texts for word in WORD.findall(text) for part in word.casefold().split("-")
    )


def _by_pictures(context: Context, doubts: Mapping[str, Doubt]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """(image ids, the doubtful words that stand on just these): a finding is known by its pictures."""
    where: dict[str, set[str]] = defaultdict(set)
    for record, caption in context.captions():
        for part in parts(caption.text):
            if part in doubts:
                where[part].add(record.image.id)
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for part in sorted(where):
        together[context.in_order(where[part])].append(part)
    return iter(together.items())


def _writers(context: Context, images: Sequence[str], found: Sequence[str]) -> tuple[str, ...]:
    """Who wrote any of these words on these pictures."""
    captions = [caption for image in images for caption in context.by_id[image].captions]
    return tuple(sorted({each.author for each in captions if each.author and set(found) & set(parts(each.text))}))


def _shown(word: str, doubt: Doubt) -> str:
    return f"“{word}” (written as one; “{doubt.compound}”?)" if doubt.compound else f"“{word}”"
