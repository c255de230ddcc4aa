"""Curate, split, audit and export a captioned picture set; the base that annotate, train and eval stand on."""

from typing import TYPE_CHECKING

from curator.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from curator.workspace import Workspace

__all__ = ["__version__", "frame"]


def frame(workspace: "Workspace | Path | str | None" = None) -> "pd.DataFrame":
    """The set as a DataFrame with a row per caption; see `curator.notebook.frame`."""
    from curator.notebook import frame as read  # pandas takes most of a second to import

    return read(workspace)
