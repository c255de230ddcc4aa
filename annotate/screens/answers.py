"""A form for what is said of a picture beside its caption: attributes, rating, flag, note; by keyboard alone."""

from collections.abc import Mapping
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Size
from textual.markup import escape
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from annotate.screens.box import Box
from annotate.writing.answers import Answers, Question, Value, checked, questions, split_tags
from curator.console import plain
from curator.errors import InputError

LABEL = 12
"""Cells for the name of a question."""
HINTS = {
    "choice": "1–9 or a letter picks · 0 clears",
    "rating": "1–5 picks · 0 clears",
    "tags": "words between commas",
    "flag": "what is wrong here? empty: nothing",
    "note": "a word to the team",
}


class Choices(Widget, can_focus=True):
    """A question with few answers in a row; the one chosen has a filled dot."""

    class Moved(Message):
        """Another choice was made."""

    def __init__(self, question: Question, chosen: Value) -> None:
        super().__init__()
        self.question = question
        self.chosen = None if chosen is None else str(chosen)

    @property
    def value(self) -> Value:
        """The choice as it is stored."""
        return int(self.chosen) if self.chosen and self.question.kind == "rating" else self.chosen

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def render(self) -> Text:
        rows = []
        for row in self._rows(self.size.width):
            here = [(part, "bold reverse" if is_chosen and self.has_focus else "") for part, is_chosen in row]
            rows.append(Text("  ").join(Text(part, style) for part, style in here))
        return Text("\n").join(rows)

    def _rows(self, width: int) -> list[list[tuple[str, bool]]]:
        """The choices as they are drawn, in rows that fit a width: (what is written, whether it is chosen)."""
        rows: list[list[tuple[str, bool]]] = [[]]
        used = 0
        for number, choice in enumerate(self._all(), start=1):
            digit = "" if self.question.kind == "rating" or number > 9 else f"{number} "
            part = f"{digit}{'●' if choice == self.chosen else '○'} {plain(choice)}"
            if rows[-1] and used + 2 + cell_len(part) > width:
                rows.append([])
                used = 0
            used += 2 * bool(rows[-1]) + cell_len(part)
            rows[-1].append((part, choice == self.chosen))
        return rows

    def on_key(self, event: events.Key) -> None:
        choices = self._all()
        at = choices.index(self.chosen) if self.chosen in choices else None
        if event.key in ("right", "left"):
            step = 1 if event.key == "right" else -1
            self._choose(choices[0 if at is None else (at + step) % len(choices)])
        elif event.key in ("0", "delete", "backspace"):
            self._choose(None)
        elif event.character and event.character.isdigit() and int(event.character) <= len(choices):
            self._choose(choices[int(event.character) - 1])
        elif event.character and event.character.isalpha():
            self._letter(event.character.casefold(), at)
        else:
            return
        event.stop()
        event.prevent_default()

    def _letter(self, letter: str, at: int | None) -> None:
        """The next choice that begins with a letter, from the one chosen on."""
        choices = self._all()
        start = 0 if at is None else at + 1
        around = [*choices[start:], *choices[:start]]
        self._choose(next((each for each in around if each.casefold().startswith(letter)), self.chosen))

    def _choose(self, choice: str | None) -> None:
        self.chosen = choice
        self.refresh(layout=True)
        self.post_message(self.Moved())

    def _all(self) -> tuple[str, ...]:
        """The choices, and what was said before the settings changed."""
        choices = self.question.choices
        return choices if self.chosen is None or self.chosen in choices else (*choices, self.chosen)


class Form(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The questions; the arrow keys move between them, and the one that is asked scrolls into sight."""


class AnswersScreen(Box[Answers | None]):
    """The answers after Enter; None after Esc. ↑ and ↓ go from question to question."""

    DEFAULT_CSS = f"""
    AnswersScreen > Form {{ height: auto; max-height: 90%; }}
    AnswersScreen Horizontal {{ height: auto; }}
    AnswersScreen .label {{ width: {LABEL}; text-wrap: nowrap; text-overflow: ellipsis; }}
    AnswersScreen .label.here {{ text-style: bold; color: $accent; }}
    AnswersScreen Choices {{ width: 1fr; height: auto; }}
    AnswersScreen Input, AnswersScreen Input:focus {{ width: 1fr; height: 1; border: none; padding: 0; }}
    AnswersScreen Input:focus {{ text-style: underline; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, name: str, attributes: Mapping[str, tuple[str, ...]], before: Answers) -> None:
        """`name` is the picture's; `before` what the member has said of it."""
        super().__init__()
        self._title, self._before = name, before
        self._questions = questions(attributes)

    def compose(self) -> ComposeResult:
        with Form() as box:
            box.border_title = f"{escape(plain(self._title))} · Enter saves · Esc leaves"
            for question in self._questions:
                with Horizontal():
                    yield Static(f"  {plain(question.key)}", classes="label", markup=False)
                    yield self._field(question)

    def on_mount(self) -> None:
        self._fields()[0].focus()

    def on_descendant_focus(self) -> None:
        """Mark the question that is asked, and say how it is answered."""
        for question, field in zip(self._questions, self._fields(), strict=True):
            label = self._label(field)
            label.set_class(field.has_focus, "here")
            label.update(f"{'>' if field.has_focus else ' '} {plain(question.key)}")
            if field.has_focus:
                self.query_one(Form).border_subtitle = HINTS[question.kind]

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Hand over what is said, unless something of it is not allowed."""
        after = self._before
        for question, field in zip(self._questions, self._fields(), strict=True):
            said = self._said(question, field)
            if said == self._before.get(question.key):
                continue
            try:
                after = after.having(question.key, checked(question, said))
            except InputError as error:
                field.focus()
                self.notify(error.hint or "", title=error.message, severity="error", markup=False)
                return
        self.dismiss(after)

    def _field(self, question: Question) -> Widget:
        value = self._before.get(question.key)
        if question.choices:
            return Choices(question, value)
        text = ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        return Input(plain(text), compact=True, select_on_focus=False)

    def _said(self, question: Question, field: Widget) -> Value:
        if isinstance(field, Choices):
            return field.value
        assert isinstance(field, Input)
        return (split_tags(field.value) if question.kind == "tags" else field.value.strip()) or None

    def _fields(self) -> list[Widget]:
        return [row.children[1] for row in self.query(Horizontal)]

    def _label(self, field: Widget) -> Static:
        return field.parent.query_one(Static)  # type: ignore[union-attr]
