"""Painting what a plan lists into one folder: base pictures, the choice among candidates, upsampling, the grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from curator.console import bar
from curator.encoders import ClipEncoder
from curator.files import write_bytes
from train.machine import prepare
from train.sampling.album import Album
from train.sampling.grid import Row, paths_for, sheet_paths, write_grid
from train.sampling.inpainting import Given
from train.sampling.loading import enough_memory, open_painter, shot
from train.sampling.manifest import MANIFEST, Line
from train.sampling.pictures import from_png, to_png
from train.sampling.plan import Pair, model_name
from train.sampling.ranking import choose
from train.sampling.sources import ClipFiles, Source


@dataclass(frozen=True)
class Part:
    """The pictures by one pair of models."""

    source: Source
    pairs: Sequence[Pair]


@dataclass(frozen=True)
class Job:
    """Pictures that go into one folder."""

    folder: Path
    parts: Sequence[Part]
    keep: int = 1
    """Pictures of a prompt that are kept, where a judge chooses."""
    judge: ClipEncoder | None = None
    """None: all are kept."""
    clip: ClipFiles | None = None
    given: Given | None = None
    """What is painted into."""
    alone: bool = False
    """The folder is for this job alone: whatever else lies there is removed."""


@dataclass(frozen=True)
class Done:
    """What became of a job."""

    folder: Path
    pictures: int
    """Pictures that the manifest now lists."""
    painted: int
    """How many of them were painted now; 0 where all were there."""
    grid: Path


def carry_out(job: Job) -> Done:
    """Paint what is not there yet. Interrupted, the same job goes on with the pictures that are not there.

    Pictures in the folder that the job does not name are forgotten, see `Album.check`. Raises InputError for damaged
    weights and inputs.
    """
    possible = [line for part in job.parts for pair in part.pairs for line in pair.lines]
    before = _manifest(job.folder)
    album = Album(job.folder, job.alone)
    album.keep(possible)
    if job.alone:
        album.sweep()
    if job.given:
        job.given.keep(job.folder)
    prepare(possible[0].threads)
    painted, kept = 0, list[Pair]()
    for part in job.parts:
        painted += _paint(job, part.source, album.missing([pair.base for pair in part.pairs]), album)
        chosen = _chosen(job, part.pairs)
        painted += _paint(job, part.source, album.missing([pair.upsampled for pair in chosen if pair.upsampled]), album)
        kept += chosen
    final = album.finish([line for pair in kept for line in pair.lines])
    grid = _grid(job.folder, kept, anew=before != _manifest(job.folder))
    return Done(job.folder, len(final), painted, grid)


def _manifest(folder: Path) -> bytes | None:
    path = folder / MANIFEST
    return path.read_bytes() if path.is_file() else None


def _grid(folder: Path, pairs: Sequence[Pair], anew: bool) -> Path:
    """The first sheet. All are written, unless they are there, none older than the manifest, and not wanted `anew`.

    A call that was stopped before the sheets were written has left a manifest that is younger.
    """
    rows, columns = grid_of(folder, pairs)
    sheets, changed = paths_for(folder, len(rows)), (folder / MANIFEST).stat().st_mtime_ns
    if anew or {*sheets} != {*sheet_paths(folder)} or any(path.stat().st_mtime_ns < changed for path in sheets):
        return write_grid(folder, rows, columns)
    return sheets[0]


def _paint(job: Job, source: Source, lines: Sequence[Line], album: Album) -> int:
    """Paint lines of one model and recipe, batch by batch; returns how many."""
    if not lines:
        return 0
    first = lines[0]
    with enough_memory(first):
        painter = open_painter(first, source.models[model_name(first)], job.folder, job.clip)
    batches = [lines[start : start + first.batch_size] for start in range(0, len(lines), first.batch_size)]
    with bar(f"{source.state}, {first.resolution} px", len(batches) * first.steps) as tracker:
        for batch in batches:
            small = [from_png(job.folder / line.low_res) for line in batch if line.low_res]
            with enough_memory(first):
                painted = painter.paint(
                    [shot(line) for line in batch], torch.stack(small) if small else None, tracker.advance
                )
            for line, picture in zip(batch, painted, strict=True):
                write_bytes(job.folder / line.file, to_png(picture))
            album.add(batch)
    return len(lines)


def _chosen(job: Job, pairs: Sequence[Pair]) -> list[Pair]:
    """All pairs; where a judge chooses, by place, and without the upsampled pictures of those that are not kept."""
    if job.judge is None:
        return list(pairs)
    chosen = []
    for pair, choice in choose(job.folder, pairs, job.judge, job.keep).items():
        base = pair.base.model_copy(update={"choice": choice})
        upsampled = pair.upsampled if choice.kept else None
        chosen.append(Pair(base, upsampled and upsampled.model_copy(update={"choice": choice})))
    return sorted(chosen, key=_place)


def _place(pair: Pair) -> tuple[int, int]:
    choice = pair.base.choice
    return pair.base.prompt_index, pair.base.take if choice is None else choice.place


def grid_of(folder: Path, pairs: Sequence[Pair]) -> tuple[list[Row], list[str]]:
    """Rows of the contact sheet, a prompt each, and its headings: which model, where there are two."""
    shown = [pair.shown for pair in pairs if pair.base.choice is None or pair.base.choice.kept]
    rows: dict[int, list[Line]] = {}
    for line in shown:
        rows.setdefault(line.prompt_index, []).append(line)
    states = [line.model for line in next(iter(rows.values()))]
    several = len(set(states)) > 1
    return (
        [Row(lines[0].prompt, [folder / line.file for line in lines], _labels(lines)) for lines in rows.values()],
        [str(state) if several else "" for state in states],
    )


def _labels(lines: Sequence[Line]) -> list[str]:
    """The take, where there are several; and what the judge gave it."""
    several = any(line.take for line in lines)
    scores = [f": {line.choice.score:.3f}" if line.choice else "" for line in lines]
    return [f"take {line.take}{score}" if several or score else "" for line, score in zip(lines, scores, strict=True)]
