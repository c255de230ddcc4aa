"""What is to be said of the caption: the gravest remarks, one a line, each with a sign that needs no colour."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.widgets import Static

from annotate.writing.lint.remark import SEVERITIES, Remark, Severity
from curator.console import plain

SIGNS: dict[Severity, str] = {"error": "✗", "warning": "!", "hint": "·"}
LINES = 3
"""Lines that remarks may take; what does not fit is counted."""


class LintLine(Static):
    """Takes no room while there is nothing to say."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lint-line--{severity}" for severity in SEVERITIES}
    DEFAULT_CSS = """
    LintLine {
        height: auto; padding: 0 1; display: none;
        &.filled { display: block; }
        & .lint-line--error { color: $text-error; text-style: bold; }
        & .lint-line--warning { color: $text-warning; }
        & .lint-line--hint { color: $text-muted; }
    }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 as Textual names it
        super().__init__(id=id, markup=False)
        self._said: list[Remark] = []

    def show(self, remarks: Sequence[Remark]) -> None:
        """Show these remarks, the gravest first; that nothing is written yet needs no words."""
        self._said = [remark for remark in remarks if remark.kind != "empty"]
        self.set_class(bool(self._said), "filled")
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        shown = self._said if len(self._said) <= LINES else self._said[: LINES - 1]
        spare = max(0, LINES - len(self._said))
        drawn: list[Text] = []
        for remark in shown:
            lines = self._lines(remark, 1 + spare)
            spare -= len(lines) - 1
            drawn += lines
        if len(shown) < len(self._said):
            drawn.append(Text(f"  and {len(self._said) - len(shown)} more"))
        self.update(Text("\n").join(drawn))

    def _lines(self, remark: Remark, most: int) -> list[Text]:
        """A remark on at most so many lines, its end left out where it takes more."""
        style = self.get_component_rich_style(f"lint-line--{remark.severity}", partial=True)
        width = max(8, (self.size.width or self.container_size.width or 80) - 2)
        lines = list(Text(plain(remark.message).replace("\n", " "), style).wrap(self.app.console, width))
        for line in lines:
            line.rstrip()
        if len(lines) > most:
            last = Text(" ").join(lines[most - 1 :])
            last.truncate(width, overflow="ellipsis")
            lines = [*lines[: most - 1], last]
        return [
            Text.assemble((SIGNS[remark.severity] if at == 0 else " ", style), " ", line)
            for at, line in enumerate(lines)
        ]
