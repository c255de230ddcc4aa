"""The actions table as Textual bindings."""

from textual.binding import Binding, BindingType

from annotate.captioner.actions import KEYBOARD
from annotate.keyboard import Place, key_name


def bindings(place: Place) -> list[BindingType]:
    """Bindings for a screen or the app, made from the actions of one place."""
    return [
        Binding(
            ",".join(key for key in action.keys if key != "tab"),  # Textual moves the focus with it, everywhere
            action.name,
            action.label,
            show=action.in_footer,
            key_display=key_name(action.keys[0]),
            tooltip=action.help,
            priority=False,
        )
        for action in KEYBOARD.of(place)
    ]


def ordered_keys() -> dict[str, str]:
    """key → action, for the keys that must be carried out in their order among the letters of a caption."""
    return {key: action.name for action in KEYBOARD.of("pictures") for key in action.keys if len(key) > 1}
