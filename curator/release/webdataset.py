"""WebDataset shards: `SPLIT-jpg-NNNNNN.tar` with ID.jpg, ID.json and ID.txt per sample.

A shard holds pictures of one format, because Hugging Face's loader wants the same fields in every sample.
"""

import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path

from curator.release.entry import EXTENSIONS, Entry, Part, Payload
from curator.release.sample import Sample

SHARD_SAMPLES = 1000
SHARD_BYTES = 256 << 20


def write(data: Path, payloads: Iterable[Payload]) -> None:
    """Write shards of at most 1,000 samples or about 256 MiB. Headers carry no owner and no time."""
    data.mkdir(parents=True)
    shards: dict[str, _Shards] = {}
    try:
        for sample, picture in payloads:
            stem = f"{sample.split}-{EXTENSIONS[sample.format]}"
            if stem not in shards:
                shards[stem] = _Shards(data / stem)
            shards[stem].add(sample, picture)
    finally:
        for each in shards.values():
            each.close()


def index(data: Path) -> dict[str, Entry]:
    """Every sample of every shard, by the place of its parts in the tar file."""
    found: dict[str, dict[str, Part]] = {}
    for shard in sorted(data.glob("*.tar")):
        with tarfile.open(shard) as tar:
            for member in tar:
                key, _, extension = member.name.partition(".")
                kind = "picture" if extension in EXTENSIONS.values() else extension
                found.setdefault(key, {})[kind] = Part(shard, member.offset_data, member.size)
    return {
        key: Entry(parts["picture"].read, parts["txt"].read)
        for key, parts in found.items()
        if {"picture", "txt"} <= parts.keys()
    }


class _Shards:
    """The tar files of one split and format, one open at a time."""

    def __init__(self, stem: Path) -> None:
        self._stem = stem
        self._number = -1
        self._tar = self._next()

    def add(self, sample: Sample, picture: bytes) -> None:
        if self._samples >= SHARD_SAMPLES or self._bytes >= SHARD_BYTES:
            self.close()
            self._tar = self._next()
        about = {"image_id": sample.image_id, "source": sample.source, "subject": sample.subject}
        self._put(f"{sample.sample_id}.{EXTENSIONS[sample.format]}", picture)
        self._put(f"{sample.sample_id}.json", json.dumps(about, ensure_ascii=False, sort_keys=True).encode())
        self._put(f"{sample.sample_id}.txt", sample.caption.encode())
        self._samples += 1
        self._bytes += len(picture)

    def close(self) -> None:
        self._tar.close()

    def _put(self, name: str, content: bytes) -> None:
        header = tarfile.TarInfo(name)
        header.size = len(content)
        self._tar.addfile(header, io.BytesIO(content))

    def _next(self) -> tarfile.TarFile:
        self._number, self._samples, self._bytes = self._number + 1, 0, 0
        return tarfile.open(f"{self._stem}-{self._number:06d}.tar", "w", format=tarfile.USTAR_FORMAT)
