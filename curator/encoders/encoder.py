"""What every feature extractor offers, and the batching they share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 8
"""Pictures in one forward pass; fixed, so that features do not depend on how the caller groups pictures."""

Picture = Image.Image | NDArray[np.uint8]
"""A PIL image, or a uint8 array (height, width, 3) in RGB order."""

Features = NDArray[np.float32]
"""One row a picture: float32 (n, width)."""


class Encoder(Protocol):
    """A feature extractor with everything that a figure made with it has to name."""

    @property
    def name(self) -> str:
        """Short name for figures, "EffNetLite0" for example."""

    @property
    def digest(self) -> str:
        """sha256 of the weights file, hexadecimal."""

    @property
    def width(self) -> int:
        """How many features a picture has."""

    @property
    def resize(self) -> str:
        """How pictures are brought to the network's size, in words."""

    def encode(self, pictures: Iterable[Picture]) -> Features:
        """Features of `pictures`, in their order: float32 (n, width); (0, width) for no pictures."""


@dataclass(frozen=True)
class Absent:
    """An encoder that this machine cannot offer."""

    name: str
    reason: str
    """What is missing and what to do about it, for the row "not measured: …"."""


@dataclass(frozen=True)
class Network:
    """An Encoder made of a preparation and a torch network."""

    name: str
    digest: str
    width: int
    resize: str
    prepare: Callable[[Picture], NDArray[np.float32]]
    """One picture → (3, size, size), normalised."""
    forward: Callable[["Tensor"], "Tensor"]
    """(batch, 3, size, size) → (batch, width)."""
    device: str = "cpu"

    def encode(self, pictures: Iterable[Picture]) -> Features:
        """See Encoder."""
        import torch

        rows = [np.empty((0, self.width), dtype=np.float32)]
        waiting: list[NDArray[np.float32]] = []

        def flush() -> None:
            batch = torch.from_numpy(np.stack(waiting)).to(self.device)
            rows.append(self.forward(batch).float().cpu().numpy())
            waiting.clear()

        with torch.inference_mode():
            for picture in pictures:
                waiting.append(self.prepare(picture))
                if len(waiting) == BATCH:
                    flush()
            if waiting:
                flush()
        return np.concatenate(rows)
