"""Records: pictures with all that is known of them, read in one snapshot."""

from collections import defaultdict

from curator.approval import Verdict, counting, verdicts, waits
from curator.captions import captions, conflicts
from curator.errors import InputError
from curator.record import Image, Record, Revision
from curator.store.captions import Captions
from curator.store.database import Database
from curator.store.history import History
from curator.store.pictures import Pictures, first_sources
from curator.store.team import Team

SHORTEST_ID = 6


class Records:
    """Reads of the whole set."""

    def __init__(self, database: Database, two_people: bool = False) -> None:
        """`two_people`: adjudicated texts count only when a second member has approved them."""
        self._database = database
        self.two_people = two_people

    def all(self, excluded: bool = False) -> list[Record]:
        """Every picture, ordered by source name; those taken out of the set only with `excluded`."""
        with self._database.read():
            images = Pictures(self._database).all()
            names = first_sources(Pictures(self._database).sources())
            owners = Team(self._database).owners()
            answers = History(self._database).answers()
            given = verdicts(History(self._database).all_answers()) if self.two_people else None
            revisions: defaultdict[str, list[Revision]] = defaultdict(list)
            for each in Captions(self._database).revisions():
                revisions[each.image].append(each)
        records = [
            _record(image, names.get(image.id, [image.id]), revisions[image.id], owners.get(image.id), answers, given)
            for image in images
            if excluded or image.status == "ok"
        ]
        return sorted(records, key=lambda record: (record.name, record.image.id))

    def find(self, name: str) -> Record:
        """The one picture that `name` means: a source path, its file name, its stem, or the start of an image id.

        Raises InputError where no picture or more than one is meant.
        """
        everything = self.all(excluded=True)
        for means in (_by_path, _by_file_name, _by_stem, _by_id):
            found = [record for record in everything if means(record, name)]
            if len(found) == 1:
                return found[0]
            if found:
                some = ", ".join(record.name for record in found[:5])
                raise InputError(f"{name!r} means {len(found)} pictures: {some}", hint="name one by its whole path")
        raise InputError(f"no picture is called {name!r}", hint="`curator list` shows their names")


def _record(
    image: Image,
    sources: list[str],
    revisions: list[Revision],
    owner: str | None,
    answers: dict[str, dict[str, object]],
    given: dict[int, tuple[Verdict, ...]] | None,
) -> Record:
    counted = revisions if given is None else counting(revisions, given)
    return Record(
        image=image,
        name=sources[0],
        sources=tuple(sources),
        owner=owner,
        captions=captions(counted, owner),
        revisions=tuple(revisions),
        conflicts=conflicts(revisions, owner),
        answers=answers.get(image.id, {}),
        waits=None if given is None else waits(revisions, given),
    )


def _by_path(record: Record, name: str) -> bool:
    return name in record.sources


def _by_file_name(record: Record, name: str) -> bool:
    return any(source.rpartition("/")[2] == name for source in record.sources)


def _by_stem(record: Record, name: str) -> bool:
    return any(source.rpartition("/")[2].rpartition(".")[0] == name for source in record.sources)


def _by_id(record: Record, name: str) -> bool:
    return len(name) >= SHORTEST_ID and record.image.id.startswith(name)
