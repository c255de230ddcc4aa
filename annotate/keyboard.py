"""Tables of what keys do, from which bindings, footers, help screens and docs are made. Knows no screen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Place = Literal["pictures", "caption", "queue", "picture", "sheet", "anywhere"]
"""Where a key works."""


@dataclass(frozen=True)
class Action:
    """Something a key does."""

    name: str
    """Of the method that does it (`action_NAME`), or of what the editor and the list do by themselves."""
    keys: tuple[str, ...]
    """As Textual names them, the one to show first."""
    label: str
    """One or two words for the footer."""
    help: str
    """One sentence for the help screen and the docs."""
    place: Place = "pictures"
    in_footer: bool = False


@dataclass(frozen=True)
class Keyboard:
    """All actions of an app."""

    actions: tuple[Action, ...]
    titles: Mapping[Place, str]
    """What the places are called, in the order in which help shows them."""

    def of(self, place: Place) -> tuple[Action, ...]:
        """The actions of one place, in the order of the table."""
        return tuple(action for action in self.actions if action.place == place)

    def rows(self) -> list[tuple[str, str, str]]:
        """(place, keys, what they do), for help screens, the command line and the docs."""
        return [
            (title, key_names(action.keys), action.help)
            for place, title in self.titles.items()
            for action in self.of(place)
        ]

    def markdown(self) -> str:
        """The table as the docs hold it."""
        lines = ["| where | keys | what they do |", "|---|---|---|"]
        lines += [f"| {place} | {keys} | {text} |" for place, keys, text in self.rows()]
        return "\n".join(lines) + "\n"


KEY_NAMES = {
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "question_mark": "?",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "escape": "Esc",
    "backspace": "Backspace",
    "delete": "Delete",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}


def key_name(key: str) -> str:
    """A key as people read it: `ctrl+s` → `Ctrl+S`, `pagedown` → `PgDn`."""
    if key in KEY_NAMES:
        return KEY_NAMES[key]
    *modifiers, last = key.split("+")
    shown = KEY_NAMES.get(last) or (last.upper() if modifiers or last.startswith("f") else last)
    shown = shown.capitalize() if len(shown) > 2 else shown
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


def key_names(keys: Iterable[str]) -> str:
    """Several keys as people read them."""
    return ", ".join(key_name(key) for key in keys)
