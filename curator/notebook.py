"""The set as a pandas DataFrame, for notebooks and dashboards."""

from pathlib import Path

import pandas as pd

from curator.store import open_store
from curator.workspace import Workspace

COLUMNS = (
    "image", "name", "subject", "split", "owner", "state", "width", "height", "format", "licence", "blob",
    "slot", "caption", "author", "origin", "revision",
)  # fmt: skip


def frame(workspace: Workspace | Path | str | None = None) -> pd.DataFrame:
    """One row per caption, or per picture where it has none, ordered by name and slot; one snapshot of the store.

    `workspace` is a Workspace, a folder, or None for the workspace of the current folder. Answers (attributes,
    rating, flag) are further columns, `answer.KEY`. Raises InputError where there is no workspace.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace.find(None if workspace is None else Path(workspace))
    store = open_store(workspace)
    try:
        records = store.records.all(excluded=True)
    finally:
        store.close()
    rows = []
    for record in records:
        image = record.image
        common = {
            key: getattr(image, key) for key in ("subject", "split", "width", "height", "format", "licence", "blob")
        }
        common |= {f"answer.{key}": value for key, value in record.answers.items()}
        common |= {"image": image.id, "name": record.name, "owner": record.owner}
        common["state"] = image.status if image.status != "ok" else record.unready or "ready"
        for caption in record.captions:
            about = {"slot": caption.slot, "caption": caption.text, "author": caption.author}
            rows.append({**common, **about, "origin": caption.origin, "revision": caption.revision})
        if not record.captions:
            rows.append(common)
    answers = sorted({key for each in rows for key in each if key not in COLUMNS})
    return pd.DataFrame(rows, columns=[*COLUMNS, *answers]).astype({"slot": "Int64", "revision": "Int64"})
