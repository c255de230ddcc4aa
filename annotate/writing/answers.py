"""What a member may say of a picture beside its caption: which answers there are, which are allowed, what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from curator.audit.shape import is_hidden
from curator.errors import InputError
from curator.record import Answer

Value = str | int | tuple[str, ...] | None
"""A choice, free text, a rating, or tags in their order; None for no answer."""

RATINGS = range(1, 6)
MOST_TAGS, TAG_LETTERS, TEXT_LETTERS = 20, 40, 500

Kind = Literal["choice", "tags", "rating", "flag", "note"]


@dataclass(frozen=True)
class Question:
    """Something that may be answered."""

    key: str
    """As the answer is stored: an attribute of curator.toml, `rating`, `flag` or `note`."""
    kind: Kind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """A member's answers about one picture, as they are now."""

    values: Mapping[str, Value] = field(default_factory=dict)
    """Key → value; only what is answered."""

    def get(self, key: str) -> Value:
        """The answer to a question, or None."""
        return self.values.get(key)

    def having(self, key: str, value: Value) -> "Answers":
        """These answers with another one to one question; None takes it back."""
        values = (
            {**self.values, key: value} if value else {each: self.values[each] for each in self.values if each != key}
        )
        return replace(self, values=values)


def questions(attributes: Mapping[str, tuple[str, ...]]) -> tuple[Question, ...]:
    """All that may be answered: the attributes of curator.toml in their order, then rating, flag and note."""
    asked = [Question(name, "choice" if choices else "tags", choices) for name, choices in attributes.items()]
    ratings = tuple(str(rating) for rating in RATINGS)
    return (*asked, Question("rating", "rating", ratings), Question("flag", "flag"), Question("note", "note"))


def checked(question: Question, value: Any) -> Value:
    """A value as it may be stored. Raises InputError that names the question and what is allowed."""
    if value is None or value in ("", [], ()):
        return None
    if question.kind == "choice":
        if value in question.choices:
            return str(value)
        raise InputError(f"{question.key}: {value!r} is no choice", hint=f"choices: {', '.join(question.choices)}")
    if question.kind == "rating":
        if isinstance(value, int) and not isinstance(value, bool) and value in RATINGS:
            return value
        raise InputError(f"rating: {value!r} is none", hint=f"a whole number from {RATINGS[0]} to {RATINGS[-1]}")
    if question.kind == "tags":
        return _tags(question.key, value)
    return _text(question.key, value, TEXT_LETTERS)


def split_tags(text: str) -> tuple[str, ...]:
    """Tags as people type them, between commas; blanks folded, repeats and empty ones left out."""
    return tuple(dict.fromkeys(tag for part in text.split(",") if (tag := " ".join(part.split()))))


def current(said: Iterable[Answer], member: str, attributes: Mapping[str, tuple[str, ...]]) -> Answers:
    """The newest answer of a member to each question, from all answers about one picture, oldest first.

    A choice that the settings no longer hold stays as it was said.
    """
    keys = {question.key for question in questions(attributes)}
    found = Answers()
    for each in said:
        if each.member == member and each.key in keys:
            found = found.having(each.key, tuple(each.value) if isinstance(each.value, list) else each.value)
    return found


def answers_to_write(before: Answers, after: Answers) -> list[tuple[str, Any]]:
    """(key, value as JSON) of each answer that became another one; None for one that was taken back."""
    keys = dict.fromkeys((*before.values, *after.values))
    changed = [key for key in keys if before.get(key) != after.get(key)]
    return [(key, list(value) if isinstance(value := after.get(key), tuple) else value) for key in changed]


def _tags(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(tag, str) for tag in value):
        raise InputError(f"{key}: {value!r} are no tags", hint="tags are a list of words")
    tags = tuple(dict.fromkeys(_text(key, tag, TAG_LETTERS) for tag in value))
    if len(tags) > MOST_TAGS:
        raise InputError(f"{key}: {len(tags)} tags", hint=f"at most {MOST_TAGS} are kept")
    if any("," in tag for tag in tags):
        raise InputError(f"{key}: a tag holds a comma", hint="write one tag between two commas")
    return tags


def _text(key: str, value: Any, most: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{key}: {value!r} is no text", hint="say it in a few words")
    text = " ".join(value.split())
    if len(text) > most:
        raise InputError(f"{key}: {len(text)} characters", hint=f"at most {most} are kept: shorten it")
    if hidden := next((each for each in text if is_hidden(each)), None):
        raise InputError(f"{key}: the hidden character U+{ord(hidden):04X}", hint="take it out")
    return text
