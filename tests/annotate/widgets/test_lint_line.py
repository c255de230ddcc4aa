"""Remarks as they are shown."""

import asyncio

import pytest

from annotate.writing.lint.remark import Remark

ERROR = Remark("forbidden-word", "error", "“image” is not to be used")
WARNING = Remark("misspelt", "warning", "“octogon”: octagon?")
LONG = Remark("colour", "hint", "says blue; the picture is mostly brown 60 %, green 40 %")
EMPTY = Remark("empty", "error", "nothing is written yet")


def line():
    from annotate.widgets.lint_line import LintLine

    return LintLine()


@pytest.mark.parametrize(
    ("remarks", "expected"),
    [
        ([], []),
        ([EMPTY], []),
        ([ERROR, WARNING], ["✗ “image” is not to be used", "! “octogon”: octagon?"]),
        ([LONG], ["· says blue; the picture is", "  mostly brown 60 %, green 40 %"]),
        (
            [ERROR, WARNING, LONG],
            ["✗ “image” is not to be used", "! “octogon”: octagon?", "· says blue; the picture is mos…"],
        ),
        ([ERROR, *[WARNING] * 4], ["✗ “image” is not to be used", "! “octogon”: octagon?", "  and 3 more"]),
        ([Remark("misspelt", "warning", "“a\x1b[31m”")], ["! “a�[31m”"]),
    ],
    ids=["nothing", "empty", "two", "long", "three", "many", "hostile"],
)  # fmt: skip
def test_what_is_shown(showing, remarks, expected):
    async def story():
        async with showing(line, (34, 8)) as (widget, pilot):
            widget.show(remarks)
            await pilot.pause()
            assert widget.display == bool(expected)
            assert widget.size.height == len(expected)
            assert str(widget.render()).splitlines() == expected

    asyncio.run(story())


def test_it_follows_the_width(showing):
    async def story():
        async with showing(line, (80, 8)) as (widget, pilot):
            widget.show([LONG])
            await pilot.pause()
            assert widget.size.height == 1
            await pilot.resize_terminal(34, 8)
            await pilot.pause()
            assert widget.size.height == 2

    asyncio.run(story())
