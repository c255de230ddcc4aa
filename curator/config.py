"""curator.toml: the settings of a workspace, checked before anything is done with them.

The tables `[train]`, `[evaluate]` and `[studio]` belong to the tools of those names and are passed on unchecked.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from curator.errors import ConfigError


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


class Config(Settings):
    name: str = Field(min_length=1)
    """What the data set is called in reports and releases."""
    overlap: str = "0%"
    """Default of `curator split --overlap`: a share (`10%`) or a number of pictures."""
    store: StoreSettings = StoreSettings()
    blobs: BlobSettings = BlobSettings()
    audit: AuditSettings = AuditSettings()
    train: dict[str, Any] = {}
    evaluate: dict[str, Any] = {}
    studio: dict[str, Any] = {}


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
