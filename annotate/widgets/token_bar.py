"""How much of GLIDE's 128 tokens a caption takes: a bar, and the same in figures."""

from typing import ClassVar

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from curator.tokens import GLIDE_CONTEXT

NEAR = 0.9
"""From this share of the limit on, the bar turns to the warning colour."""


class TokenBar(Widget):
    """One line. `tokens` is None until the vocabulary is loaded."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"token-bar--{name}" for name in ("fits", "near", "over", "empty")}
    DEFAULT_CSS = """
    TokenBar { height: 1; }
    TokenBar .token-bar--fits { color: $success; }
    TokenBar .token-bar--near { color: $warning; }
    TokenBar .token-bar--over { color: $error; text-style: bold; }
    TokenBar .token-bar--empty { color: $surface-lighten-2; }
    """

    tokens: reactive[int | None] = reactive(None)

    def render(self) -> Text:
        if self.tokens is None:
            return Text("GLIDE …/128")
        over = self.tokens - GLIDE_CONTEXT
        level = "over" if over > 0 else "near" if self.tokens > NEAR * GLIDE_CONTEXT else "fits"
        style = self.get_component_rich_style(f"token-bar--{level}", partial=True)
        figures = f"{self.tokens}/{GLIDE_CONTEXT}"
        if over > 0:
            return Text(f"! GLIDE {figures}: {over} cut off", style)
        room = max(4, self.size.width - len(f"GLIDE {figures} "))
        filled = round(room * self.tokens / GLIDE_CONTEXT)
        bar = Text("GLIDE ")
        bar.append(f"{figures} ", style)
        bar.append("━" * filled, style)
        bar.append("─" * (room - filled), self.get_component_rich_style("token-bar--empty", partial=True))
        return bar
