"""The last way for a draft that the store did not take: a file where it can be found."""

import tempfile
from pathlib import Path

from curator.record import Draft


def rescue(draft: Draft) -> Path:
    """Write the text of a draft into a new file of the temporary folder, readable by its owner only."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="caption-", suffix=".txt", delete=False) as file:
        file.write(draft.text)
    return Path(file.name)
