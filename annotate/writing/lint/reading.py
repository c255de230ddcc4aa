"""Remarks on how much of a text the models read, and at which word they stop."""

import bisect
from collections.abc import Callable

from annotate.writing.lint.remark import Kind, Remark
from curator.audit.words import WORD
from curator.tokens import CLIP_CONTEXT, GLIDE_CONTEXT, clip_token_count, glide_token_count


def tokens(text: str) -> list[Remark]:
    """More tokens than GLIDE or CLIP reads. CLIP is left out where its vocabulary is not installed."""
    return [
        *_too_long(text, "glide-tokens", "GLIDE", GLIDE_CONTEXT, glide_token_count),
        *_too_long(text, "clip-tokens", "CLIP", CLIP_CONTEXT, clip_token_count),
    ]


def cut_off(text: str, limit: int, count: Callable[[str], int | None]) -> int:
    """Where the first word begins that a reader of `limit` tokens does not read whole; the end where it reads all."""
    spans = [match.span() for match in WORD.finditer(text)]
    first = bisect.bisect_right(spans, limit, key=lambda span: count(text[: span[1]]) or 0)
    return spans[first][0] if first < len(spans) else len(text)


def _too_long(text: str, kind: Kind, reader: str, limit: int, count: Callable[[str], int | None]) -> list[Remark]:
    number = count(text)
    if number is None or number <= limit:
        return []
    start = cut_off(text, limit, count)
    words = text[start:].split()
    lost = f"from “{words[0]}” on it is cut off" if words else "the end is cut off"
    return [Remark(kind, "warning", f"{number} tokens, {reader} reads {limit}: {lost}", (start, len(text)))]
