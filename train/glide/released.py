"""The six released files: their names, where they lie on this machine, and whether they are what was fetched."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curator.encoders.weights import weights_folder
from curator.errors import InputError, UsageError
from curator.fetch import recorded_sha256
from curator.files import sha256_file
from train.glide.known import PUBLISHED_MODELS, KnownModel


@dataclass(frozen=True)
class Released:
    """A model that was published as a file."""

    model: KnownModel
    file: str
    """Name of the file as published, a `.pt`."""

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def files(self) -> tuple[str, str]:
        """Names under which it is looked for: as it was converted, and as it was published."""
        return f"{Path(self.file).stem}.safetensors", self.file


RELEASED = tuple(Released(model, f"{model.name.replace('-', '_')}.pt") for model in PUBLISHED_MODELS)
PAIR = ("base", "upsample")
"""What text to picture takes."""


def by_name(name: str, catalogue: Sequence[Released] = RELEASED) -> Released:
    """The released file called `name`. Raises UsageError that names those there are."""
    for each in catalogue:
        if each.name == name:
            return each
    raise UsageError(f"no released weights are called {name!r}", hint=f"known: {', '.join(e.name for e in catalogue)}")


def find(wanted: Released, folder: Path) -> Path | None:
    """The file in `folder`, converted before published, or None."""
    return next((path for name in wanted.files if (path := folder / name).is_file()), None)


def released(name: str, folder: Path | None = None) -> Path | None:
    """Where the released weights `name` lie in `folder` (default: this user's cache), or None.

    Raises UsageError for a name that is not in RELEASED.
    """
    return find(by_name(name), folder or weights_folder())


def need_released(*names: str, folder: Path | None = None) -> list[Path]:
    """As `released`, but raises InputError that says how to get all the files that are not there."""
    found = {name: released(name, folder) for name in names}
    if lacking := [name for name, path in found.items() if path is None]:
        raise missing(lacking, folder)
    return [path for path in found.values() if path]


def missing(names: Sequence[str], folder: Path | None = None) -> InputError:
    """The error where released weights are needed and not there."""
    files = " and ".join(by_name(name).file for name in names)
    to = "" if folder is None else f" --to {folder}"
    return InputError(
        f"released weights {files} are not in {folder or weights_folder()}",
        hint=f"get them: train weights fetch {' '.join(names)}{to}",
    )


def released_sha256(path: Path) -> str:
    """The sha256 of a released file as it is now. Raises InputError where another one was recorded beside it."""
    digest, recorded = sha256_file(path), recorded_sha256(path)
    if recorded not in (None, digest):
        raise InputError(
            f"{path}: its sha256 is {digest}, recorded was {recorded}",
            hint=f"it was damaged or replaced: delete it and fetch it again, train weights fetch; or delete "
            f"{path.name}.sha256 if you put another file there",
        )
    return digest
