"""The style guide is read inside the workspace, and shown without its escapes."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.writing.guide import MOST_BYTES, read_guide
from curator.errors import InputError
from curator.workspace import Workspace


def guided(workspace, content, name="GUIDE.md"):
    (workspace.path / name).write_bytes(content)
    return workspace


def test_it_is_read_as_plain_text(workspace):
    guided(workspace, b"\xef\xbb\xbf# Ours\r\n\x1b]0;evil\x07name the *breed*\n")
    assert read_guide(workspace) == "# Ours\n�]0;evil�name the *breed*\n"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "is not there"),
        (b"x" * (MOST_BYTES + 1), "more than 262,144 bytes"),
        (b"\xff\xfe", "byte 0 is not UTF-8"),
    ],
    ids=["missing", "huge", "no text"],
)
def test_what_cannot_be_read_is_said(workspace, content, problem):
    if content is not None:
        guided(workspace, content)
    with pytest.raises(InputError, match=problem) as caught:
        read_guide(workspace)
    assert "GUIDE.md" in caught.value.message
    assert caught.value.hint


def test_a_folder_is_no_guide(workspace):
    (workspace.path / "GUIDE.md").mkdir()
    with pytest.raises(InputError, match="is not there"):
        read_guide(workspace)


@pytest.mark.parametrize("name", ["../secret.md", "/etc/hostname", "link.md"])
def test_it_never_lies_outside(workspace, tmp_path, name):
    (tmp_path / "secret.md").write_text("secret")
    (workspace.path / "link.md").symlink_to(tmp_path / "secret.md")
    with (workspace.path / "curator.toml").open("a") as config:
        config.write(f'\n[captioning]\nguide = "{name}"\n')
    with pytest.raises(InputError):
        read_guide(Workspace.find(workspace.path))


def drawn(guide, size=(80, 24), keys=()):
    """The lines of the screen with the guide on it, after some keys; None where it was left."""

    async def story():
        from textual.app import App

        from annotate.screens.guide import GuideScreen

        async with App().run_test(size=size) as pilot:
            pilot.app.push_screen(GuideScreen(guide))
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            if len(pilot.app.screen_stack) == 1:
                return None
            return [line.text for line in pilot.app.screen._compositor.render_strips()]

    return asyncio.run(story())


LONG = "# Rules\n\n" + "".join(f"{number}. rule number {number}\n" for number in range(1, 60))


def test_it_is_shown_and_scrolled(need):
    need("textual")
    first = "\n".join(drawn(LONG))
    for part in ("Style guide", "Esc closes", "rule number 5"):
        assert part in first
    assert "rule number 59" not in first
    assert "rule number 59" in "\n".join(drawn(LONG, keys=("end",)))
    assert "rule number 1\n" not in "\n".join(line.rstrip(" │") for line in drawn(LONG, keys=("pagedown",)))
    assert drawn(LONG, keys=["j"] * 6) == drawn(LONG, keys=["down"] * 6) != drawn(LONG)
    assert drawn(LONG, keys=["j", "j", "k", "k"]) == drawn(LONG)


@pytest.mark.parametrize("key", ["escape", "q", "f12"])
def test_it_closes(need, key):
    need("textual")
    assert drawn("# Rules", keys=(key,)) is None


def test_links_are_text(need):
    need("textual")

    async def story():
        from textual.app import App

        from annotate.screens.guide import GuideScreen

        async with App().run_test(size=(80, 24)) as pilot:
            pilot.app.push_screen(GuideScreen("see [the rules](https://example.org/rules)"))
            await pilot.pause()
            strips = pilot.app.screen._compositor.render_strips()
            assert any("https://example.org/rules" in strip.text for strip in strips)
            assert not any(segment.style and segment.style.link for strip in strips for segment in strip)

    asyncio.run(story())


@settings(max_examples=200)
@given(st.text('#*_`[]()>-+|\\<&! \nab1.:~$"', max_size=60) | st.text(max_size=40))
def test_any_text_can_be_drawn(text):
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=40, file=None).render_lines(Markdown(text, hyperlinks=False))
