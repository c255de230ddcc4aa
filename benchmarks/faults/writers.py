"""Writers that note each text in a file of their own once the store has said yes, and what these files then demand.

A writer that is killed and started again reads its notes and writes its next text, perhaps for the second time: it
cannot know whether the last one arrived. The key of the writing keeps it from being there twice.
"""

import os
import random
import time
from collections import Counter
from functools import partial
from itertools import count, pairwise
from pathlib import Path

from annotate.captioner.ledger import Submission, submit
from annotate.captioner.scribe import Scribe
from curator.errors import ServiceError, StoreError
from curator.record import Draft, Revision
from curator.store import Store, open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

WORDS = "a dog runs 犬 over 😀 the snow é and \N{FAMILY} sleeps – “quoted” Größe".split()
LETTER_S = 0.002
PAUSE_LETTERS = 17


def text_of(author: str, number: int) -> str:
    """The text that an author writes as the number-th one."""
    draws = random.Random(f"{author} {number}")
    return f"{author} {number}: " + " ".join(draws.choices(WORDS, k=draws.randint(1, 12)))


class Notes:
    """One writer's file of what the store has acknowledged: a line per event, written in one piece."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, *words: object) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, (" ".join(map(str, words)) + "\n").encode())
        os.close(handle)

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self.path.read_text().splitlines()] if self.path.exists() else []

    def said(self) -> list[tuple[int, int]]:
        """(number of the text, its revision) of every text that was acknowledged, in that order."""
        return [(int(line[1]), int(line[2])) for line in self.lines() if line[0] == "said"]


def write_on(folder: Path, author: str, notes: Notes) -> None:
    """Write text after text into the store, for ever."""
    with_patience(lambda: _write_on(open_store(Workspace.find(folder)), author, notes))


def caption_on(folder: Path, author: str, notes: Notes) -> None:
    """Type and submit caption after caption as the app does, for ever."""
    with_patience(lambda: _caption_on(open_store(Workspace.find(folder)), author, notes))


def with_patience(work: object) -> None:
    """Begin again whenever the store refuses; what was not noted is written once more."""
    assert callable(work)
    while True:
        try:
            work()
        except (StoreError, ServiceError):
            time.sleep(0.05)


def _write_on(store: Store, author: str, notes: Notes) -> None:
    images = [task.image for task in store.team.tasks(author) if task.image is not None]
    done = notes.said()
    for number in count(done[-1][0] + 1 if done else 0):
        image = images[number % len(images)]
        line = store.captions.revisions(image, author)
        base = line[-1].id if line else None
        kept = store.captions.submit(
            Writing(image, author, text_of(author, number), base=base, key=f"{author}-{number}")
        )
        notes.add("said", number, kept.id)


def _caption_on(store: Store, author: str, notes: Notes) -> None:
    compare_draft(store, author, notes)
    items = store.queues.items([task.id for task in store.team.tasks(author)])
    scribe, done = Scribe(store, author), notes.said()
    for number in count(done[-1][0] + 1 if done else 0):
        item, text = items[number % len(items)], text_of(author, number)
        line = store.captions.revisions(item.image.id, author)
        base = line[-1].id if line else None
        draft = store.captions.draft(item.image.id, author, 0)
        there = len(draft.text) if draft is not None and text.startswith(draft.text) else 0  # as the app starts
        for typed in range(there + 1, len(text) + 1):
            scribe.keep(item.image.id, 0, Draft(item.image.id, author, 0, text[:typed], (), base))
            time.sleep(LETTER_S)
            if typed % PAUSE_LETTERS == 0 and on_disk(scribe):
                notes.add("kept", number, typed)
        writing = Writing(item.image.id, author, text, base=base, key=f"{author}-{number}")
        kept, _ = scribe.call(partial(submit, submission=Submission(item, writing))).result()
        notes.add("said", number, kept.id)


def on_disk(scribe: Scribe) -> bool:
    """Wait as someone who thinks about the next word; whether all that was typed has been kept by then."""
    ends = time.monotonic() + 0.3
    while scribe.behind_s and time.monotonic() < ends:
        time.sleep(0.002)
    return scribe.behind_s == 0


def compare_draft(store: Store, author: str, notes: Notes) -> None:
    """Note it where the newest draft that was kept is not there any more."""
    lines = notes.lines()
    if not lines or lines[-1][0] != "kept":
        return
    number, typed = int(lines[-1][1]), int(lines[-1][2])
    text = text_of(author, number)
    drafts = [draft.text for draft in store.captions.drafts(author) if text.startswith(draft.text)]
    submitted = any(each.text == text for each in store.captions.revisions(author=author))
    if not submitted and max(map(len, drafts), default=0) < typed:
        notes.add("lost", number, typed)


def demands(notes: Notes, author: str, stored: list[Revision]) -> Counter[str]:
    """Counts of what was acknowledged, of what is there, and of everything that should never be."""
    said, by_number = notes.said(), {each.id: each for each in stored}
    numbers = Counter(int(each.text.split()[1].rstrip(":")) for each in stored)
    intact = [each for each in said if each[1] in by_number and by_number[each[1]].text == text_of(author, each[0])]
    events = Counter(line[0] for line in notes.lines())
    return Counter(
        acknowledged=len(said),
        drafts_acknowledged=events["kept"],
        stored=len(stored),
        missing=len(said) - len(intact),
        of_another_author=sum(each.author != author for each in stored),
        out_of_order=sum(later[1] <= former[1] for former, later in pairwise(said)),
        twice=sum(times - 1 for times in numbers.values()),
        gaps=len(set(range(len(numbers))) - numbers.keys()),
        drafts_lost=events["lost"],
    )
