"""Proof that a release holds what it should: opened again by our reader, and by the format's own real readers."""

import gc
import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from curator.errors import GateError
from curator.files import sha256_file
from curator.release.entry import EXTENSIONS
from curator.release.reader import ABOUT, BROKEN, DATA, Release, read_release
from curator.release.sample import Sample


def verify(folder: Path, expected: Sequence[Sample] | None = None) -> list[str]:
    """Open a release again and compare it sample by sample; return the names of the readers that proved it.

    `expected` is what should have been written; by default what records.parquet says. Raises GateError that names
    the first file or sample that differs.
    """
    release = read_release(folder)
    _same_files(release)
    expected = release.samples if expected is None else sorted(expected, key=lambda sample: sample.sample_id)
    if release.samples != tuple(expected):
        raise GateError(f"release {release.name}: records.parquet does not hold what was exported", hint=BROKEN)
    for sample in expected:
        entry = release.entries.get(sample.sample_id)
        if entry is None:
            raise GateError(f"release {release.name}: sample {sample.sample_id} is missing", hint=BROKEN)
        _same(release, sample, entry.picture(), entry.caption().decode())
    if extra := release.entries.keys() - {sample.sample_id for sample in expected}:
        raise GateError(f"release {release.name}: {len(extra)} samples too many, {min(extra)} for one", hint=BROKEN)
    return ["curator", *_real_readers(release)]


def _same_files(release: Release) -> None:
    named = release.about["files"]
    found = {str(file.relative_to(release.folder)) for file in release.folder.rglob("*") if file.is_file()} - {ABOUT}
    if different := found ^ named.keys():
        raise GateError(f"release {release.name}: {min(different)} is missing or should not be there", hint=BROKEN)
    for name, digest in named.items():
        if sha256_file(release.folder / name) != digest:
            raise GateError(f"release {release.name}: {name} is not the file that was exported", hint=BROKEN)


def _same(release: Release, sample: Sample, picture: bytes, caption: str) -> None:
    if caption != sample.caption:
        raise GateError(f"release {release.name}: sample {sample.sample_id} has another caption", hint=BROKEN)
    if hashlib.sha256(picture).hexdigest() != sample.blob:
        raise GateError(f"release {release.name}: sample {sample.sample_id} has another picture", hint=BROKEN)


def _real_readers(release: Release) -> Iterator[str]:
    """Open the data with each real reader of its format that is installed, compare, and name it."""
    for module, read in REAL_READERS.get(release.about["format"], {}).items():
        if _installed(module):
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore", ResourceWarning
                )  # they leave it to the garbage collector to close files
                _compare(release, module, read(release.folder / DATA))
                gc.collect()
            yield module


def _compare(release: Release, module: str, rows: Iterable[tuple[str, bytes, str]]) -> None:
    samples = {sample.sample_id: sample for sample in release.samples}
    count = 0
    for key, picture, caption in rows:
        if key not in samples:
            raise GateError(f"release {release.name}: {module} finds an unknown sample {key}", hint=BROKEN)
        _same(release, samples[key], picture, caption)
        count += 1
    if count != len(samples):
        raise GateError(f"release {release.name}: {module} finds {count} of {len(samples)} samples", hint=BROKEN)


def _with_webdataset(data: Path) -> Iterator[tuple[str, bytes, str]]:
    import webdataset

    shards = [str(path) for path in sorted(data.glob("*.tar"))]
    for row in webdataset.WebDataset(shards, shardshuffle=False, empty_check=False):
        yield row["__key__"], next(row[each] for each in EXTENSIONS.values() if each in row), row["txt"].decode()


def _with_datasets(data: Path) -> Iterator[tuple[str, bytes, str]]:
    """Hugging Face's loader, without network and with a cache that is thrown away."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from datasets import Image, disable_progress_bars, load_dataset  # type: ignore[attr-defined] # not our datasets/

    disable_progress_bars()
    stems = {path.name.rpartition("-")[0] for path in data.glob("*.tar")}
    with tempfile.TemporaryDirectory() as cache:
        for stem in sorted(stems):
            column = stem.rpartition("-")[2]
            shards = str(data / f"{stem}-*.tar")
            rows = load_dataset("webdataset", data_files=shards, split="train", cache_dir=cache)
            for row in rows.cast_column(column, Image(decode=False)):
                yield row["__key__"], row[column]["bytes"], row["txt"]


def _installed(module: str) -> bool:
    spec = find_spec(module)
    return spec is not None and spec.origin is not None  # a bare folder of that name is not the library


REAL_READERS: dict[str, dict[str, Callable[[Path], Iterator[tuple[str, bytes, str]]]]] = {
    "webdataset": {"webdataset": _with_webdataset, "datasets": _with_datasets},
}
"""Format → module → a reader of (sample id, picture bytes, caption) that is not ours."""
