"""How much of GLIDE's 128 and CLIP's 77 tokens a caption takes: bars, and the same in figures."""

from typing import ClassVar, Literal

from rich.style import Style
from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from curator.tokens import CLIP_CONTEXT, GLIDE_CONTEXT, clip_token_count, glide_token_count

NEAR = 0.9
"""From this share of the limit on, the bar turns to the warning colour."""
LEAST_BAR = 8
"""Cells of the shortest bar that says more than its figures."""
FIGURES = len(f"{GLIDE_CONTEXT}/{GLIDE_CONTEXT}")
BETWEEN = 2
"""Cells between two bars on one line."""

Count = int | None | Literal["absent"]
"""Tokens; None before the vocabulary is read, `absent` where it is not installed."""


class TokenBar(Widget):
    """Both bars on one line where there is room, else one below the other; figures alone where it may be one line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"token-bar--{name}" for name in ("fits", "near", "over", "empty")}
    DEFAULT_CSS = """
    TokenBar { height: auto; }
    TokenBar .token-bar--fits { color: $success; }
    TokenBar .token-bar--near { color: $warning; text-style: bold; }
    TokenBar .token-bar--over { color: $error; text-style: bold; }
    TokenBar .token-bar--empty { color: $surface-lighten-2; }
    """

    glide: reactive[Count] = reactive[Count](None)
    clip: reactive[Count] = reactive[Count](None)

    def show(self, text: str) -> None:
        """Count a text's tokens: the vocabularies must have been read, which takes a second the first time."""
        self.glide = glide_token_count(text)
        clip = clip_token_count(text)
        self.clip = "absent" if clip is None else clip

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 if _fits_one_line(width) else 2

    def render(self) -> Text:
        width = self.size.width
        pairs: tuple[tuple[str, Count, int], ...] = (
            ("GLIDE", self.glide, GLIDE_CONTEXT),
            ("CLIP", self.clip, CLIP_CONTEXT),
        )
        if self.size.height == 1 and not _fits_one_line(width):
            return Text("  ").join(self._figures(name, count, limit) for name, count, limit in pairs)
        if self.size.height == 1:
            half = (width - BETWEEN) // 2
            return Text(" " * BETWEEN).join(self._bar(name, count, limit, half) for name, count, limit in pairs)
        return Text("\n").join(self._bar(f"{name:<5}", count, limit, width) for name, count, limit in pairs)

    def _figures(self, name: str, count: Count, limit: int) -> Text:
        """`GLIDE 12/128`; what is over is marked with a sign and said in words."""
        if count is None:
            return Text(f"{name} …/{limit}")
        if count == "absent":
            return Text(f"{name} not installed", "dim")
        sign = "!" if count > limit else " "
        return Text.assemble(name, sign, (f"{count}/{limit}", self._style(count, limit)))

    def _bar(self, name: str, count: Count, limit: int, width: int) -> Text:
        line = self._figures(name, count, limit)
        if not isinstance(count, int):
            line.truncate(width, pad=True)
            return line
        if count > limit:
            line.append(f" {count - limit} cut off", self._style(count, limit))
            line.truncate(width, pad=True)
            return line
        line.append(" " * (len(name) + FIGURES + 2 - len(line)))
        room = max(0, width - len(line))
        filled = round(room * count / limit)
        line.append("━" * filled, self._style(count, limit))
        line.append("─" * (room - filled), self.get_component_rich_style("token-bar--empty", partial=True))
        return line

    def _style(self, count: int, limit: int) -> Style:
        level = "over" if count > limit else "near" if count > NEAR * limit else "fits"
        return self.get_component_rich_style(f"token-bar--{level}", partial=True)


def _fits_one_line(width: int) -> bool:
    return width >= 2 * (len("GLIDE") + FIGURES + 2 + LEAST_BAR) + BETWEEN
