"""A folder of painted pictures: its manifest, what of it is still wanted, and what is left over."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from curator.errors import InputError
from train.lock import LOCK
from train.sampling.inpainting import FOLDER as INPUTS
from train.sampling.manifest import MANIFEST, Line, add_lines, manifest_text, read_manifest, write_manifest

OWN = re.compile(rf"{re.escape(MANIFEST)}|{re.escape(LOCK)}|grid(-\d+)?\.png|{INPUTS}/.+")
"""Files that no line names, as seen from the folder."""
NEW_FOLDER = "name a new folder: --out DIR"


class Album:
    """The pictures of one folder. A picture counts as there if it was asked for in the same way, whatever made it."""

    def __init__(self, folder: Path, alone: bool = False) -> None:
        """`alone`: the folder is for these pictures alone, so it may be removed where its manifest is damaged."""
        self.folder = folder
        hint = None if alone else NEW_FOLDER
        self.lines: dict[str, Line] = {key(line): line for line in read_manifest(folder, hint)}

    def check(self, wanted: Iterable[Line]) -> None:
        """Raise InputError where the folder holds anything but pictures that are wanted; nothing is changed."""
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"{self.folder} is no folder", hint="name another one: --out DIR")
        foreign = [path.name for path in self.folder.glob("*") if path.name != LOCK]
        if foreign and not (self.folder / MANIFEST).is_file():
            raise InputError(f"{self.folder} holds other files, {min(foreign)} for example", hint=NEW_FOLDER)
        if self.lines.keys() - {key(line) for line in wanted}:
            raise InputError(f"{self.folder} holds pictures that were asked for in another way", hint=NEW_FOLDER)

    def keep(self, wanted: Sequence[Line]) -> None:
        """Forget what is not wanted any more or not there, and the upsampled pictures of what is not there.

        From here on there is a manifest, by which the folder is known again.
        """
        asked = {key(line) for line in wanted}
        kept = {k: line for k, line in self.lines.items() if k in asked and (self.folder / line.file).is_file()}
        files = {line.file for line in kept.values()}
        self._replace({k: line for k, line in kept.items() if line.low_res is None or line.low_res in files})

    def missing(self, wanted: Iterable[Line]) -> list[Line]:
        """Those of `wanted` that are still to be painted."""
        return [line for line in wanted if key(line) not in self.lines]

    def add(self, lines: Sequence[Line]) -> None:
        """Take in what was painted just now."""
        add_lines(self.folder, lines)
        self.lines.update({key(line): line for line in lines})

    def finish(self, wanted: Sequence[Line]) -> list[Line]:
        """Bring the manifest to `wanted`, in this order, each line with what really made it and the wanted choice."""
        final = {key(line): self.lines[key(line)].model_copy(update={"choice": line.choice}) for line in wanted}
        self._replace(final)
        return list(final.values())

    def sweep(self) -> None:
        """Remove every file that the manifest does not name."""
        files = {line.file for line in self.lines.values()}
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and name not in files and not OWN.fullmatch(name):
                path.unlink()

    def _replace(self, lines: dict[str, Line]) -> None:
        files = {line.file for line in lines.values()}
        for line in self.lines.values():
            if line.file not in files:
                (self.folder / line.file).unlink(missing_ok=True)
        self.lines = lines
        manifest = self.folder / MANIFEST
        if not manifest.is_file() or manifest.read_bytes() != manifest_text(lines.values()).encode():
            write_manifest(self.folder, lines.values())


def key(line: Line) -> str:
    """What was asked for, as one text: equal for pictures that are equal but for rounding."""
    return json.dumps(line.asked(), sort_keys=True)
