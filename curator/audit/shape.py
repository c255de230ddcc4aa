"""What is odd in the characters of one text, whatever it says: hidden characters, blanks, the form that repeats."""

import re
import unicodedata

JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
INNER_BLANKS = re.compile(r"[^\S ]|\s{2,}")
HIDDEN_CATEGORIES = ("Cc", "Cf", "Co", "Cs")


def is_hidden(each: str) -> bool:
    """Whether a character is a control, escape, direction or private one, or the mark of a failed decoding."""
    if each in JOINERS or each in "\n\r\t":
        return False
    return each == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(each) in HIDDEN_CATEGORIES


def blank_name(found: str) -> str:
    """What a match of INNER_BLANKS is called."""
    if set(found) & set("\n\r"):
        return "a line break"
    return "a tab" if "\t" in found else "several blanks in a row"


def same_form(text: str) -> str:
    """A text without what does not make it another one: case, blanks, a final full stop. "" for a blank one."""
    return " ".join(text.casefold().split()).rstrip(" .")
