"""The last way for a draft that the store did not take: a file where it can be found."""

import tempfile
from pathlib import Path

from curator.errors import StoreError
from curator.record import Draft


def rescue(draft: Draft) -> Path:
    """Write the text of a draft into a new file, readable by its owner only.

    It lies in the temporary folder, or where that takes none in the home folder or the current one. Raises StoreError
    with the text itself where none of them does.
    """
    for folder in (Path(tempfile.gettempdir()), Path.home(), Path.cwd()):
        try:
            return _written(draft.text, folder)
        except OSError:
            continue  # the next one may be on another disk
    raise StoreError(
        f"your last draft of picture {draft.image[:12]} could be written nowhere; it is: {draft.text}",
        hint="copy it from here",
    )


def _written(text: str, folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="caption-", suffix=".txt", dir=folder, delete=False
    ) as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            Path(file.name).unlink()
            raise
    return Path(file.name)
