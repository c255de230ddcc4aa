"""The bars, in figures and in words."""

import asyncio

import pytest


def bar():
    from annotate.widgets.token_bar import TokenBar

    return TokenBar()


def shown(showing, glide, clip, width, height=None):
    async def story():
        async with showing(bar, (width, 12)) as (widget, pilot):
            widget.glide, widget.clip = glide, clip
            if height:
                widget.styles.height = height
            await pilot.pause()
            assert all(len(line) <= width for line in widget.render().plain.splitlines())
            return widget.render().plain.splitlines()

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("glide", "clip", "first", "second"),
    [
        (None, None, "GLIDE …/128", "CLIP  …/77"),
        (0, 2, "GLIDE 0/128", "CLIP  2/77"),
        (64, "absent", "GLIDE 64/128", "CLIP  not installed"),
        (138, 80, "GLIDE!138/128 10 cut off", "CLIP !80/77 3 cut off"),
    ],
    ids=["not counted", "empty", "no vocabulary", "too long"],
)
def test_two_lines_where_it_is_narrow(showing, glide, clip, first, second):
    lines = [line.rstrip("━─ ") for line in shown(showing, glide, clip, 32)]
    assert lines == [first, second]


def test_one_line_where_there_is_room(showing):
    (line,) = shown(showing, 64, 77, 70)
    glide, clip = line[:34], line[36:]
    assert glide.startswith("GLIDE 64/128")
    assert clip.startswith("CLIP 77/77")
    assert glide.count("━") == glide.count("─") > 0
    assert "─" not in clip


def test_figures_alone_where_it_must_be_one_line(showing):
    assert shown(showing, 12, 80, 32, height=1) == ["GLIDE 12/128  CLIP!80/77"]


def test_bars_begin_at_one_place_and_grow_with_the_tokens(showing):
    lines = shown(showing, 32, 50, 32)
    assert lines[0].index("━") == lines[1].index("━")
    room = lines[0].count("━") + lines[0].count("─")
    assert lines[0].count("━") == round(room * 32 / 128)
    assert lines[1].count("━") == round(room * 50 / 77)


def test_a_text_is_counted(showing):
    async def story():
        async with showing(bar, (32, 4)) as (widget, _):
            widget.show("a dog")
            assert widget.glide == 2
            assert widget.clip in (4, "absent")

    asyncio.run(story())
