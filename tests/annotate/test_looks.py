"""What each screen looks like, in characters alone: whatever is lost without colour would be missing here.

UPDATE_LOOKS=1 writes the pictures anew; look at what changed before you keep them.
"""

import os
from pathlib import Path

import pytest

LOOKS = Path(__file__).parent / "looks"
ATTRIBUTES = '[attributes]\npose = ["sitting", "standing"]\ntags = []'
SCREENS = {
    "caption": ((80, 24), ()),
    "caption-large": ((160, 48), ()),
    "caption-narrow": ((50, 24), ()),
    "sheet": ((80, 24), ("f5",)),
    "sheet-large": ((160, 48), ("f5",)),
    "filter": ((80, 24), ("f9", "i", "m", "p", "asterisk")),
    "answers": ((80, 24), ("f8", "2", "down", "w", "e", "t")),
    "replace": ((80, 24), ("ctrl+r", "tab", "tab", "space")),
    "help": ((80, 24), ("f1",)),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_looks_as_it_did(need, crew, captioning, name):
    need("eval")  # CLIP's tokens are counted
    size, keys = SCREENS[name]
    crew.configure(ATTRIBUTES)
    crew.write("bare", "a hound on turf", author="blip", origin="draft:blip")
    async with captioning(crew, size=size) as at:
        await at.helped()
        await at.type("a smlal dog on ")
        await at.until(lambda: at.scribe.behind_s == 0 and "smlal" in at.shown("#remarks"))
        for key in keys:
            await at.press(key)
        for _ in range(8):
            await at.pilot.pause(0.1)
        shown = at.on_top() + "\n"
    look = LOOKS / f"{name}.txt"
    if "UPDATE_LOOKS" in os.environ:
        look.parent.mkdir(exist_ok=True)
        look.write_text(shown, encoding="utf-8")
    assert shown == look.read_text(encoding="utf-8")
