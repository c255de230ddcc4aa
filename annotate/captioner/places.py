"""Where a member was last: a small file of this machine, outside the workspace, which nothing but the start reads."""

import hashlib
import json
from pathlib import Path

import platformdirs

from curator.files import write_json


def place_file(workspace: Path, member: str) -> Path:
    """The file for one member and workspace."""
    name = hashlib.sha256(f"{workspace.resolve()}\n{member}".encode()).hexdigest()[:24]
    return platformdirs.user_state_path("glide-curator") / "places" / f"{name}.json"


def read_place(file: Path) -> str | None:
    """The image a member was at, or None where that is not known."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # a place is a convenience: without it, a session starts at the first open picture
    place = content.get("image") if isinstance(content, dict) else None
    return place if isinstance(place, str) else None


def write_place(file: Path, image: str) -> None:
    """Remember the image a member is at."""
    write_json(file, {"image": image})
