"""Which folder this is, so that an agreement with one clone is never taken for one with another.

The name is made once and kept in a small file of this user on this machine, outside the folder, with what tells a
folder from a later one at the same path. Where it is lost, the folder counts as never met, which costs no text.
"""

import hashlib
import json
import uuid
from pathlib import Path

import platformdirs

from curator.files import write_json


def folder_name(root: Path, keep: bool = True) -> str:
    """The name under which agreements with the folder `root`, an absolute path, are stored; a new one is kept.

    With `keep` false a new name is not written down.
    """
    note = platformdirs.user_state_path("glide-curator") / "folders" / f"{_short(str(root))}.json"
    marks = [_mark(root), _mark(root / ".git")]
    known = _read(note)
    if known.get("marks") == marks and isinstance(known.get("name"), str):
        return f"{root}#{known['name']}"
    name = uuid.uuid4().hex[:12]
    if keep:
        write_json(note, {"name": name, "marks": marks, "folder": str(root)})
    return f"{root}#{name}"


def _read(note: Path) -> dict[str, object]:
    try:
        content = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _mark(path: Path) -> list[int] | None:
    """Device and number of a file: a new clone at the same path has others."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_dev, status.st_ino]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:24]
