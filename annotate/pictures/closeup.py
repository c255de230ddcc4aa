"""How closely a picture is looked at, and where: what part of it is seen in a given number of dots. Pure arithmetic."""

from dataclasses import dataclass, replace

from annotate.pictures.decoding import Box

LARGEST_ZOOM = 32.0


@dataclass(frozen=True)
class Frame:
    """What is seen: a part of the picture, in so many dots."""

    box: Box
    width: int
    height: int


@dataclass(frozen=True)
class Closeup:
    """A zoom factor of 1 or more, where 1 shows the whole picture, and the middle of what is seen, as fractions."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def close(self) -> bool:
        """Whether less than the whole picture may be seen."""
        return self.zoom > 1.0

    def zoomed(self, by: float) -> "Closeup":
        """`by` times as close; the whole picture and 32 times are the ends."""
        zoom = min(max(self.zoom * by, 1.0), LARGEST_ZOOM)
        return replace(self, zoom=zoom) if zoom > 1.0 else Closeup()

    def panned(self, dx: float, dy: float, seen: Box) -> "Closeup":
        """Moved by fractions of what is `seen`, not past the edges of the picture."""
        width, height = seen.right - seen.left, seen.bottom - seen.top
        return replace(self, x=_inside(self.x + dx * width, width), y=_inside(self.y + dy * height, height))

    def frame(self, shape: tuple[int, int], width: int, height: int, dot: float = 1.0) -> Frame:
        """What is seen of a picture of `shape` (columns, rows) in at most `width` × `height` dots.

        A dot is `dot` times as wide as high. At zoom 1 the whole picture is seen, in its shape and as large as it fits.
        """
        columns, rows = shape
        scale = self.zoom * min(width * dot / columns, height / rows)
        across, down = columns * scale / dot, rows * scale  # dots that the whole picture would take
        seen_x, seen_y = min(1.0, width / across), min(1.0, height / down)
        left = _inside(self.x, seen_x) - seen_x / 2
        top = _inside(self.y, seen_y) - seen_y / 2
        box = (
            Box(max(0.0, left), max(0.0, top), min(1.0, left + seen_x), min(1.0, top + seen_y)) if self.close else Box()
        )
        return Frame(box, max(1, min(width, round(across))), max(1, min(height, round(down))))

    def describe(self) -> str:
        """For a line under the picture."""
        return f"{self.zoom:.3g}× at {self.x:.0%} from the left, {self.y:.0%} from the top"


def _inside(middle: float, seen: float) -> float:
    """`middle` moved so that what is seen around it ends at the edges, 0 and 1."""
    return min(max(middle, seen / 2), 1 - seen / 2)
