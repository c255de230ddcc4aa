"""What is painted: captions of a release in a fixed order, or prompts from the command line or a file."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from curator.errors import InputError
from curator.release import Release, Sample

DEFAULT_PROMPTS = 32
Captions = Literal["test", "train", "both"]
SPLITS: dict[Captions, tuple[str, ...]] = {"test": ("test",), "train": ("train",), "both": ("test", "train")}


@dataclass(frozen=True)
class Prompt:
    """What is to be painted. Its index decides its noise, together with the seed."""

    index: int
    text: str
    sample: Sample | None = None
    """Whose caption it is, in a release."""


def choose_prompts(release: Release, count: int = DEFAULT_PROMPTS, captions: Captions = "both") -> list[Prompt]:
    """`count` captions, test and train in turn while there are both, so that figures of both rest on enough pictures.

    One caption an image; pictures that transforms derived are left out. A smaller choice is the beginning of a larger
    one. The order within a split looks random but follows from the sample ids alone. Raises InputError where the
    release has no such captions.
    """
    splits = [_originals(release, split) for split in SPLITS[captions]]
    in_turn = [sample for pair in zip_longest(*splits) for sample in pair if sample is not None]
    if not in_turn:
        which = "" if captions == "both" else f"{captions} "
        raise InputError(f"release {release.name} has no {which}captions", hint="choose others with --captions")
    return [Prompt(index, sample.caption, sample) for index, sample in enumerate(in_turn[:count])]


def given_prompts(texts: Sequence[str]) -> list[Prompt]:
    """Prompts from the command line. Raises InputError for one that is empty or no text."""
    for number, text in enumerate(texts, 1):
        if not text.strip():
            raise InputError(f"prompt {number} is empty", hint="say what is to be painted")
        if any(0xD800 <= ord(each) < 0xE000 for each in text):  # bytes of an argument that are no UTF-8
            raise InputError(f"prompt {number} is not UTF-8", hint="write it in UTF-8, or into a file: --file FILE")
    return [Prompt(index, text) for index, text in enumerate(texts)]


def read_prompts(path: Path) -> list[Prompt]:
    """Prompts from a file in UTF-8, one a line; blank lines are skipped, outer blanks and a byte order mark cut.

    Raises InputError that names the line, and OSError.
    """
    texts = [_text(path, number, line) for number, line in enumerate(path.read_bytes().split(b"\n"), 1)]
    found = [text for text in texts if text]
    if not found:
        raise InputError(f"{path}: no prompt in it", hint="write one a line")
    return [Prompt(index, text) for index, text in enumerate(found)]


def _text(path: Path, number: int, line: bytes) -> str:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, line {number}: not UTF-8: byte 0x{line[error.start]:02x} at place {error.start + 1}",
            hint="save it as UTF-8",
        ) from error
    if "\0" in text:
        raise InputError(f"{path}, line {number}: holds a NUL, which is no text", hint="save it as UTF-8 text")
    return text


def _originals(release: Release, split: str) -> list[Sample]:
    samples = sorted((sample for sample in release.samples if sample.split == split), key=lambda each: each.sample_id)
    return _shuffled({sample.image_id: sample for sample in reversed(samples) if not sample.parents}.values())


def _shuffled(samples: Iterable[Sample]) -> list[Sample]:
    return sorted(samples, key=lambda sample: hashlib.sha256(sample.sample_id.encode()).digest())
