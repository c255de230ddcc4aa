"""CLIP (Radford et al. 2021) through open_clip, with weights from this machine: pictures and texts in one space."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curator.encoders.encoder import BATCH, Absent, Features, Network, Picture
from curator.encoders.pictures import crop, normalise
from curator.encoders.weights import fill, find_weights, not_installed, read_weights, weights_folder
from curator.errors import InputError
from curator.files import sha256_file
from curator.tokens import CLIP_END, CLIP_START, ClipTokenizer

if TYPE_CHECKING:
    from torch.nn import Module

NAME = "CLIP"
VARIABLE = "CLIP_WEIGHTS"
MODEL_VARIABLE = "CLIP_MODEL"
DEFAULT_MODEL = "ViT-B-32"
CONFIG_FILE = "open_clip_config.json"
WEIGHT_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
ARCHITECTURES = "choose one with CLIP's tokenizer: ViT-B-32, ViT-B-16, ViT-L-14 or their -quickgelu forms"
# Means and deviations of OpenAI's training pictures, in the range 0..1; open_clip's own models use the same.
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True)
class _Found:
    """Weights on this machine and the architecture they belong to."""

    path: Path
    model: str
    config: Mapping[str, Any]
    mean: Sequence[float] = MEAN
    deviation: Sequence[float] = DEVIATION


class ClipEncoder:
    """An Encoder whose features can be compared with those of texts."""

    def __init__(self, images: Network, model: "Module") -> None:
        self.name = images.name
        self.digest = images.digest
        self.width = images.width
        self.resize = images.resize
        self._images = images
        self._model: Any = model
        self._tokenizer = ClipTokenizer()

    def encode(self, pictures: Iterable[Picture]) -> Features:
        """Embeddings of `pictures` as the network gives them: float32 (n, width)."""
        return self._images.encode(pictures)

    def encode_images(self, pictures: Iterable[Picture]) -> Features:
        """Embeddings of `pictures`, each of length 1: float32 (n, width)."""
        return _unit(self.encode(pictures))

    def encode_texts(self, texts: Iterable[str]) -> Features:
        """Embeddings of `texts`, each of length 1: float32 (n, width); times an image's, the cosine of the two.

        A text longer than the context (77 tokens) is cut, and its end token kept.
        """
        import torch

        tokens = [self._tokens(text) for text in texts]
        rows = [np.empty((0, self.width), dtype=np.float32)]
        with torch.inference_mode():
            for start in range(0, len(tokens), BATCH):
                batch = torch.tensor(tokens[start : start + BATCH], device=self._images.device)
                rows.append(self._model.encode_text(batch).float().cpu().numpy())
        return _unit(np.concatenate(rows))

    def _tokens(self, text: str) -> list[int]:
        context: int = self._model.context_length
        tokens = [CLIP_START, *self._tokenizer.encode(text)[: context - 2], CLIP_END]
        return tokens + [0] * (context - len(tokens))


def clip(weights: Path | None = None, model: str | None = None, device: str = "cpu") -> ClipEncoder | Absent:
    """CLIP's image and text encoder; Absent if the weights or the packages are not there.

    `weights` (else CLIP_WEIGHTS, else this tool's cache) is a folder with open_clip_config.json and
    open_clip_model.safetensors, as model hubs hand them out, or a file with the weights of the architecture `model`
    (else CLIP_MODEL, else ViT-B-32). The encoder is called "CLIP-" and the model.
    Raises InputError for a named place where nothing is, an unknown model, or weights that do not fit it.
    """
    missing = not_installed("torch", "open_clip")
    if missing:
        return Absent(NAME, missing)
    model = model or os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL
    folder = weights_folder()
    path = find_weights(weights, VARIABLE, [folder / "clip", folder / f"{model}.safetensors", folder / f"{model}.pt"])
    if path is None:
        return Absent(
            f"{NAME}-{model}",
            f"weights absent: put open_clip's weights of {model} at {folder / f'{model}.safetensors'}, "
            f"or name them in {VARIABLE}",
        )
    return _load(_in_folder(path) if path.is_dir() else _Found(path, model, _known(model)), device)


def _in_folder(folder: Path) -> _Found:
    """What a folder from a model hub holds."""
    file = folder / CONFIG_FILE
    weights = next((folder / name for name in WEIGHT_FILES if (folder / name).exists()), None)
    if weights is None or not file.exists():
        raise InputError(f"{folder}: needs {CONFIG_FILE} and {WEIGHT_FILES[0]}", hint="download both into it")
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        config = content["model_cfg"]
        prepare = content.get("preprocess_cfg", {})
        mean, deviation = (
            [float(channel) for channel in prepare.get(key, default)]
            for key, default in (("mean", MEAN), ("std", DEVIATION))
        )
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise InputError(f"{file}: not a configuration of open_clip", hint="download it again") from error
    return _Found(weights, folder.name, config, mean, deviation)


def _known(model: str) -> Mapping[str, Any]:
    """open_clip's configuration of an architecture."""
    from open_clip import get_model_config, list_models
    from rapidfuzz import process

    config: Mapping[str, Any] | None = get_model_config(model) if model in list_models() else None
    if config is None:
        near = process.extractOne(model, list_models())
        raise InputError(f"{model!r}: not a model that open_clip knows", hint=f"did you mean {near[0]!r}?")
    return config


def _load(found: _Found, device: str) -> ClipEncoder:
    from open_clip.model import CLIP

    _check_architecture(found)
    try:
        model = CLIP(**found.config)
    except (TypeError, ValueError, AssertionError) as error:
        raise InputError(f"{found.model}: open_clip cannot build it: {error}", hint=ARCHITECTURES) from error
    size, width = int(found.config["vision_cfg"]["image_size"]), int(found.config["embed_dim"])
    fill(model, read_weights(found.path), found.path)
    model.eval().to(device)
    mean, deviation = (np.asarray(each, dtype=np.float32) * 255 for each in (found.mean, found.deviation))

    def prepare(picture: Picture) -> NDArray[np.float32]:
        return normalise(crop(picture, size), mean, deviation)

    digest = sha256_file(found.path)
    resize = f"PIL bicubic, shorter side to {size} px, centre crop"
    images = Network(f"{NAME}-{found.model}", digest, width, resize, prepare, model.encode_image, device)
    return ClipEncoder(images, model)


def _check_architecture(found: _Found) -> None:
    """Raise InputError for what has another tokenizer than CLIP's, or parts that open_clip would download."""
    try:
        text, vision = found.config["text_cfg"], found.config["vision_cfg"]
        foreign = text.get("hf_model_name") or text.get("hf_tokenizer_name") or vision.get("timm_model_pretrained")
        own = text.get("vocab_size", CLIP_END + 1) == CLIP_END + 1 and not foreign
        complete = {"embed_dim"} <= found.config.keys() and "image_size" in vision
    except (LookupError, AttributeError, TypeError):
        own = complete = False
    if not (own and complete):
        raise InputError(f"{found.model}: not one of CLIP's own architectures", hint=ARCHITECTURES)


def _unit(rows: Features) -> Features:
    lengths: Features = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths
