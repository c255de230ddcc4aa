"""Figures of a run while it trains: metrics.jsonl, one line a step, and the same for TensorBoard."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from torch.utils.tensorboard.writer import SummaryWriter

from curator.files import write_text

METRICS = "metrics.jsonl"
Row = Mapping[str, float]


class Metrics:
    """The open figures of a run. Each step stands in them once, however often the run was stopped."""

    def __init__(self, folder: Path, done_steps: int) -> None:
        """Go on after `done_steps` steps; lines of later ones, which will be taken again, are removed."""
        self.path = folder / METRICS
        kept = [line for row, line in _lines(self.path) if row["step"] <= done_steps]
        write_text(self.path, "".join(kept))
        self._file = self.path.open("a", encoding="utf-8")
        self._board = SummaryWriter(str(folder / "tensorboard"), purge_step=done_steps + 1)

    def write(self, row: Row) -> None:
        """Add one step."""
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()
        for name, value in row.items():
            if name != "step":
                self._board.add_scalar(name, value, int(row["step"]))

    def __enter__(self) -> "Metrics":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._board.close()


def read_metrics(folder: Path) -> list[Row]:
    """The steps of a run so far."""
    return [row for row, _ in _lines(folder / METRICS)]


def _lines(path: Path) -> list[tuple[Row, str]]:
    """Each whole line with its content; a line that a killed process did not finish is left out."""
    if not path.is_file():
        return []
    whole = [line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    return [(json.loads(line), line) for line in whole]
