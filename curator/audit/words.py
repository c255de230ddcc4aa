"""How captions are cut into words. Knows nothing of dictionaries or of who wrote what."""

import re
import unicodedata
from collections.abc import Iterable

WORD = re.compile(r"\w+(?:['’\-]\w+)*")
POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$")

FUNCTION_WORDS = frozenset(
    "a about above across after against along amid amidst among an and around as at away back be been before behind "
    "below beneath beside between beyond both but by can do down during each either every few for from front had has "
    "have he her here hers him his i if in inside into is are was were it its itself just like many more most much "
    "near next no nor not of off on one onto or other out outside over past per she side so some something such than "
    "that the their them then there these they this those through to toward towards two three under up upon very via "
    "what when where which while who whose with within without you your".split()
)
"""Words that hold a sentence together and say nothing about the picture."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, compounds with a hyphen and forms with an apostrophe in one piece."""
    return tuple(match.lower().replace("’", "'") for match in WORD.findall(text))


def content(spoken: Iterable[str]) -> dict[str, str]:
    """The words that say something about a picture: singular → the form it was first written in."""
    found: dict[str, str] = {}
    for word in spoken:
        if word not in FUNCTION_WORDS:
            found.setdefault(singular(word), word)
    return found


def without_accents(text: str) -> str:
    """A text with its letters as they are without accents: "cafe" for "café"."""
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def singular(word: str) -> str:
    """A word without the ending of a regular plural or possessive: the same for "dogs", "dog's" and "dog"."""
    word = POSSESSIVE.sub("", word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
