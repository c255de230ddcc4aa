"""Checks on single captions and on captions that repeat: missing, too long, too short, blanks, control characters."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable

from curator.audit.context import Context
from curator.audit.shape import INNER_BLANKS, blank_name, is_hidden, same_form
from curator.audit.words import words
from curator.record import Caption, Finding, Record, Severity
from curator.tokens import CLIP_CONTEXT, GLIDE_CONTEXT, clip_token_count, glide_token_count
from curator.wording import counted

QUOTED = 60


def missing(context: Context) -> list[Finding]:
    """Pictures without a caption, and captions of nothing but blanks."""

    def judge(record: Record, caption: Caption) -> str | None:
        return f"{record.name}: a caption of nothing but blanks" if not caption.text.strip() else None

    advice = "Write a caption: `annotate tui --as MEMBER`. Export refuses the picture until then."
    none = [
        Finding("no-caption", "error", f"{record.name}: no caption", (record.image.id,), _owner(record), advice=advice)
        for record in context.records
        if not record.captions and not record.conflicts
    ]
    return none + _per_picture(context, "no-caption", "error", judge, advice)


def conflict(context: Context) -> list[Finding]:
    """Pictures with texts that compete."""
    return [
        Finding(
            check="conflict",
            severity="error",
            message=f"{record.name}: {counted(len(texts), 'text')} compete for one caption",
            images=(record.image.id,),
            members=tuple(sorted({revision.author for revision in texts if revision.author})),
            figure=float(len(texts)),
            threshold=1.0,
            advice="Read the texts with `curator show PICTURE`, then `curator settle PICTURE --keep N --as MEMBER`.",
        )
        for record in context.records
        if (texts := [revision for group in record.conflicts for revision in group])
    ]


def long_for_glide(context: Context) -> list[Finding]:
    """Captions of which GLIDE does not read the end."""
    return _too_long(context, "overlong-glide", "GLIDE", GLIDE_CONTEXT, glide_token_count)


def long_for_clip(context: Context) -> list[Finding]:
    """Captions of which CLIP, which scores the pictures, does not read the end."""
    return _too_long(context, "overlong-clip", "CLIP", CLIP_CONTEXT, clip_token_count)


def short(context: Context) -> list[Finding]:
    """Captions of very few words; empty ones are left to `missing`."""
    limit = context.settings.min_words

    def judge(record: Record, caption: Caption) -> str | None:
        number = len(words(caption.text))
        if not caption.text.strip() or number >= limit:
            return None
        return f"{record.name}: {counted(number, 'word')}: {quoted(caption.text)}"

    advice = "Say what it is, what it looks like, what it does and where it is."
    return _per_picture(context, "short-caption", "info", judge, advice, threshold=float(limit))


def outer_blanks(context: Context) -> list[Finding]:
    """Captions that begin or end in blanks."""

    def judge(record: Record, caption: Caption) -> str | None:
        text = caption.text
        if not text.strip() or text == text.strip():
            return None
        before, after = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
        places = [f"{verb} in {counted(number, 'blank')}" for verb, number in _ends(before, after) if number]
        return f"{record.name}: {' and '.join(places)}"

    advice = "Training here ignores outer blanks; other trainers make a token of them. Remove them when you next edit."
    return _per_picture(context, "outer-blanks", "info", judge, advice)


def inner_blanks(context: Context) -> list[Finding]:
    """Captions with line breaks, tabs or several blanks in a row inside."""

    def judge(record: Record, caption: Caption) -> str | None:
        found = INNER_BLANKS.search(caption.text.strip())
        return None if found is None else f"{record.name}: {blank_name(found[0])} inside"

    return _per_picture(context, "inner-blanks", "info", judge, "Some trainers read each line as a caption of its own.")


def hidden_characters(context: Context) -> list[Finding]:
    """Control, escape, direction and private characters, and the mark of a failed decoding."""

    def judge(record: Record, caption: Caption) -> str | None:
        counts = Counter(each for each in caption.text if is_hidden(each))
        if not counts:
            return None
        some = ", ".join(f"U+{ord(each):04X} {unicodedata.name(each, 'control')}" for each in sorted(counts)[:4])
        return f"{record.name}: {counted(counts.total(), 'hidden character')}: {some}"

    advice = "Type the caption again without them; they change what the model reads and what a terminal shows."
    return _per_picture(context, "hidden-characters", "warning", judge, advice)


def identical(context: Context) -> list[Finding]:
    """One caption on several pictures, whatever its case, blanks and final full stop."""
    bearers: dict[str, dict[str, str]] = defaultdict(dict)
    authors: dict[str, set[str]] = defaultdict(set)
    for record, caption in context.captions():
        if text := same_form(caption.text):
            bearers[text].setdefault(record.image.id, caption.text)
            authors[text].add(caption.author)
    merged: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for text, images in bearers.items():
        if len(images) > 1:
            merged[context.in_order(images)].append(text)
    return [
        Finding(
            check="identical-captions",
            severity="warning",
            message=f"{context.names(images)}: the same caption on {counted(len(images), 'picture')}: "
            + ", ".join(quoted(bearers[text][images[0]]) for text in texts),
            images=images,
            members=tuple(sorted({author for text in texts for author in authors[text] if author})),
            figure=float(len(images)),
            threshold=1.0,
            advice="Say what differs between the pictures; a repeated caption makes the model copy them.",
        )
        for images, texts in merged.items()
    ]


def quoted(text: str) -> str:
    """The beginning of a text in quotation marks, on one line."""
    line = text.replace("\r", " ").replace("\n", " ⏎ ")
    return f"“{line}”" if len(line) <= QUOTED else f"“{line[:QUOTED].rstrip()}…”"


def _too_long(
    context: Context, check: str, reader: str, limit: int, count: Callable[[str], int | None]
) -> list[Finding]:
    longest: dict[str, int] = {}
    authors: dict[str, set[str]] = defaultdict(set)
    for record, caption in context.captions():
        number = count(caption.text)
        if number is not None and number > limit:
            longest[record.image.id] = max(number, longest.get(record.image.id, 0))
            authors[record.image.id].add(caption.author)
    return [
        Finding(
            check=check,
            severity="warning",
            message=f"{context.by_id[image].name}: {number} tokens; {reader} reads {limit} and drops the rest",
            images=(image,),
            members=tuple(sorted(filter(None, authors[image]))),
            figure=float(number),
            threshold=float(limit),
            advice="Put what matters first, and cut.",
        )
        for image, number in longest.items()
    ]


def _per_picture(
    context: Context,
    check: str,
    severity: Severity,
    judge: Callable[[Record, Caption], str | None],
    advice: str,
    threshold: float | None = None,
) -> list[Finding]:
    """One finding for each picture of which a caption is found wanting; `judge` gives the message."""
    found = []
    for record in context.records:
        faults = [(message, caption) for caption in record.captions if (message := judge(record, caption)) is not None]
        if faults:
            found.append(
                Finding(
                    check=check,
                    severity=severity,
                    message=faults[0][0],
                    images=(record.image.id,),
                    members=tuple(sorted({caption.author for _, caption in faults if caption.author})),
                    threshold=threshold,
                    advice=advice,
                )
            )
    return found


def _owner(record: Record) -> tuple[str, ...]:
    return (record.owner,) if record.owner else ()


def _ends(before: int, after: int) -> tuple[tuple[str, int], ...]:
    return ("begins", before), ("ends", after)
