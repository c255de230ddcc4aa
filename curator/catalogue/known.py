"""Reading the descriptions of known picture sets; knows nothing of how a set is fetched or drawn."""

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from curator.config import Settings, check
from curator.errors import InputError


class Counts(Settings):
    pictures: int = Field(gt=0)
    captions: int = Field(ge=0)
    subjects: int = Field(ge=0)


class Archive(Settings):
    """A zip file with one folder of pictures a subject."""

    url: str
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    """None where its publisher makes it on demand: then the first download is recorded and holds."""
    length: int | None = Field(default=None, gt=0)
    """In bytes."""
    folder: str
    """Where the subjects' folders are, below the archive's only top folder."""
    subjects: dict[str, str] = Field(min_length=1)
    """Folder of a subject → whom its pictures are by."""


class KnownDataset(Settings):
    name: str = Field(pattern="^[a-z0-9][a-z0-9-]*$")
    title: str
    method: Literal["render", "archive"]
    """Drawn on this machine from an installed package, or unpacked from an archive."""
    source: str
    """Where the set comes from, as an address."""
    licence: str
    """SPDX identifier."""
    attribution: str
    """What has to be said where the pictures are shown or passed on."""
    how: str
    """How one gets it, in a sentence for people."""
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    """Of what is drawn from."""
    counts: Counts
    archive: Archive | None = None

    @model_validator(mode="after")
    def _has_what_its_method_needs(self) -> Self:
        if (self.method == "archive") != (self.archive is not None):
            raise ValueError("method 'archive' and the table [archive] need each other")
        return self


def datasets_folder() -> Path:
    """The folder with one folder per known set: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "known"
    return installed if installed.is_dir() else package.parent / "datasets"


def list_datasets() -> list[KnownDataset]:
    """All known sets by name. Raises ConfigError if a description is not acceptable."""
    found = [read_description(path) for path in sorted(datasets_folder().glob("*/dataset.toml"))]
    if not found:
        raise InputError(f"{datasets_folder()}: no data sets", hint="the installation is incomplete: install it again")
    return found


def read_description(path: Path) -> KnownDataset:
    """The checked description in a dataset.toml, whose folder must have the set's name."""
    known = check(KnownDataset, tomllib.loads(path.read_text(encoding="utf-8")), where=str(path))
    if known.name != path.parent.name:
        raise InputError(f"{path}: name is {known.name!r}, expected {path.parent.name!r}", hint="name both the same")
    return known


def find_dataset(name: str) -> KnownDataset:
    """The known set called `name`. Raises InputError that lists the sets there are."""
    known = {each.name: each for each in list_datasets()}
    if name not in known:
        raise InputError(f"no data set is called {name!r}", hint=f"known: {', '.join(known)}")
    return known[name]
