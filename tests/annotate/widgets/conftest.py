"""A widget of the captioner alone on a screen."""

from contextlib import asynccontextmanager

import pytest


@pytest.fixture
def showing(need, monkeypatch):
    """`async with showing(make, size=(34, 12)) as (widget, pilot):` mounts what `make()` gives."""
    need("textual")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")

    @asynccontextmanager
    async def start(make, size=(34, 12)):
        from textual.app import App

        class Alone(App):
            def compose(self):
                yield make()

        async with Alone().run_test(size=size) as pilot:
            await pilot.pause()
            yield pilot.app.screen.children[-1], pilot

    return start
