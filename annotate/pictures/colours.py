"""Which colours a picture shows, and whether it shows one that a caption names. Knows nothing of captions as such.

Colours are compared in CIELAB, where distances are about as large as people see them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""(height, width, 3), sRGB, 0..255."""
Lab = npt.NDArray[np.float64]
"""(…, 3): L* in 0..100, a* and b* in about -130..130."""

SAMPLE_PX = 40_000
"""Pixels looked at, spread evenly over the picture."""
STEP = 4.0
"""Side of the cells of Lab space in which pixels count as one colour: hardly a difference to the eye."""

SIDE = 128
"""More than the cells there are along each axis."""

TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""IEC 61966-2-1, linear sRGB to CIE XYZ."""
WHITE = np.array([0.95047, 1.0, 1.08883])
"""D65, the white of sRGB."""

FOCAL: Mapping[str, tuple[tuple[int, int, int], ...]] = {
    "black": ((0, 0, 0), (32, 32, 34)),
    "white": ((255, 255, 255), (232, 232, 230)),
    "grey": ((75, 75, 77), (130, 130, 130), (185, 186, 188)),
    "red": ((200, 30, 35), (130, 20, 25), (230, 70, 60)),
    "orange": ((240, 130, 30), (220, 100, 30)),
    "yellow": ((250, 220, 60), (220, 190, 70)),
    "green": ((45, 140, 60), (125, 165, 75), (40, 75, 40), (85, 105, 50), (150, 205, 120)),
    "blue": ((40, 90, 200), (125, 175, 225), (30, 50, 110), (80, 120, 160)),
    "purple": ((120, 50, 150), (170, 130, 200)),
    "pink": ((240, 150, 180), (250, 200, 210), (220, 60, 140)),
    "brown": ((120, 75, 45), (75, 52, 38), (165, 118, 80), (150, 90, 50)),
    "beige": ((220, 200, 170), (195, 172, 140)),
}
"""What each name stands for at its best: the basic terms of Berlin and Kay (1969), and beige; sRGB values."""


@dataclass(frozen=True)
class Region:
    """What people may call by a name, in Lab's cylinder. Wide on purpose: light and surroundings shift every colour."""

    hue: tuple[float, float] = (0.0, 360.0)
    """From, to, in degrees; a region over 0° runs from a larger to a smaller number."""
    chroma: tuple[float, float] = (0.0, 200.0)
    lightness: tuple[float, float] = (0.0, 100.0)


REGIONS: Mapping[str, Region] = {
    "black": Region(lightness=(0, 32)),
    "white": Region(chroma=(0, 22), lightness=(62, 100)),
    "grey": Region(chroma=(0, 18), lightness=(12, 94)),
    "red": Region(hue=(345, 50), chroma=(25, 200)),
    "orange": Region(hue=(35, 85), chroma=(30, 200)),
    "yellow": Region(hue=(65, 120), chroma=(25, 200)),
    "gold": Region(hue=(50, 105), chroma=(18, 200), lightness=(25, 100)),
    "green": Region(hue=(95, 210), chroma=(5, 200)),
    "blue": Region(hue=(190, 315), chroma=(6, 200)),
    "purple": Region(hue=(280, 355), chroma=(7, 200)),
    "pink": Region(hue=(320, 45), chroma=(10, 200), lightness=(40, 100)),
    "brown": Region(hue=(15, 100), chroma=(6, 70), lightness=(5, 75)),
    "cream": Region(hue=(30, 120), chroma=(3, 50), lightness=(50, 100)),
}

WORDS: Mapping[str, str] = {
    word: name
    for name, words in {
        "black": "black ebony",
        "white": "white",
        "grey": "grey gray silver charcoal",
        "red": "red crimson scarlet maroon burgundy",
        "orange": "orange",
        "yellow": "yellow",
        "gold": "gold golden",
        "green": "green emerald teal turquoise",
        "blue": "blue navy azure cyan teal turquoise",
        "purple": "purple violet lilac mauve magenta lavender",
        "pink": "pink magenta",
        "brown": "brown chestnut chocolate tan",
        "cream": "cream beige ivory",
    }.items()
    for word in words.split()
}
"""What claims a colour → the region to look for. Words of two colours have the one that is wider."""


@dataclass(frozen=True)
class Palette:
    """The colours of a picture."""

    lab: Lab
    """(n, 3), the colours there are."""
    shares: npt.NDArray[np.float64]
    """(n,), the share of the picture of each; the sum is 1."""


def palette(pixels: Pixels) -> Palette:
    """The colours of a picture, those that look alike taken together."""
    flat = pixels.reshape(-1, 3)
    lab = to_lab(flat[:: max(1, len(flat) // SAMPLE_PX)])
    cells = np.rint(lab / STEP).astype(np.int64) + SIDE // 2
    # One number a cell: to compare rows takes numpy ten times as long.
    numbers, counts = np.unique((cells[:, 0] * SIDE + cells[:, 1]) * SIDE + cells[:, 2], return_counts=True)
    found = np.stack([numbers // SIDE**2, numbers // SIDE % SIDE, numbers % SIDE], axis=-1) - SIDE // 2
    return Palette(found * STEP, counts / counts.sum())


def to_lab(pixels: Pixels) -> Lab:
    """sRGB as CIELAB (CIE 15:2018, equations 8.3 to 8.5; D65)."""
    encoded = np.arange(256) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    relative = linear[pixels] @ TO_XYZ.T / WHITE
    f = np.where(relative > (6 / 29) ** 3, np.cbrt(relative), relative * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def share(colours: Palette, name: str) -> float:
    """The share of a picture (0..1) that may be called by the name of a region."""
    region = REGIONS[name]
    lightness, a, b = colours.lab.T
    chroma = np.hypot(a, b)
    hue = np.degrees(np.arctan2(b, a)) % 360
    low, high = region.hue
    in_hue = (low <= hue) & (hue <= high) if low <= high else (low <= hue) | (hue <= high)
    inside = in_hue & _between(chroma, region.chroma) & _between(lightness, region.lightness)
    return float(colours.shares[inside].sum())


def dominant(colours: Palette) -> list[tuple[str, float]]:
    """(name, share) of a picture's colours, each called by its nearest name, the largest share first."""
    nearest = np.square(colours.lab[:, None] - _FOCAL_LAB[None]).sum(-1).argmin(-1)
    totals = np.zeros(len(FOCAL))
    np.add.at(totals, _FOCAL_NAME[nearest], colours.shares)
    named = [(name, float(total)) for name, total in zip(FOCAL, totals, strict=True) if total]
    return sorted(named, key=lambda each: (-each[1], each[0]))


def _between(values: npt.NDArray[np.float64], limits: tuple[float, float]) -> npt.NDArray[np.bool_]:
    return (limits[0] <= values) & (values <= limits[1])


_FOCAL_LAB = to_lab(np.array([colour for colours in FOCAL.values() for colour in colours], dtype=np.uint8))
_FOCAL_NAME = np.array([index for index, colours in enumerate(FOCAL.values()) for _ in colours])
