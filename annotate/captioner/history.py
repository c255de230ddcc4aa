"""Undo and redo of one text: whole texts, grouped into steps as people think of them. Knows nothing of widgets."""

from collections.abc import Iterable

STEPS = 100
"""Steps kept; they are stored with every draft."""

PAUSE_S = 1.0
"""Typing on after a longer pause starts a new step."""


class History:
    """A text with its earlier and its undone versions."""

    def __init__(self, text: str, earlier: Iterable[str] = ()) -> None:
        self.text = text
        self._earlier = list(earlier)[-STEPS:]
        self._undone: list[str] = []
        self._kind = "none"
        self._changed = 0.0

    @property
    def earlier(self) -> tuple[str, ...]:
        """Texts that undo goes back to, oldest first."""
        return tuple(self._earlier)

    def change(self, text: str, now: float, block: bool = False) -> bool:
        """Take over a changed text, `now` in seconds; `block` makes it a step of its own. False if nothing changed."""
        if text == self.text:
            return False
        kind = "block" if block else kind_of_change(self.text, text)
        if kind == "block" or kind != self._kind or now - self._changed > PAUSE_S:
            self._earlier = [*self._earlier, self.text][-STEPS:]
        self.text, self._changed = text, now
        self._kind = kind
        self._undone.clear()
        return True

    def undo(self) -> bool:
        """Go one step back; False if there is none."""
        return self._move(self._earlier, self._undone)

    def redo(self) -> bool:
        """Take the newest undo back; False if there is none."""
        return self._move(self._undone, self._earlier)

    def _move(self, source: list[str], target: list[str]) -> bool:
        if not source:
            return False
        target.append(self.text)
        self.text = source.pop()
        self._kind = "none"
        return True


def kind_of_change(old: str, new: str) -> str:
    """`word`, `blank` or `delete` for a change of one character, else `block`."""
    start = shared_start(old, new)
    removed, added = len(old) - start, len(new) - start
    while removed and added and old[start + removed - 1] == new[start + added - 1]:
        removed, added = removed - 1, added - 1
    if (removed, added) == (0, 1):
        return "blank" if new[start].isspace() else "word"
    return "delete" if (removed, added) == (1, 0) else "block"


def shared_start(old: str, new: str) -> int:
    """How many characters two texts share from the start."""
    shared = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        shared += 1
    return shared


def end_of_change(old: str, new: str) -> int:
    """Where in `new` the part ends that differs from `old`: where the cursor belongs after an undo."""
    start = shared_start(old, new)
    left, right = len(old), len(new)
    while left > start and right > start and old[left - 1] == new[right - 1]:
        left, right = left - 1, right - 1
    return right
