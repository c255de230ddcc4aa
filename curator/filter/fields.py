"""The fields that a filter can ask for: one literal table that feeds the parser, the help and docs/filter.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["words", "name", "number", "switch", "state"]
"""What a field is asked for: words in its text, its whole text, a number or range, yes or no, a task's state."""

STATES = ("open", "submitted", "skipped", "passed")


@dataclass(frozen=True)
class Field:
    """One thing that is known of every picture."""

    name: str
    kind: Kind
    about: str
    example: str
    choices: tuple[str, ...] = ()
    """The only values there are; empty where any may occur."""
    optional: bool = False
    """Whether `none` asks for the pictures without it."""


FIELDS = (
    Field("caption", "words", "words of the captions that you may see; the same as words without a field",
          'caption:"brown dog"', optional=True),
    Field("author", "name", "who wrote the caption", "author:ada", optional=True),
    Field("origin", "name", "how the caption came in: import, tui, studio, pack, folder, replace, adjudicated",
          "origin:import", optional=True),
    Field("words", "number", "words of the caption", "words:<4"),
    Field("tokens", "number", "tokens that GLIDE makes of the caption; it reads 128", "tokens:>128"),
    Field("clip", "number", "tokens that CLIP makes of the caption, start and end with them; it reads 77", "clip:>77"),
    Field("slots", "number", "how many captions the picture has", "slots:0"),
    Field("name", "name", "path, file name, or file name without its ending", "name:IMG_*"),
    Field("id", "name", "the picture's number (sha256), or how it begins", "id:3fa9c1"),
    Field("subject", "name", "what the picture shows", "subject:dog8", optional=True),
    Field("split", "name", "train or test", "split:test", choices=("train", "test"), optional=True),
    Field("width", "number", "width in pixels", "width:<512"),
    Field("height", "number", "height in pixels", "height:512..1024"),
    Field("ratio", "number", "width divided by height, to two decimals", "ratio:>1.5"),
    Field("owner", "name", "whose share the picture is in", "owner:ben", optional=True),
    Field("member", "name", "who has the picture to caption, as owner or beside the owner", "member:ben",
          optional=True),
    Field("state", "state", "state of your task, or of anybody's if nobody asks: open, submitted, skipped, passed; "
          "`open@ben` asks for ben's, `open@*` for anybody's", "state:open"),
    Field("draft", "switch", "you have begun a text and not submitted it; anybody has if nobody asks", "draft:yes"),
    Field("conflict", "switch", "texts compete", "conflict:yes"),
    Field("overlap", "switch", "several members caption the picture apart from each other", "overlap:yes"),
    Field("blind", "switch", "others' captions of the picture are hidden from you", "blind:no"),
    Field("excluded", "switch", "the picture was taken out of the set", "excluded:no"),
    Field("rating", "number", "the newest rating, 1 to 5", "rating:>=4", optional=True),
    Field("flag", "words", "words of the reason why it was flagged; `*`: any flag", "flag:*", optional=True),
    Field("note", "words", "words of the newest note", "note:crop*", optional=True),
    Field("finding", "name", "name of an open audit finding about the picture", "finding:misspelt", optional=True),
)  # fmt: skip

FILTER_HELP = (
    "Only pictures that match, as in 'brown dog* -owner:ada tokens:>128'. Fields: "
    f"{', '.join(field.name for field in FIELDS)}, and the attributes of curator.toml."
)
"""What `--filter` says of itself on every command line."""


def all_fields(attributes: Mapping[str, tuple[str, ...]]) -> dict[str, Field]:
    """name → field, with the attributes of curator.toml; a field of the table goes before an attribute of its name."""
    own = {
        name: Field(name, "name", "an attribute of curator.toml", f"{name}:{(*choices, '*')[0]}", choices, True)
        for name, choices in attributes.items()
    }
    return {**own, **{field.name: field for field in FIELDS}}
