"""The team's style guide: a Markdown file in the workspace, read as text that is safe to show. Knows no widgets."""

from curator.console import plain
from curator.errors import InputError
from curator.workspace import Workspace

MOST_BYTES = 256 * 1024
"""More is no guide that anybody reads in a terminal."""


def read_guide(workspace: Workspace) -> str:
    """The guide as Markdown, freed of terminal escapes.

    Raises ConfigError where it would lie outside the workspace, InputError where there is none that can be read.
    """
    path = workspace.guide
    if not path.is_file():
        raise InputError(
            f"{path} is not there", hint="write it, in Markdown, or name another file: guide in [captioning]"
        )
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(f"{path} has more than {MOST_BYTES:,} bytes", hint="shorten it: it is read in a terminal")
    try:
        return plain(content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8", hint="save it as UTF-8") from error
