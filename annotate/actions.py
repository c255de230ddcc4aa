"""The one table of what can be done in the captioning screen: bindings, footer, help and docs are made from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Place = Literal["pictures", "caption", "queue", "anywhere"]


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


ACTIONS: tuple[Action, ...] = (
    Action("submit", ("ctrl+s", "f2", "ctrl+enter"), "Submit", "Submit the caption and go to the next open picture.",
           in_footer=True),
    Action("next", ("pagedown", "ctrl+n"), "Next", "Go to the next picture; what you typed stays as a draft.",
           in_footer=True),
    Action("back", ("pageup", "ctrl+p"), "Back", "Go to the picture before; what you typed stays as a draft.",
           in_footer=True),
    Action("skip", ("f4", "ctrl+t"), "Skip", "Set the picture aside and say why.", in_footer=True),
    Action("undo", ("ctrl+z",), "Undo", "Undo; it reaches back past a restart."),
    Action("redo", ("ctrl+y",), "Redo", "Redo what was undone."),
    Action("take", ("ctrl+g",), "Use other",
           "Put the other text shown into the editor (in a conflict, or where a picture came with several captions)."),
    Action("queue", ("f3", "tab"), "List", "Go to the list of pictures, and from there back to the caption.",
           in_footer=True),
    Action("help", ("f1", "question_mark"), "Help", "Show this help (? works outside the caption).", "anywhere", True),
    Action("quit", ("ctrl+q",), "Quit", "Leave; drafts stay, and the next start continues here.", "anywhere", True),
    Action("move", ("left", "right", "up", "down", "home", "end"), "Move", "Move the cursor.", "caption"),
    Action("words", ("ctrl+left", "ctrl+right"), "Words", "Move by words.", "caption"),
    Action("select", ("shift+left", "shift+right", "f7"), "Select", "Select; F7 selects everything.", "caption"),
    Action("delete", ("backspace", "delete"), "Delete", "Delete a character: whole emoji and accented letters.",
           "caption"),
    Action("delete_more", ("ctrl+w", "ctrl+u", "ctrl+k"), "Delete",
           "Delete the word before, to the start of the line, to its end.", "caption"),
    Action("clipboard", ("ctrl+x", "ctrl+c", "ctrl+v"), "Clipboard", "Cut, copy, paste.", "caption"),
    Action("up", ("up", "k"), "Up", "One picture up.", "queue"),
    Action("down", ("down", "j"), "Down", "One picture down.", "queue"),
    Action("ends", ("home", "end"), "Ends", "To the first or the last picture.", "queue"),
    Action("choose", ("enter", "l"), "Open", "Open the picture and go to its caption.", "queue"),
    Action("leave", ("escape", "h"), "Caption", "Go back to the caption.", "queue"),
)  # fmt: skip

TITLES: dict[Place, str] = {
    "pictures": "Pictures",
    "caption": "In the caption",
    "queue": "In the list of pictures",
    "anywhere": "Anywhere",
}

KEY_NAMES = {
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "question_mark": "?",
    "escape": "Esc",
    "backspace": "Backspace",
    "delete": "Delete",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}


def of(place: Place) -> tuple[Action, ...]:
    """The actions of one place, in the order of the table."""
    return tuple(action for action in ACTIONS if action.place == place)


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


def rows() -> list[tuple[str, str, str]]:
    """(place, keys, what they do), for the help screen, the command line and the docs."""
    return [(title, key_names(action.keys), action.help) for place, title in TITLES.items() for action in of(place)]


def markdown() -> str:
    """The table as docs/captioning.md holds it."""
    lines = ["| where | keys | what they do |", "|---|---|---|"]
    lines += [f"| {place} | {keys} | {text} |" for place, keys, text in rows()]
    return "\n".join(lines) + "\n"
