"""What a colour, a size or a number is said of: the noun phrase after it, told without a grammar."""

from collections.abc import Collection, Sequence

from annotate.agreement.lexicon import Lexicon
from annotate.agreement.tokens import Token
from curator.audit.words import FUNCTION_WORDS

SUBJECT = ""
"""What a value is said of where that is the picture's subject."""
ARTICLES = frozenset(("a", "an", "the", "this", "that", "some", "its", "his", "her", "their"))
IS = frozenset(("is", "are", "was", "were", "look", "be"))


def subject_of(spoken: Sequence[Token], lexicon: Lexicon, verbs: Collection[int]) -> int | None:
    """The place of the word that names what the picture shows: the first animal or person, else the first noun.

    `verbs` are the places at which a pose or an action begins. None where no word does.
    """
    for place, _ in beings_in(spoken, lexicon):
        return head_of(spoken, place, lexicon, verbs) or place
    for place, token in enumerate(spoken):
        if token.word in FUNCTION_WORDS or place in verbs:
            continue
        head = head_of(spoken, place, lexicon, verbs)
        if head is not None and spoken[head].stem not in lexicon.lists["containers"]:
            return head
    return None


def beings_in(spoken: Sequence[Token], lexicon: Lexicon) -> list[tuple[int, str]]:
    """(place, kind) of each word that names an animal or a person; what is only compared with one is left out."""
    return [
        (place, lexicon.beings[token.stem])
        for place, token in enumerate(spoken)
        if token.stem in lexicon.beings and not (place + 1 < len(spoken) and spoken[place + 1].word == "like")
    ]


def head_of(spoken: Sequence[Token], start: int, lexicon: Lexicon, verbs: Collection[int]) -> int | None:
    """The place of the noun that ends the phrase beginning at `start`; None where no noun follows."""
    head = None
    for place in range(start, len(spoken)):
        token = spoken[place]
        if (token.after_break and place > start) or _ends(spoken, place, lexicon, verbs, head):
            break
        adverb = token.word.endswith("ly") and token.stem not in lexicon.beings
        if token.word not in lexicon.lists["adjectives"] and place not in verbs and not adverb:
            head = place
        if token.word.endswith(("'s", "s'")):  # "the dog's red collar": what follows is another thing
            return place
    return head


def thing(stem: str, subject: str | None, lexicon: Lexicon) -> str:
    """The name of what a phrase with this noun is about, `subject` being the noun of the picture's subject."""
    if stem in lexicon.lists["coat"] or stem == subject:
        return SUBJECT
    kind = lexicon.beings.get(stem)
    if kind is not None:
        return SUBJECT if subject is not None and kind == lexicon.beings.get(subject) else kind
    return lexicon.things.get(stem, stem)


def before(spoken: Sequence[Token], place: int) -> str:
    """The word before a place, or nothing at the start of a clause."""
    return spoken[place - 1].word if place > 0 and not spoken[place].after_break else ""


def _ends(spoken: Sequence[Token], place: int, lexicon: Lexicon, verbs: Collection[int], head: int | None) -> bool:
    token, lists = spoken[place], lexicon.lists
    follows = spoken[place + 1].word if place + 1 < len(spoken) and not spoken[place + 1].after_break else None
    stands_alone = follows is None or follows in FUNCTION_WORDS
    if head is None and (token.word in lists["adjectives"] or (place in verbs and not stands_alone)):
        return False  # "a sitting dog", "a smiling dog"
    if place in verbs or token.word in FUNCTION_WORDS or token.word in lists["ends"] or token.word.endswith("n't"):
        return True
    if {token.word, token.stem} & lists["nouns"] or token.word in lists["adjectives"]:
        return False
    return token.word.endswith("ing") or (head is not None and token.word.endswith("ed") and stands_alone)
