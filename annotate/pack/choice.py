"""What of a store goes into a member's pack, and what does not: other people's words on a blind picture, references,
approvals, places of this machine. Pure reading; pictures and files are made elsewhere.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from annotate.captioner.ledger import CAPTIONING
from annotate.pack.form import GUIDE_NAME, Job, Person, Rules, Said, Text, Typing
from curator.config import Config
from curator.errors import InputError
from curator.identity.gate import known_member
from curator.record import Draft, Record, Revision, Task
from curator.store import Store

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
MOST_WORDS = 20_000
HIDDEN_ANSWERS = ("gold.", "approve.")
"""Keys of answers that begin so are for the lead and for adjudication: a pack neither shows nor brings them."""


@dataclass(frozen=True)
class Choice:
    """One snapshot of the store, cut down to what the member may have."""

    records: tuple[Record, ...]
    """The member's pictures, in the order of their tasks."""
    roots: dict[str, int]
    """Image → which of the ingested folders it came from first."""
    people: tuple[Person, ...]
    jobs: tuple[Job, ...]
    texts: tuple[Text, ...]
    said: tuple[Said, ...]
    drafts: tuple[Typing, ...]
    vocabulary: dict[str, int]
    sequence: int
    round: int


def choose(store: Store, member: str) -> Choice:
    """What a pack of `member` holds. Raises InputError for an unknown member and for one without pictures."""
    with store.read():
        people = store.team.members()
        known_member(people, member)
        tasks = [each for each in store.team.tasks() if each.kind in CAPTIONING and each.state != "passed"]
        records = store.records.all()
        sources = store.pictures.sources()
        answers = store.history.all_answers()
        drafts = store.captions.drafts(member)
        keys, sequence = store.captions.keys(), store.captions.sequence()
        rounds = store.team.rounds()
    known = {record.image.id: record for record in records}
    mine = list(dict.fromkeys(each.image for each in tasks if each.member == member and each.image in known))
    if not mine:
        raise InputError(f"{member!r} has no pictures to caption", hint="share them out: curator split")
    jobs = [each for each in tasks if each.image in mine]
    blind = {each.image for each in jobs if each.kind == "overlap"}
    chosen = [known[image] for image in mine if image is not None]
    shown = [each for record in chosen for each in record.revisions if _visible(each, member, blind)]
    numbers = {root: number for number, root in enumerate(sorted({each.root for each in sources}))}
    roots: dict[str, int] = {}
    for source in sources:
        if source.kind == "image" and source.image is not None:
            roots.setdefault(source.image, numbers[source.root])
    return Choice(
        records=tuple(chosen),
        roots=roots,
        people=tuple(
            Person(name=each.name, role=each.role)
            for each in people
            if each.name in {job.member for job in jobs} | {member}
        ),
        jobs=tuple(to_job(each) for each in jobs),
        texts=to_texts(shown, keys),
        said=tuple(
            Said(image=each.image, member=each.member, key=each.key, value=each.value, written=each.written)
            for each in answers
            if each.image in mine
            and not each.key.startswith(HIDDEN_ANSWERS)
            and (each.member == member or each.image not in blind)
        ),
        drafts=to_typing((each for each in drafts if each.image in mine), keys),
        vocabulary=_words(record for record in records if record.image.id not in blind),
        sequence=sequence,
        round=max((each["id"] for each in rounds), default=0),
    )


def rules(config: Config) -> Rules:
    """The tables of curator.toml that captioning needs; the guide gets the name that it has in every pack."""
    captioning = config.captioning.model_copy(update={"guide": GUIDE_NAME})
    return Rules(captioning=captioning, attributes=config.attributes, audit=config.audit)


def to_job(task: Task) -> Job:
    """A task as it stands in a pack."""
    assert task.image is not None
    return Job(
        round=task.round, member=task.member, kind=task.kind, image=task.image, state=task.state, reason=task.reason
    )


def to_texts(revisions: Sequence[Revision], keys: dict[int, str]) -> tuple[Text, ...]:
    """Revisions as they stand in a pack, oldest first; a source that does not go along is left out."""
    along = {each.id for each in revisions}
    return tuple(
        Text(
            key=keys[each.id],
            number=each.id,
            image=each.image,
            author=each.author,
            slot=each.slot,
            text=each.text,
            origin=each.origin,
            base=None if each.base is None else keys[each.base],
            merges=None if each.merges is None else keys[each.merges],
            source=keys[each.source] if each.source in along else None,
            written=each.written,
            seconds=each.seconds,
            state=each.state,
            writer=each.writer,
            reason=each.reason,
        )
        for each in sorted(revisions, key=lambda each: each.id)
    )


def to_typing(drafts: Iterable[Draft], keys: dict[int, str]) -> tuple[Typing, ...]:
    """Drafts as they stand in a pack."""
    return tuple(
        Typing(
            image=each.image,
            slot=each.slot,
            text=each.text,
            steps=each.steps,
            base=None if each.base is None else keys[each.base],
            source=None if each.source is None else keys[each.source],
        )
        for each in sorted(drafts, key=lambda each: (each.image, each.slot))
    )


def _visible(revision: Revision, member: str, blind: Collection[str | None]) -> bool:
    return revision.author == member or revision.image not in blind


def _words(records: Iterable[Record]) -> dict[str, int]:
    counts = Counter(
        word for record in records for caption in record.captions for word in WORD.findall(caption.text.lower())
    )
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST_WORDS])
