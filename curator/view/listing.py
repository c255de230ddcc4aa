"""The list of pictures, from the table of columns: filtered, sorted, and one row a picture."""

from dataclasses import asdict
from typing import Any

from curator.columns import Columns, load
from curator.filter import Filter, order
from curator.store import Store


def listed(
    store: Store, wanted: Filter, by: str | None = None, attributes: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """The pictures that match, also those taken out of the set, by name or sorted by a field (curator.filter.order).

    Raises InputError as the filter and the order do.
    """
    with store.read():
        columns = load(store, attributes=attributes, excluded=True)
        mask = wanted.mask(columns)
        rows = [int(row) for row in (range(len(columns)) if by is None else order(by, columns)) if mask[row]]
        reasons = {row: _reason(store, columns.ids[row]) for row in rows if columns.excluded[row]}
    return [_row(columns, row, reasons.get(row)) for row in rows]


def _reason(store: Store, image: str) -> str:
    found = store.pictures.get(image)
    return (found.reason if found else None) or "excluded"


def _row(columns: Columns, row: int, reason: str | None) -> dict[str, Any]:
    captions = columns.captions.of(row)
    ready = "ready" if any(caption.text.strip() for caption in captions) else "no caption"
    unready = "conflict" if columns.conflict[row] else columns.waits[row]
    return {
        "name": columns.names[row],
        "id": columns.ids[row],
        "subject": columns.subject[row],
        "split": columns.split[row],
        "owner": columns.owner[row],
        "state": reason or unready or ready,
        "captions": [asdict(caption) for caption in captions],
    }
