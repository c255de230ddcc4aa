"""The texts that writing aids may learn from: what people wrote, as far as one member may know it.

What others wrote of a picture that the member captions blind is left out altogether: neither a completion nor a remark
about a copy can give away a word of it.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from curator.captions import is_machine
from curator.record import Revision


@dataclass(frozen=True, slots=True)
class Wording:
    """The newest text of one line."""

    image: str
    author: str
    slot: int
    text: str


def wordings(revisions: Iterable[Revision], member: str, blind: Container[str]) -> list[Wording]:
    """What `member` may know, the text written last at the end.

    `revisions` stand in the order of their numbers; `blind` holds the images that several members caption apart from
    each other. Machine drafts, withdrawn and blank texts are left out.
    """
    newest: dict[int, Revision] = {}
    for each in revisions:
        if is_machine(each.origin) or (each.author != member and each.image in blind):
            continue
        newest.pop(each.line, None)  # so that the order is that of the newest texts
        newest[each.line] = each
    return [
        Wording(each.image, each.author, each.slot, each.text)
        for each in newest.values()
        if each.state == "submitted" and each.text.strip()
    ]
