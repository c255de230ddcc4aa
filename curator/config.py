"""curator.toml: the settings of a workspace, checked before anything is done with them.

The tables `[train]`, `[evaluate]` and `[studio]` belong to the tools of those names and are passed on unchecked.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from curator.errors import ConfigError

RESERVED_ANSWERS = ("rating", "flag", "note")
ATTRIBUTE_NAME = re.compile(r"[^\W_][\w-]*")


class Settings(BaseModel):
    """Base of every table of settings: immutable, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Settings)


class StoreSettings(Settings):
    url: str = "sqlite:///curator.db"
    """Where the store is: `sqlite:///FILE` (relative to the workspace) or `postgresql+psycopg://host/database`."""


class BlobSettings(Settings):
    url: str = "blobs"
    """The folder of the pictures, relative to the workspace."""


class AuditSettings(Settings):
    near_duplicate_bits: int = Field(default=6, ge=0, le=32)
    """Pictures whose 64-bit perceptual hashes differ in at most this many bits are near-duplicates."""
    min_words: int = Field(default=3, ge=0)
    """Captions with fewer words are reported as short."""
    words: tuple[str, ...] = ()
    """The team's own words, which the spelling check accepts."""
    places: dict[str, tuple[str, ...]] = {}
    """More places for the subject × place table: name → words that stand for it."""


class CaptioningSettings(Settings):
    slots: int = Field(default=1, ge=1, le=20)
    """Captions that each member writes of a picture."""
    max_words: int = Field(default=0, ge=0)
    """Captions with more words are pointed out while they are written; 0: no limit."""
    forbidden: tuple[str, ...] = ()
    """Words that no caption should hold."""
    require_subject: bool = False
    """Point out captions that do not name the picture's subject."""
    guide: str = "GUIDE.md"
    """The team's style guide, a file in the workspace."""


class AdjudicationSettings(Settings):
    two_people: bool = False
    """An adjudicated caption counts only when a second member has approved it."""
    agree: float = Field(default=0.5, ge=0, le=1)
    """Captions of one picture that are less alike than this are put before an adjudicator."""


class Config(Settings):
    name: str = Field(min_length=1)
    """What the data set is called in reports and releases."""
    overlap: str = "0%"
    """Default of `curator split --overlap`: a share (`10%`) or a number of pictures."""
    store: StoreSettings = StoreSettings()
    blobs: BlobSettings = BlobSettings()
    audit: AuditSettings = AuditSettings()
    captioning: CaptioningSettings = CaptioningSettings()
    attributes: dict[str, tuple[str, ...]] = {}
    """What members say of each picture beside the caption: name → its choices, or none for free tags."""
    adjudication: AdjudicationSettings = AdjudicationSettings()
    train: dict[str, Any] = {}
    evaluate: dict[str, Any] = {}
    studio: dict[str, Any] = {}

    @field_validator("attributes")
    @classmethod
    def _not_reserved(cls, attributes: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for name in attributes:
            if name in RESERVED_ANSWERS or not ATTRIBUTE_NAME.fullmatch(name):
                raise ValueError(
                    f"{name!r} cannot be an attribute: letters, digits, dash and underscore are allowed, and "
                    f"{', '.join(RESERVED_ANSWERS)} have a meaning of their own"
                )
        return attributes


def read_config(path: Path) -> Config:
    """Read and check curator.toml. Raises ConfigError with file, key, what is allowed and the nearest known name."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors write a byte order mark
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}", hint="correct the line named above") from error
    return check(Config, content, where=str(path))


def check(model: type[S], content: dict[str, Any], where: str) -> S:
    """`content` as a checked `model`. Raises ConfigError that names `where`, the key, and the nearest known key."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        # A misspelt key is also a missing one: the misspelling is what to say first.
        first = min(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = _known_keys(model, [str(part) for part in first["loc"][:-1]])
            raise unknown_key(key, str(first["loc"][-1]), known, where) from error
        value = f" (found {first['input']!r})" if first["type"] != "missing" else ""
        raise ConfigError(f"{where}: {key}: {first['msg']}{value}", hint=f"correct {key} in {where}") from error


def unknown_key(key: str, name: str, known: Iterable[str], where: str) -> ConfigError:
    """The error for a key that nobody knows, with the nearest name that exists."""
    from rapidfuzz import process

    names = sorted(known)
    near = process.extractOne(name, names, score_cutoff=60)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(names)}"
    return ConfigError(f"{where}: unknown key {key!r}", hint=hint)


def _known_keys(model: type[BaseModel], path: list[str]) -> Iterable[str]:
    for part in path:
        inner = model.model_fields[part].annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return ()
        model = inner
    return model.model_fields
