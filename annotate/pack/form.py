"""What stands in a pack, as checked types: nothing of it is believed before it has passed through them.

Texts are named by the key of their act of writing, which is the same in every store; numbers are those of the store
that the pack was made from.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from curator.config import AuditSettings, CaptioningSettings
from curator.errors import InputError
from curator.record import TaskKind, TaskState

FORMAT = 1
"""Version of the form. A pack of a later one is refused."""
MOST_SLOTS = 20
GUIDE_NAME = "GUIDE.md"
"""Of the style guide, in every workspace of a pack."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PackId = Annotated[str, Field(pattern=r"^[0-9a-f]{20}$")]
Key = Annotated[str, Field(min_length=1, max_length=200)]
Slot = Annotated[int, Field(ge=0, lt=MOST_SLOTS)]


def _is_time(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time without its zone")
    return text


Time = Annotated[str, AfterValidator(_is_time)]
"""ISO 8601, with the zone."""


class Part(BaseModel):
    """Base of everything in a pack: immutable, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


P = TypeVar("P", bound=Part)


class Entry(Part):
    """A file of the archive."""

    sha256: Sha256
    size: int = Field(ge=0)
    """In bytes, uncompressed."""


class Manifest(Part):
    """What the pack is, and what every other file of it must be."""

    format: int
    data_set: str
    member: str = Field(min_length=1)
    pack: PackId
    """sha256 over everything the store gave to it, so that the same store and options make the same pack."""
    sequence: int = Field(ge=0)
    """The newest revision of the store when the pack was made."""
    round: int = Field(ge=0)
    """The newest round of splitting; 0 before the first."""
    longest_side: int | None
    """Of the pictures, in pixels; None where they are the originals."""
    entries: dict[str, Entry]


class Person(Part):
    name: str
    role: Literal["lead", "annotator", "reviewer", "contributor"]


class Picture(Part):
    id: Sha256
    """As in the store: the hash of the bytes once found."""
    file: Sha256
    """The hash of the picture in the pack."""
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    format: Literal["JPEG", "PNG", "WEBP"]
    name: str
    """Path below the folder that was ingested."""
    root: int = Field(ge=0)
    """Which of the ingested folders; their names stay at home."""
    subject: str | None
    licence: str | None


class About(Part):
    """Base of what is said of a picture."""

    image: Sha256


class Job(About):
    """A task; `round` is the store's own number."""

    round: int
    member: str
    kind: TaskKind
    state: TaskState
    reason: str | None


class Text(About):
    key: Key
    number: int | None
    """Sequence number in the store; None for a text written in the pack."""
    author: str
    slot: Slot
    text: str
    origin: str
    base: Key | None
    merges: Key | None
    source: Key | None
    written: Time
    seconds: float | None = Field(allow_inf_nan=False)
    state: Literal["submitted", "withdrawn"]
    writer: str | None
    reason: str | None


class Said(About):
    """An answer of a member."""

    member: str
    key: str
    value: Any
    written: Time


class Typing(About):
    """A draft of the pack's member. It stays in the pack."""

    slot: Slot
    text: str
    steps: tuple[str, ...]
    base: Key | None
    source: Key | None


class Rules(Part):
    """The tables of curator.toml that captioning needs."""

    captioning: CaptioningSettings
    attributes: dict[str, tuple[str, ...]]
    audit: AuditSettings


class Contents(Part):
    """All that the store gave to the pack, beside pictures and guide."""

    people: tuple[Person, ...]
    pictures: tuple[Picture, ...]
    jobs: tuple[Job, ...]
    texts: tuple[Text, ...]
    said: tuple[Said, ...]
    drafts: tuple[Typing, ...]
    rules: Rules
    vocabulary: dict[str, int]
    """Words of the set's captions → how often they stand there; for completion."""


class Work(Part):
    """All that was done in the pack since it was made."""

    texts: tuple[Text, ...] = ()
    """In an order in which each follows the texts that it builds on."""
    jobs: tuple[Job, ...] = ()
    """The member's tasks whose state is another one now."""
    said: tuple[Said, ...] = ()
    drafts: tuple[Typing, ...] = ()


def parse(model: type[P], content: bytes, where: str) -> P:
    """`content` as a checked `model`. Raises InputError that names `where` and the first thing wrong."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{where} is not as a pack's must be: {place}: {first['msg']}", hint="make the pack again: annotate pack"
        ) from error


def dump(part: Part) -> bytes:
    """A part as JSON: the same part, the same bytes."""
    return part.model_dump_json(indent=1).encode() + b"\n"
