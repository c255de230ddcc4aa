"""Reading a release: its samples, and their pictures one by one."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image as Pillow

from curator.errors import InputError
from curator.release.entry import Entry
from curator.release.formats import FORMATS
from curator.release.options import FormatName
from curator.release.sample import Sample, from_table

ABOUT = "release.json"
RECORDS = "records.parquet"
DATA = "data"
LAYOUT_VERSION = 1


@dataclass(frozen=True)
class Release:
    """A release on disk. Cheap to open: pictures are read when asked for."""

    folder: Path
    about: dict[str, Any]
    """The content of release.json."""
    samples: tuple[Sample, ...]
    """Ordered by sample id."""

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def digest(self) -> str:
        """sha256 over all samples and settings: two releases with the same digest hold the same."""
        return str(self.about["digest"])

    def split(self, name: str) -> tuple[Sample, ...]:
        """The samples of `train` or `test`."""
        return tuple(sample for sample in self.samples if sample.split == name)

    def picture_bytes(self, sample: Sample) -> bytes:
        """The file content of a sample's picture. Raises InputError where the release lacks it."""
        try:
            return self.entries[sample.sample_id].picture()
        except KeyError as error:
            raise InputError(f"release {self.name}: sample {sample.sample_id} has no picture", hint=BROKEN) from error

    def picture(self, sample: Sample) -> Pillow.Image:
        """A sample's picture as an RGB image, values 0 to 255."""
        with Pillow.open(io.BytesIO(self.picture_bytes(sample))) as picture:
            return picture.convert("RGB")

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """What the data files hold: sample id → entry."""
        name: FormatName = self.about["format"]
        return FORMATS[name].index(self.folder / DATA)


BROKEN = "the release was changed after it was written; export again: curator export"


def read_release(folder: Path) -> Release:
    """Open a release. Raises InputError where the folder is none, or one of a newer tool."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        samples = from_table(pq.read_table(folder / RECORDS))
    except FileNotFoundError as error:
        raise InputError(f"{folder} is not a release: no {Path(error.filename).name} in it", hint=MAKE_ONE) from error
    except (json.JSONDecodeError, pa.ArrowInvalid, KeyError) as error:
        raise InputError(f"{folder} is not a readable release: {error}", hint=BROKEN) from error
    if about.get("layout") != LAYOUT_VERSION:
        raise InputError(f"{folder} has release layout {about.get('layout')!r}; this version reads {LAYOUT_VERSION}")
    return Release(folder, about, samples)


MAKE_ONE = "make one: curator export"


def release_folders(releases: Path) -> list[Path]:
    """The finished releases of a workspace, oldest first (by number for names like v7, then by name)."""
    if not releases.is_dir():
        return []
    found = [folder for folder in releases.iterdir() if (folder / ABOUT).is_file() and not folder.name.startswith(".")]
    return sorted(found, key=lambda folder: ((folder / ABOUT).stat().st_mtime_ns, folder.name))


def newest_release(releases: Path, name: str | None = None) -> Path:
    """The folder of the newest finished release, or of the one called `name`.

    Raises InputError where there is none, with the names that exist.
    """
    folders = release_folders(releases)
    if name is not None:
        folders = [folder for folder in folders if folder.name == name] or _no_such(name, folders)
    if not folders:
        raise InputError(f"no release in {releases}", hint=MAKE_ONE)
    return folders[-1]


def _no_such(name: str, folders: list[Path]) -> list[Path]:
    known = ", ".join(folder.name for folder in folders) or "there is none"
    raise InputError(f"no release is called {name!r}; known: {known}", hint=MAKE_ONE)
