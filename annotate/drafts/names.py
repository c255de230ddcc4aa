"""Which picture is meant by a name in a file from outside; many names at once, where `records.find` does one."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Sequence

from curator.errors import InputError
from curator.store import Store

SHORTEST_ID = 6


class Names:
    """The pictures of a set by every name that means one: path, path without suffix, file name, stem, image id."""

    def __init__(self, store: Store) -> None:
        with store.read():
            self._ids = sorted(image.id for image in store.pictures.all())
            sources = [source for source in store.pictures.sources() if source.kind == "image" and source.image]
        self._by_name: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(4)]
        for source in sources:
            bare = source.path.rpartition(".")[0]
            file_name = source.path.rpartition("/")[2]
            for names, name in zip(
                self._by_name, (source.path, bare, file_name, file_name.rpartition(".")[0]), strict=True
            ):
                if name and source.image:
                    names[name].add(source.image)

    def image(self, name: str, where: str) -> str | None:
        """The image that a name means, or None. Raises InputError, which says `where`, if it means several."""
        name = name.strip().removeprefix("./")
        for names in self._by_name:
            if name in names:
                return _one(name, where, sorted(names[name]))
        at = bisect.bisect_left(self._ids, name)
        found = list(itertools.takewhile(lambda image: image.startswith(name), self._ids[at : at + 2]))
        return _one(name, where, found) if found and len(name) >= SHORTEST_ID else None


def _one(name: str, where: str, found: Sequence[str]) -> str:
    if len(found) > 1:
        raise InputError(f"{where}: {name!r} means several pictures", hint="name each picture by its whole path")
    return found[0]
