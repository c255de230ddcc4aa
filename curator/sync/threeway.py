"""What to do about one caption that stands in a file and in the store. Pure: three texts in, a verdict out.

Nothing is decided by a clock, and no verdict loses a text: what a side loses, the other has, or the store's history.
"""

from collections.abc import Collection
from enum import StrEnum

from curator.sync.habits import words_of


class Verdict(StrEnum):
    SAME = "same"
    """Both say what they last agreed on, or neither says anything."""
    AGREED = "agreed"
    """Both changed to the same words, or meet for the first time with the same words."""
    TAKE = "take"
    """Only the file changed: its text becomes a revision."""
    GIVE = "give"
    """Only the store changed: the file is written."""
    CONFLICT = "conflict"
    """Both changed: the file's text is kept in the store beside the other one, and the file stays as it is."""
    FILE_GONE = "file gone"
    """The file was deleted or emptied; the caption stays."""
    STORE_GONE = "caption withdrawn"
    """The caption was withdrawn; the file stays."""


def decide(base: str | None, store: str | None, file: str | None, overtaken: Collection[str] = ()) -> Verdict:
    """The verdict on what both last agreed on (None: they never met), the store's caption, and the file's text.

    `overtaken`: texts that the store's caption was built upon since `base`. A file that holds one of them has nothing
    to say that the store did not know: somebody else's clone brought it there.
    """
    base, store, file = words_of(base), words_of(store), words_of(file)
    if file == store:
        return Verdict.SAME if file in (base, None) else Verdict.AGREED
    if file is None:
        return Verdict.GIVE if base is None else Verdict.FILE_GONE
    if store is None:
        if base is None:
            return Verdict.TAKE
        return Verdict.STORE_GONE if file == base else Verdict.CONFLICT
    if file == base or file in {words_of(each) for each in overtaken}:
        return Verdict.GIVE
    return Verdict.TAKE if store == base else Verdict.CONFLICT
