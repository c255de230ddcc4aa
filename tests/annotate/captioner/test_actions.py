from collections import Counter
from pathlib import Path

import pytest

from annotate.captioner.actions import KEYBOARD
from annotate.keyboard import key_names

DOCS = Path(__file__).parents[3] / "docs" / "captioning.md"


@pytest.mark.parametrize(
    "beside",
    [("pictures", "caption"), ("pictures", "queue"), ("pictures", "picture"), ("sheet",)],
    ids=lambda places: places[-1],
)
def test_no_key_means_two_things(beside):
    keys = Counter(key for where in (*beside, "anywhere") for action in KEYBOARD.of(where) for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_action_is_explained():
    assert all(action.label and action.help.endswith(".") for action in KEYBOARD.actions)
    assert len({(action.place, action.name) for action in KEYBOARD.actions}) == len(KEYBOARD.actions)


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (("ctrl+s", "f2"), "Ctrl+S, F2"),
        (("pagedown",), "PgDn"),
        (("question_mark",), "?"),
        (("shift+left",), "Shift+←"),
        (("ctrl+enter", "tab", "k"), "Ctrl+Enter, Tab, k"),
    ],
    ids=str,
)
def test_keys_are_named_as_people_read_them(keys, shown):
    assert key_names(keys) == shown


def test_the_docs_hold_the_table():
    assert KEYBOARD.markdown() in DOCS.read_text(encoding="utf-8"), "copy KEYBOARD.markdown()"


def test_bindings_and_screens_follow_the_table(need):
    need("textual")
    from textual.widgets import TextArea

    from annotate.captioner.app import CaptionApp
    from annotate.captioner.keys import bindings, ordered_keys
    from annotate.screens.caption import CaptionScreen
    from annotate.screens.sheet import SheetScreen
    from annotate.widgets.caption_editor import CaptionEditor
    from annotate.widgets.look import Look
    from annotate.widgets.queue_list import QueueList

    assert {binding.action for binding in bindings("pictures")} == {action.name for action in KEYBOARD.of("pictures")}
    where = {
        "pictures": CaptionScreen,
        "anywhere": CaptionApp,
        "queue": QueueList,
        "picture": Look,
        "sheet": SheetScreen,
    }
    for place, owner in where.items():
        assert all(hasattr(owner, f"action_{action.name}") for action in KEYBOARD.of(place))
        bound = {key for binding in owner.BINDINGS for key in binding.key.split(",")}
        assert bound == {key for action in KEYBOARD.of(place) for key in action.keys if key != "tab"}
    for action in KEYBOARD.of("pictures"):
        for key in action.keys:
            assert ordered_keys().get(key) == (action.name if len(key) > 1 else None), "letters are typed there"
    inherited = TextArea.BINDINGS + CaptionEditor.BINDINGS
    editor = {key for binding in inherited for key in binding.key.split(",")}
    assert editor >= {key for action in KEYBOARD.of("caption") for key in action.keys}
