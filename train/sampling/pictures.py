"""Painted pictures as files: 8-bit RGB PNGs."""

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from curator.errors import InputError


def to_png(levels: Tensor) -> bytes:
    """A picture, uint8 (3, S, S), as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(levels.permute(1, 2, 0).contiguous().numpy()).save(buffer, "PNG")
    return buffer.getvalue()


def from_png(path: Path) -> Tensor:
    """A PNG file as uint8 (3, S, S). Raises as `open_png`."""
    return torch.from_numpy(np.array(open_png(path))).permute(2, 0, 1)


def open_png(path: Path) -> Image.Image:
    """A PNG file, decoded to RGB. Raises InputError where it is damaged, OSError where it is not there."""
    content = path.read_bytes()
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{path}: not readable as a picture", hint="remove it and call train sample again") from error
