"""The models that are known by name, and telling from its keys and shapes which of them a file of weights holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor, nn

from curator.encoders.weights import misfits, shapes
from train.glide.clip.options import ClipOptions
from train.glide.clip.tower import ImageTower, TextTower
from train.glide.options import Options, read_options
from train.glide.presets import PRESETS
from train.glide.unet import Glide
from train.glide.weightless import weightless


@dataclass(frozen=True)
class KnownModel:
    """A model as it was published or is made here."""

    name: str
    about: str
    """What it is for."""
    build: Callable[[], nn.Module]
    """Makes it with fresh weights."""
    options: Options | None = None
    """Of a Glide; None for a tower of the noised CLIP."""

    @cached_property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of each of its tensors; no memory is taken for them."""
        with weightless():
            return shapes(self.build().state_dict())


def glide_model(name: str, about: str, options: Mapping[str, Any]) -> KnownModel:
    """A Glide with these options."""
    checked = read_options(options)
    return KnownModel(name, about, lambda: Glide(checked), checked)


PUBLISHED, TINY = PRESETS["glide"], PRESETS["tiny"]

PUBLISHED_MODELS = (
    glide_model("base", "64 px picture from a caption", PUBLISHED.base),
    glide_model("upsample", "64 to 256 px", PUBLISHED.upsampler),
    glide_model("base-inpaint", "64 px picture around known pixels", {**PUBLISHED.base, "inpaint": True}),
    glide_model("upsample-inpaint", "64 to 256 px around known pixels", {**PUBLISHED.upsampler, "inpaint": True}),
    KnownModel("clip-image-enc", "noised CLIP, pictures: guidance", lambda: ImageTower(ClipOptions())),
    KnownModel("clip-text-enc", "noised CLIP, captions: guidance", lambda: TextTower(ClipOptions())),
)
TINY_MODELS = (
    glide_model("tiny-base", "32 px, preset tiny", TINY.base),
    glide_model("tiny-upsample", "32 to 128 px, preset tiny", TINY.upsampler),
)
KNOWN_MODELS = (*PUBLISHED_MODELS, *TINY_MODELS)


def recognise(tensors: Mapping[str, Tensor], known: Iterable[KnownModel] = KNOWN_MODELS) -> list[KnownModel]:
    """The models that have exactly these keys and shapes."""
    found = shapes(tensors)
    return [model for model in known if model.shapes == found]


def nearest(tensors: Mapping[str, Tensor], known: Iterable[KnownModel] = KNOWN_MODELS) -> KnownModel | None:
    """The model that has most of these keys with these shapes; None if none has half of them."""
    found = shapes(tensors).items()
    shares = {model: len(found & model.shapes.items()) / max(len(found), len(model.shapes)) for model in known}
    best = max(shares, key=lambda model: shares[model], default=None)
    return best if best is not None and shares[best] >= 0.5 else None


def belonging(tensors: Mapping[str, Tensor], known: Iterable[KnownModel] = KNOWN_MODELS) -> str:
    """A sentence that says whose weights these are, or whose they nearly are."""
    known = tuple(known)
    if names := [model.name for model in recognise(tensors, known)]:
        return f"they are the weights of {' or '.join(names)}"
    if near := nearest(tensors, known):
        return f"the nearest known model is {near.name}, but for {misfits(near.shapes, shapes(tensors))}"
    return "they are of no model known here"
