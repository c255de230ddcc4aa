"""The Inception network that FID is defined on (Heusel et al. 2017), with weights from a file on this machine."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from curator.encoders.encoder import Absent, Encoder, Network, Picture
from curator.encoders.pictures import normalise, stretch
from curator.encoders.weights import fill, find_weights, not_installed, read_weights, weights_folder
from curator.files import sha256_file

if TYPE_CHECKING:
    from torch.nn import Module

NAME = "Inception"
SIZE = 299
WIDTH = 2048
VARIABLE = "INCEPTION_WEIGHTS"
PUBLISHED_FILE = "pt_inception-2015-12-05-6726825d.pth"
PUBLISHED_SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"


def inception(weights: Path | None = None, device: str = "cpu") -> Encoder | Absent:
    """2048 features a picture, from the last pooling; Absent if the weights or the packages are not there.

    The weights are `weights`, or the file that INCEPTION_WEIGHTS names, or lie in this tool's or torch hub's cache.
    The encoder is called "Inception" with the published weights only, and "Inception-" and the first eight digits of
    the sha256 with others. Raises InputError for a named file that is not there or does not fit.
    """
    missing = not_installed("torch", "torchvision", "pytorch_fid")
    if missing:
        return Absent(NAME, missing)
    path = find_weights(weights, VARIABLE, [weights_folder() / PUBLISHED_FILE, _hub_folder() / PUBLISHED_FILE])
    if path is None:
        place = weights_folder() / PUBLISHED_FILE
        return Absent(NAME, f"weights absent: put {PUBLISHED_FILE} at {place}, or name it in {VARIABLE}")
    digest = sha256_file(path)
    network = _build()
    fill(network, read_weights(path), path)
    network.fc = _identity()
    network.eval().to(device)
    name = NAME if digest == PUBLISHED_SHA256 else f"{NAME}-{digest[:8]}"
    resize = f"PIL bicubic in float32, stretched to {SIZE} px, as in clean-FID"
    return Network(name, digest, WIDTH, resize, _prepare, network, device)


def _hub_folder() -> Path:
    """Where torch hub keeps what it has downloaded, found without loading torch."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("TORCH_HOME") or cache / "torch") / "hub" / "checkpoints"


def _build() -> "Module":
    """torchvision's Inception v3 with the blocks in which the published network differs; pytorch-fid defines those.

    pytorch-fid's own constructor always downloads.
    """
    from pytorch_fid import inception as blocks
    from torchvision.models import inception_v3

    network: Module = inception_v3(weights=None, init_weights=False, aux_logits=False, num_classes=1008)
    for name, features in {"Mixed_5b": (192, 32), "Mixed_5c": (256, 64), "Mixed_5d": (288, 64)}.items():
        setattr(network, name, blocks.FIDInceptionA(features[0], pool_features=features[1]))
    for name, channels in {"Mixed_6b": 128, "Mixed_6c": 160, "Mixed_6d": 160, "Mixed_6e": 192}.items():
        setattr(network, name, blocks.FIDInceptionC(768, channels_7x7=channels))
    network.Mixed_7b = blocks.FIDInceptionE_1(1280)
    network.Mixed_7c = blocks.FIDInceptionE_2(2048)
    return network


def _identity() -> "Module":
    from torch.nn import Identity

    return Identity()


def _prepare(picture: Picture) -> NDArray[np.float32]:
    return normalise(stretch(picture, SIZE), 127.5, 127.5)
