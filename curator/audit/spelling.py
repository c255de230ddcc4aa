"""Misspelt words in captions, and words that the dictionary does not know. The dictionary is English."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from curator.audit.context import Context
from curator.audit.dictionary import is_slip
from curator.audit.doubts import Doubt, accepted, doubt, pieces
from curator.record import Finding

TO_CORRECT = "Correct the caption; or, if the word is right, add it to words under [audit] in curator.toml."
TO_ACCEPT = "If the word is right, add it to words under [audit] in curator.toml; otherwise correct the caption."


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
    """The words of a caption that can be judged, in lower case, hyphenated words in pieces."""
    return (piece.word for piece in pieces(text))


def _doubts(context: Context) -> dict[str, Doubt]:
    """The unknown words of the set. What two people write is taken for a word, unless one letter makes a known one."""
    known = accepted(_own_texts(context))
    users: dict[str, set[str]] = defaultdict(set)
    for _, caption in context.captions():
        for part in parts(caption.text):
            users[part].add(caption.author)
    found = {}
    for part in sorted(users):
        doubtful = doubt(part, known)
        if doubtful and (len(users[part]) < 2 or (doubtful.correction and is_slip(part, doubtful.correction))):
            found[part] = doubtful
    return found


def _own_texts(context: Context) -> Iterator[str]:
    """The words of the team, of its subjects, its members and its places."""
    records, settings = context.records, context.settings
    yield from settings.words
    yield from settings.places
    yield from (term for terms in settings.places.values() for term in terms)
    yield from (text for record in records for text in (record.image.subject, record.owner) if text)
    yield from (caption.author for _, caption in context.captions())


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
