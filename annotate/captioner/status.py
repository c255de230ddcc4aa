"""What the captioning screen says in words: pure, so that it can be read and tested without a terminal."""

from annotate.captioner.desk import Desk
from annotate.captioner.session import Session
from curator.console import plain
from curator.store.queues import Item


def top_line(desk: Desk, width: int) -> str:
    """Data set and member to the left; filter, place, what is left to do and of the time to the right."""
    session = desk.session
    left = f" {plain(desk.title)} · {plain(session.member)}"
    counts = session.counts()
    place = f"picture {session.index + 1} of {len(session.items)}"
    words = [f"{place} (filtered)" if session.items.is_filtered else place, f"{counts['open']} open"]
    if desk.timebox is not None:
        words.append(desk.timebox.short())
    right = f" {' · '.join(words)} "
    return left[: max(0, width - len(right))].ljust(max(0, width - len(right))) + right


def about(item: Item) -> str:
    """Name, size and subject of a picture."""
    size = f"{item.image.width} × {item.image.height}"
    return " · ".join(filter(None, (plain(item.name), size, plain(item.image.subject or ""))))


def slot_title(session: Session) -> str:
    """What the frame of the caption says: which of several captions it is."""
    known = max(session.slots, session.slot + 1, *(slot + 1 for slot in session.line.filled))
    return "Caption" if known == 1 else f"Caption {session.slot + 1} of {known}"


def state_line(session: Session, behind_s: float) -> str:
    """Where the text in the editor comes from, whether it is on disk, and what else to know of the picture."""
    task = session.item.task
    words = [session.provenance()]
    if session.changed:
        words.append(f"NOT SAVED for {behind_s:.0f} s" if late(behind_s) else "saving" if behind_s else "saved")
    if session.item.blind:
        words.append("blind: captions of others are hidden")
    if task.state == "skipped":
        words.append(f"skipped: {plain(task.reason or '')}")
    if plain(session.text) != session.text:
        words.append("\N{REPLACEMENT CHARACTER} stands for a control character")
    return " · ".join(words)


def late(behind_s: float) -> bool:
    """Whether a draft has waited for the disk longer than it should."""
    return behind_s >= 1


def done_line(session: Session) -> str:
    """What has become of all pictures."""
    counts = session.counts()
    return f"{counts['submitted']} submitted, {counts['skipped']} skipped. Ctrl+Q leaves."
