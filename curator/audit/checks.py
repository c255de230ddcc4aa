"""The list of all checks."""

from collections.abc import Callable
from dataclasses import dataclass

from curator.audit import captions, duplicates, pixels, places, spelling
from curator.audit.comparison import compare, findings
from curator.audit.context import Context
from curator.audit.texts import written
from curator.record import Finding


@dataclass(frozen=True)
class Check:
    """A pure function from the set to findings, which all carry its name."""

    name: str
    title: str
    run: Callable[[Context], list[Finding]]


def _author_length(context: Context) -> list[Finding]:
    return findings(compare(written(context.records)))


CHECKS = (
    Check("unreadable-picture", "Pictures that cannot be read", pixels.unreadable),
    Check("no-caption", "Pictures without a caption", captions.missing),
    Check("conflict", "Captions in conflict", captions.conflict),
    Check("duplicate-across-splits", "Pictures of the test split that are in train too", duplicates.across),
    Check("exact-duplicate", "The same picture more than once", duplicates.exact),
    Check("near-duplicate", "Pictures that look alike", duplicates.near),
    Check("identical-captions", "One caption on several pictures", captions.identical),
    Check("misspelt", "Misspelt words", spelling.misspelt),
    Check("overlong-glide", "Captions longer than GLIDE reads", captions.long_for_glide),
    Check("overlong-clip", "Captions longer than CLIP reads", captions.long_for_clip),
    Check("hidden-characters", "Hidden characters", captions.hidden_characters),
    Check("author-length", "Authors who write more or less than others", _author_length),
    Check("one-place", "Subjects in one place", places.one_place),
    Check("short-caption", "Short captions", captions.short),
    Check("outer-blanks", "Blanks at the ends of captions", captions.outer_blanks),
    Check("inner-blanks", "Line breaks and odd blanks in captions", captions.inner_blanks),
    Check("unknown-word", "Words the dictionary does not know", spelling.unknown),
)
