"""The one table of what can be done in the captioning screen: bindings, footer, help and docs are made from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Place = Literal["pictures", "caption", "queue", "picture", "sheet", "anywhere"]


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
    Action("back", ("pageup", "ctrl+p"), "Back", "Go to the picture before; what you typed stays as a draft."),
    Action("skip", ("f4", "ctrl+t"), "Skip", "Set the picture aside and say why.", in_footer=True),
    Action("undo", ("ctrl+z",), "Undo", "Undo; it reaches back past a restart."),
    Action("redo", ("ctrl+y",), "Redo", "Redo what was undone."),
    Action("take", ("ctrl+g",), "Use other",
           "Put the next of the other texts shown into the editor: what competes, further imported captions, machine "
           "drafts."),
    Action("slot", ("f6", "c"), "Caption 2", "Go to the next caption of this picture, or begin one more."),
    Action("answers", ("f8", "a"), "Answers", "Attributes, rating, flag and note of this picture.",
           in_footer=True),
    Action("phrases", ("ctrl+l",), "Phrases", "Take one of your recent phrases into the caption."),
    Action("look", ("ctrl+o", "z"), "Look", "Look closely: zoom and move with the keys below; Esc goes back."),
    Action("view", ("f7", "v"), "View", "Open the picture in the system's viewer."),
    Action("queue", ("f3", "tab"), "List", "Go to the list of pictures, and from there back to the caption.",
           in_footer=True),
    Action("sheet", ("f5", "s"), "Sheet", "The contact sheet: many pictures at once."),
    Action("filter", ("f9", "ctrl+f", "f"), "Filter", "Show only some pictures, by words, states, sizes and more."),
    Action("replace", ("ctrl+r", "r"), "Replace", "Find and replace in your captions, with a preview."),
    Action("wall", ("f10", "w"), "Progress", "How far the team is, and this session."),
    Action("guide", ("f12", "g"), "Guide", "The team's style guide."),
    Action("help", ("f1", "question_mark"), "Help", "Show this help.", "anywhere", True),
    Action("quit", ("ctrl+q",), "Quit", "Leave; drafts stay, and the next start continues here.", "anywhere", True),
    Action("move", ("left", "right", "up", "down", "home", "end"), "Move",
           "Move the cursor; at the end of the text, → takes the word that is offered.", "caption"),
    Action("words", ("ctrl+left", "ctrl+right"), "Words", "Move by words.", "caption"),
    Action("select", ("shift+left", "shift+right", "ctrl+a"), "Select", "Select; Ctrl+A selects everything.",
           "caption"),
    Action("delete", ("backspace", "delete"), "Delete", "Delete a character: whole emoji and accented letters.",
           "caption"),
    Action("delete_more", ("ctrl+w", "ctrl+u", "ctrl+k"), "Delete",
           "Delete the word before, to the start of the line, to its end.", "caption"),
    Action("clipboard", ("ctrl+x", "ctrl+c", "ctrl+v"), "Clipboard", "Cut, copy, paste.", "caption"),
    Action("up", ("up", "k"), "Up", "One picture up.", "queue"),
    Action("down", ("down", "j"), "Down", "One picture down.", "queue"),
    Action("first", ("home",), "First", "To the first picture.", "queue"),
    Action("last", ("end",), "Last", "To the last picture.", "queue"),
    Action("choose", ("enter", "l"), "Open", "Open the picture and go to its caption.", "queue"),
    Action("leave", ("escape", "h"), "Caption", "Go back to the caption.", "queue"),
    Action("nearer", ("plus", "equals_sign", "i"), "Nearer", "Zoom in.", "picture"),
    Action("farther", ("minus", "o"), "Farther", "Zoom out.", "picture"),
    Action("whole", ("0",), "Whole", "The whole picture.", "picture"),
    Action("left", ("left", "h"), "Left", "Move to the left.", "picture"),
    Action("right", ("right", "l"), "Right", "Move to the right.", "picture"),
    Action("up", ("up", "k"), "Up", "Move up.", "picture"),
    Action("down", ("down", "j"), "Down", "Move down.", "picture"),
    Action("leave", ("escape", "q"), "Caption", "Go back to the caption.", "picture"),
    Action("left", ("left", "h"), "Left", "One picture to the left.", "sheet"),
    Action("right", ("right", "l"), "Right", "One picture to the right.", "sheet"),
    Action("up", ("up", "k"), "Up", "One row up.", "sheet"),
    Action("down", ("down", "j"), "Down", "One row down.", "sheet"),
    Action("page_up", ("pageup", "ctrl+p"), "Back", "The sheet before.", "sheet"),
    Action("page_down", ("pagedown", "ctrl+n"), "Next", "The next sheet.", "sheet"),
    Action("first", ("home",), "First", "To the first picture.", "sheet"),
    Action("last", ("end",), "Last", "To the last picture.", "sheet"),
    Action("choose", ("enter",), "Open", "Open the picture.", "sheet", True),
    Action("leave", ("escape", "q", "f5"), "Caption", "Go back to the caption.", "sheet", True),
)  # fmt: skip

TITLES: dict[Place, str] = {
    "pictures": "Pictures",
    "caption": "In the caption",
    "queue": "In the list of pictures",
    "picture": "Looking closely",
    "sheet": "On the contact sheet",
    "anywhere": "Anywhere",
}
"""Where an action is to be had. Keys that are a single letter work outside the caption, where they would be typed."""

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
