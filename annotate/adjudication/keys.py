"""The table of adjudicating as Textual bindings."""

from textual.binding import Binding, BindingType

from annotate.adjudication.actions import KEYBOARD
from annotate.keyboard import Action, Place, key_name

PAN = {"left": (-0.25, 0.0), "right": (0.25, 0.0), "up": (0.0, -0.25), "down": (0.0, 0.25)}
"""How far Shift and an arrow move what is seen of the picture, in its widths and heights."""

WITH_VALUE = {
    "pick": {key: key for key in "123456789"},
    "scroll": {"down": "1", "j": "1", "up": "-1", "k": "-1"},
    "closer": {"plus": "1", "minus": "-1", "0": "0"},
    "pan": {f"shift+{way}": repr(way) for way in PAN},
}
"""Actions of which each key does something else: action → key → what it is given."""


def bindings(place: Place) -> list[BindingType]:
    """Bindings made from the actions of one place."""
    return [_binding(action, ",".join(action.keys), action.name) for action in KEYBOARD.of(place)]


def calls() -> dict[str, str]:
    """key → what it does, for the keys that must be carried out in their order among typed letters."""
    return {
        key: f"{action.name}({WITH_VALUE[action.name][key]})" if action.name in WITH_VALUE else action.name
        for action in KEYBOARD.of("pictures")
        for key in action.keys
    }


def case_bindings() -> list[BindingType]:
    """Bindings of the screen: actions whose keys differ in what they do get one for each key."""
    found: list[BindingType] = []
    for action in KEYBOARD.of("pictures"):
        values = WITH_VALUE.get(action.name)
        if values is None:
            found.append(_binding(action, ",".join(action.keys), action.name))
            continue
        for key in action.keys:
            shown = action.in_footer and key == action.keys[0]
            found.append(_binding(action, key, f"{action.name}({values[key]})", shown, f"{key}-{action.keys[-1]}"))
    return found


def _binding(action: Action, keys: str, call: str, shown: bool | None = None, display: str | None = None) -> Binding:
    return Binding(
        keys,
        call,
        action.label,
        show=action.in_footer if shown is None else shown,
        key_display=display or key_name(action.keys[0]),
        tooltip=action.help,
        priority=False,
    )
