"""Captions that a model wrote: kept apart from what people write, to be looked at and taken up, never captions.

A draft is a revision with origin `draft:MODEL` in a line of its own, whose author is the model. A member who takes it
up writes a revision of their own line that names the draft as its source.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotate.drafts.files import Given
from annotate.drafts.names import Names
from curator.captions import MACHINE, is_machine
from curator.errors import InputError
from curator.ingest.verdict import MAX_CAPTION_BYTES
from curator.record import Revision
from curator.store import Store
from curator.store.captions import Writing

MODEL = re.compile(r"[^\W_][\w./+@-]{0,79}")
TOGETHER = 200
"""Drafts of one transaction: members who write at the same time wait for no more."""
NAMED = 3
"""Unknown pictures that a message names."""


@dataclass(frozen=True)
class Draft:
    """A model's caption for a picture of the set."""

    image: str
    slot: int
    text: str


@dataclass(frozen=True)
class Told:
    """What a model has drafted, and what became of it."""

    model: str
    drafts: int
    """Newest texts of its lines."""
    pictures: int
    taken: int
    """Drafts that a member's text began from."""
    unchanged: int
    """Those of them whose text a member has submitted as it is."""
    newest: str
    """When the last was added; UTC, ISO 8601."""


def drafts_for(revisions: Iterable[Revision]) -> list[Revision]:
    """The newest draft of each model and slot among the revisions of a picture, the one added last at the end."""
    newest = {each.line: each for each in sorted(revisions, key=lambda each: each.id) if is_machine(each.origin)}
    shown = [each for each in newest.values() if each.state == "submitted"]
    return sorted(shown, key=lambda each: each.id)


def place(given: Sequence[Given], store: Store, skip_unknown: bool = False) -> tuple[list[Draft], list[Given]]:
    """(drafts of pictures in the set, captions of pictures that are not in it, or of nothing but blanks).

    Several captions of one picture go to slots in their order. Raises InputError where a name means several pictures,
    where a caption is too long, and, without `skip_unknown`, where a picture is not known.
    """
    names = Names(store)
    slots: Counter[str] = Counter()
    found, left, unknown = [], [], []
    for each in given:
        image = names.image(each.picture, each.where)
        text = unicodedata.normalize("NFC", each.caption.strip())
        if image is None:
            unknown.append(each)
        elif not text:
            left.append(each)
        elif len(text.encode(errors="surrogatepass")) > MAX_CAPTION_BYTES:
            raise InputError(f"{each.where}: a caption of more than {MAX_CAPTION_BYTES:,} bytes", hint="shorten it")
        else:
            found.append(Draft(image, slots[image], text))
            slots[image] += 1
    if unknown and not skip_unknown:
        some = ", ".join(repr(each.picture) for each in unknown[:NAMED])
        raise InputError(
            f"{unknown[0].where}: {len(unknown)} pictures are not in the set: {some}{', …' * (len(unknown) > NAMED)}",
            hint="`curator list` shows their names; --skip-unknown leaves them out",
        )
    return found, [*left, *unknown]


def add_drafts(store: Store, model: str, drafts: Sequence[Draft]) -> Iterator[bool]:
    """Store drafts, and yield for each whether it was new. Again with the same drafts it writes nothing.

    Raises InputError for a name that is no model's, above all one under which a person has written.
    """
    check_model(store, model)
    for start in range(0, len(drafts), TOGETHER):
        part = drafts[start : start + TOGETHER]
        with store.write():
            known = store.captions.revisions_of([draft.image for draft in part])
            new = [_write(store, model, draft, known.get(draft.image, [])) for draft in part]
        yield from new


def check_model(store: Store, model: str) -> None:
    """Raise InputError for a name that cannot be a model's: it becomes the author of a line that no person shares."""
    if not MODEL.fullmatch(model):
        raise InputError(
            f"{model!r} cannot be a model's name",
            hint="letters, digits, dot, dash, slash, plus, at and underscore, at most 80, are allowed",
        )
    people = {member.name for member in store.team.members()}
    people |= {each.author for each in store.captions.revisions(author=model) if not is_machine(each.origin)}
    if model in people:
        raise InputError(f"{model!r} is a person's name here", hint="call the model otherwise, by its version say")


def told(store: Store) -> list[Told]:
    """Every model with what it has drafted, ordered by name."""
    with store.read():
        everything = store.captions.revisions()
    drafts: dict[str, list[Revision]] = defaultdict(list)
    for each in drafts_for(everything):
        drafts[each.origin.removeprefix(MACHINE)].append(each)
    by_id = {each.id: each for each in everything if is_machine(each.origin)}
    people = [each for each in everything if each.source in by_id and not is_machine(each.origin)]
    taken = {by_id[each.source].line for each in people if each.source is not None}
    same = {
        by_id[each.source].line
        for each in people
        if each.source is not None and each.text.strip() == by_id[each.source].text.strip()
    }
    return [
        Told(
            model=model,
            drafts=len(own),
            pictures=len({each.image for each in own}),
            taken=sum(each.line in taken for each in own),
            unchanged=sum(each.line in same for each in own),
            newest=max(each.written for each in own),
        )
        for model, own in sorted(drafts.items())
    ]


def _write(store: Store, model: str, draft: Draft, revisions: Sequence[Revision]) -> bool:
    line = [each for each in revisions if each.author == model and each.slot == draft.slot]
    head = line[-1] if line else None
    if head is not None and (head.text, head.state) == (draft.text, "submitted"):
        return False
    base = None if head is None else head.id
    act = [MACHINE, model, draft.image, draft.slot, base, draft.text]
    key = hashlib.sha256(json.dumps(act).encode()).hexdigest()
    store.captions.submit(
        Writing(draft.image, model, draft.text, draft.slot, origin=f"{MACHINE}{model}", base=base, key=key)
    )
    return True
