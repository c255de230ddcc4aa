"""A picture in a rectangle of cells, painted in any of the ways there are. Knows no widget, and works in any thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotate.pictures.cells import DOTS, Cells, Ground, Line, Paint, half_cells, shades
from annotate.pictures.closeup import Closeup, Frame
from annotate.pictures.decoding import Box, Pixels, on_canvas, scaled
from annotate.pictures.gallery import Gallery
from annotate.pictures.kitty import PlaceholderLine, new_id, transmission
from annotate.pictures.mosaic import mosaic_cells
from annotate.pictures.sixel import SixelLine, quantized


@dataclass(frozen=True)
class Scene:
    """What is to be painted: a picture, how it is looked at, and the cells for it."""

    blob: str
    closeup: Closeup
    columns: int
    rows: int
    ground: Ground
    paint: Paint

    def frame(self, shape: tuple[int, int], paint: Paint) -> Frame:
        """What is seen of a picture of this shape (columns, rows) in the dots that `paint` makes of the cells."""
        across, down = dots(paint)
        dot = (paint.cell_px[0] / across) / (paint.cell_px[1] / down)
        return self.closeup.frame(shape, self.columns * across, self.rows * down, dot)


@dataclass(frozen=True)
class Painted:
    """A painted picture."""

    seen: Box
    """The part of the picture that is seen."""
    lines: Sequence[Line] = ()
    ink: Sequence[str] = ()
    """Instead of lines, where there are no colours."""
    image: int = 0
    """Id of a picture that is sent to the terminal by itself."""
    sent_before: str = ""
    """What sends it; the lines are nothing without it."""


def dots(paint: Paint) -> tuple[int, int]:
    """Columns and rows of dots that a cell is painted with."""
    return paint.cell_px if paint.graphics else DOTS.get(paint.renderer, (1, 2))


def sketch(scene: Scene, thumbnail: Pixels) -> Painted:
    """The picture from its thumbnail, in cells: at once, and as good as it gets where all of it is seen in cells."""
    paint = replace(scene.paint, renderer="half") if scene.paint.graphics else scene.paint
    frame = scene.frame(_shape(thumbnail), paint)
    return _in_cells(scene, paint, scaled(thumbnail, frame.width, frame.height, frame.box), frame.box)


def finish(scene: Scene, gallery: Gallery) -> Painted:
    """The picture as well as the terminal can: looked at closely, from its full resolution. Raises as Gallery does."""
    thumbnail = gallery.thumbnail(scene.blob)
    if not (scene.closeup.close or scene.paint.graphics):
        return sketch(scene, thumbnail)
    frame = scene.frame(_shape(thumbnail), scene.paint)
    if scene.closeup.close:
        pixels = gallery.region(scene.blob, frame.box, frame.width, frame.height)
    else:
        pixels = scaled(thumbnail, frame.width, frame.height)
    if not scene.paint.graphics:
        return _in_cells(scene, scene.paint, pixels, frame.box)
    return _in_graphics(scene, pixels, sketch(scene, thumbnail))


def _in_cells(scene: Scene, paint: Paint, pixels: Pixels, seen: Box) -> Painted:
    across, down = dots(paint)
    canvas = on_canvas(pixels, scene.columns * across, scene.rows * down, scene.ground)
    if paint.renderer == "shades":
        return Painted(seen, ink=shades(canvas))
    if paint.renderer in ("quadrant", "sextant"):
        return Painted(seen, mosaic_cells(canvas, paint.renderer, paint.colours))
    return Painted(seen, half_cells(canvas, paint.colours))


def _in_graphics(scene: Scene, pixels: Pixels, under: Painted) -> Painted:
    cells = [line.plain for line in under.lines]
    if scene.paint.renderer == "sixel":
        return Painted(under.seen, _sixels(scene, pixels, cells))
    image = new_id()
    lines = [PlaceholderLine(image, row, 0, scene.ground, line) for row, line in enumerate(cells)]
    return Painted(under.seen, lines, image=image, sent_before=transmission(image, pixels, scene.columns, scene.rows))


def _sixels(scene: Scene, pixels: Pixels, under: Sequence[Cells]) -> Sequence[SixelLine]:
    width, height = scene.paint.cell_px
    indices, palette = quantized(pixels)
    canvas = np.zeros((scene.rows * height, scene.columns * width), dtype=np.uint8)
    top, left = (canvas.shape[0] - indices.shape[0]) // 2, (canvas.shape[1] - indices.shape[1]) // 2
    canvas[top : top + indices.shape[0], left : left + indices.shape[1]] = indices
    rows = canvas.reshape(scene.rows, height, -1)
    lines = [
        SixelLine(dots, palette, scene.paint.cell_px, scene.ground, line)
        for dots, line in zip(rows, under, strict=True)
    ]
    for line in lines:
        line.text()  # here, where a thread has the time, and not when the line is drawn
    return lines


def _shape(pixels: Pixels) -> tuple[int, int]:
    return pixels.shape[1], pixels.shape[0]
