"""Sidecar files: `SPLIT/ID.jpg` with `SPLIT/ID.txt` beside it, as GLIDE finetuners and LoRA trainers read them."""

from collections.abc import Iterable
from pathlib import Path

from curator.release.entry import EXTENSIONS, Entry, Payload


def write(data: Path, payloads: Iterable[Payload]) -> None:
    """Write a picture file and a text file per sample."""
    data.mkdir(parents=True)
    for sample, picture in payloads:
        folder = data / sample.split
        folder.mkdir(exist_ok=True)
        (folder / f"{sample.sample_id}.{EXTENSIONS[sample.format]}").write_bytes(picture)
        (folder / f"{sample.sample_id}.txt").write_bytes(sample.caption.encode())


def index(data: Path) -> dict[str, Entry]:
    """Every picture that has a text file of the same stem beside it."""
    pictures = [file for file in sorted(data.glob("*/*")) if file.suffix.removeprefix(".") in EXTENSIONS.values()]
    captions = {picture: picture.with_suffix(".txt") for picture in pictures}
    return {
        picture.stem: Entry(picture.read_bytes, caption.read_bytes)
        for picture, caption in captions.items()
        if caption.is_file()
    }
