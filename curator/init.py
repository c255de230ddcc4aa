"""Making a workspace: its folder, its curator.toml, its style guide, its store and its first members."""

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from curator.errors import InputError
from curator.files import write_text
from curator.identity import leading
from curator.record import Member
from curator.store import open_store
from curator.workspace import CONFIG_NAME, Workspace

NAME = re.compile(r"[^\W_][\w.-]{0,39}")

GUIDE_NAME = "GUIDE.md"

TEMPLATE = """\
name = {name}

# overlap = "10%"                # default of `curator split --overlap`

# [store]
# url = "postgresql+psycopg://host/database"   # for a team on several machines; the password comes from PGPASSFILE

# [audit]
# near_duplicate_bits = 6        # of 64; pictures that differ in at most so many are near-duplicates
# min_words = 3
# words = ["corgi"]              # the team's own words, accepted by the spelling check

# [captioning]                   # what the captioner points out while a caption is written
# slots = 1                      # captions that each member writes of a picture
# max_words = 0                  # 0: no limit
# forbidden = ["photo of"]
# require_subject = false
# guide = "GUIDE.md"             # the team's style guide

# [attributes]                   # what members say of each picture beside the caption
# pose = ["sitting", "standing", "lying"]
# tags = []                      # free words

# [train]                        # see `train run --help`
# preset = "tiny"

# [evaluate]                     # see `evaluate run --help`
"""


def init(
    folder: Path, members: list[str], lead: str | None = None, by: str | None = None
) -> tuple[Workspace, list[str]]:
    """Make `folder` a workspace, or take one that is there, and add the members it lacks; return both.

    `lead` is the member who leads the team; `by` is who asks for it, which matters where a lead has a token.
    Raises InputError for a name that is not letters, digits, `.`, `-` and `_`, and where `folder` is a file;
    GateError where `by` may not change the team.
    """
    members = [*members, *([lead] if lead is not None and lead not in members else [])]
    check_names(members)
    config = folder / CONFIG_NAME
    is_new = not config.exists()
    if is_new:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder} is a file", hint="name a new or empty folder")
        name = re.sub(r"[^\w .-]", "-", folder.resolve().name) or "set"
        write_text(config, TEMPLATE.format(name=f'"{name}"'))
        if not (folder / GUIDE_NAME).exists():
            write_text(folder / GUIDE_NAME, (files("curator") / "guide.md").read_text(encoding="utf-8"))
    workspace = Workspace.find(folder)
    # A lost file is not replaced by an empty one. A database on a server is there before its tables are.
    store = open_store(workspace, create=is_new or not workspace.config.store.url.startswith("sqlite:"))
    try:
        if members:
            leading(workspace, store, by)
        with store.write():
            added = [name for name in members if store.team.add(Member(name))]
            if lead is not None:
                store.team.change(lead, role="lead")
    finally:
        store.close()
    return workspace, added


def check_names(names: Iterable[str]) -> None:
    """Raise InputError for a name that a member cannot have."""
    for name in names:
        if not NAME.fullmatch(name):
            raise InputError(
                f"{name!r} cannot be a member's name",
                hint="letters, digits, dot, dash and underscore, at most 40, are allowed",
            )
