"""One picture of a known set, on its way into a folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Item:
    image: str
    """File name."""
    content: bytes
    """The picture file."""
    subject: str
    """"" where the set does not say."""
    source: str
    """Where this picture comes from and whose it is."""
    caption: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    """More columns of the table."""
