"""Images, the files they came from, and the hold-out that makes some of them the test split."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from curator.record import Image, Source, Split
from curator.store import tables
from curator.store.database import Database, now


class Pictures:
    """Images by id, sources by (root, path)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, image: Image) -> bool:
        """Store an image that is not known yet; False where its id is known already (nothing changes then)."""
        row = {**vars(image), "changes": list(image.changes)}
        with self._database.write() as connection:
            if connection.scalar(select(tables.image.c.id).where(tables.image.c.id == image.id)) is not None:
                return False
            connection.execute(insert(tables.image), row)
        return True

    def get(self, image: str) -> Image | None:
        """The image with this id, or None."""
        with self._database.read() as connection:
            row = connection.execute(select(tables.image).where(tables.image.c.id == image)).mappings().one_or_none()
        return None if row is None else to_image(row)

    def all(self) -> list[Image]:
        """Every image, ordered by id."""
        with self._database.read() as connection:
            return [
                to_image(row) for row in connection.execute(select(tables.image).order_by(tables.image.c.id)).mappings()
            ]

    def count(self) -> int:
        """How many images there are, excluded ones with them."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(tables.image)) or 0

    def describe(self, image: str, **values: str | None) -> None:
        """Set subject, licence, origin, status or reason of an image."""
        allowed = {"subject", "licence", "origin", "status", "reason"}
        assert values.keys() <= allowed, values
        with self._database.write() as connection:
            connection.execute(update(tables.image).where(tables.image.c.id == image).values(**values))

    def set_split(self, splits: Mapping[str, Split]) -> None:
        """Say for each image id whether it belongs to train or test."""
        with self._database.write() as connection:
            for split in ("train", "test"):
                ids = [image for image, value in splits.items() if value == split]
                for start in range(0, len(ids), 500):
                    part = ids[start : start + 500]
                    connection.execute(update(tables.image).where(tables.image.c.id.in_(part)).values(split=split))

    def save_source(self, source: Source) -> None:
        """Record a file as found; what was known of the same root and path is replaced."""
        same = (tables.source.c.root == source.root) & (tables.source.c.path == source.path)
        with self._database.write() as connection:
            connection.execute(delete(tables.source).where(same))
            connection.execute(insert(tables.source), vars(source))

    def drop_source(self, root: str, path: str) -> None:
        """Forget a file that was found once; what was read from it stays."""
        same = (tables.source.c.root == root) & (tables.source.c.path == path)
        with self._database.write() as connection:
            connection.execute(delete(tables.source).where(same))

    def sources(self, root: str | None = None) -> list[Source]:
        """The files found, of one ingested folder or of all, ordered by root and path."""
        query = select(tables.source).order_by(tables.source.c.root, tables.source.c.path)
        if root is not None:
            query = query.where(tables.source.c.root == root)
        with self._database.read() as connection:
            return [_to_source(row) for row in connection.execute(query).mappings()]

    def save_hold_out(self, groups: Iterable[str], rule: Mapping[str, Any]) -> None:
        """Record which groups (subjects, or near-duplicate groups) are the test split, and the rule that drew them."""
        row = {"groups": sorted(groups), "rule": dict(rule), "created": now()}
        with self._database.write() as connection:
            connection.execute(insert(tables.hold_out), row)

    def hold_out(self) -> tuple[list[str], dict[str, Any]] | None:
        """Groups and rule of the newest hold-out, or None before the first."""
        query = select(tables.hold_out).order_by(tables.hold_out.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else (row["groups"], row["rule"])


def to_image(row: RowMapping | dict[str, Any]) -> Image:
    """A row of the image table as an Image."""
    return Image(**{**row, "changes": tuple(row["changes"])})


def _to_source(row: RowMapping) -> Source:
    return Source(**{key: value for key, value in row.items() if key != "id"})


def first_sources(sources: Iterable[Source]) -> dict[str, list[str]]:
    """The paths of each image's files, in the order of the sources."""
    found: dict[str, list[str]] = {}
    for source in sources:
        if source.kind == "image" and source.image is not None:
            found.setdefault(source.image, []).append(source.path)
    return found
