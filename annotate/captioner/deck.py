"""A member's pictures in the order they are worked on: numbers and states of all, the rest read by the page."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import overload

from curator.record import TaskState
from curator.store.queues import Item, Place

PAGE = 128
"""Pictures that are read together."""
PAGES = 32
"""Pages in memory, the last used ones."""
STATES: tuple[TaskState, ...] = ("open", "submitted", "skipped")

Read = Callable[[Sequence[int]], list[Item]]
"""Reads the items of some tasks, in their order."""


class Deck(Sequence[Item]):
    """All pictures of a queue, or those of them that a filter lets through; places count within what is shown."""

    def __init__(self, places: Iterable[Place], read: Read, first: Iterable[str] = ()) -> None:
        """Open pictures and those of `first` (images) come first, then the rest; in the order of the tasks each."""
        urgent = frozenset(first)
        ordered = list(places)
        ordered.sort(key=lambda place: place.state != "open" and place.image not in urgent)
        self._tasks = [place.task for place in ordered]
        self._images = [place.image for place in ordered]
        self._states = bytearray(STATES.index(place.state) for place in ordered)
        self._read = read
        self._pages: OrderedDict[int, list[Item]] = OrderedDict()
        self._shown: Sequence[int] = range(len(ordered))
        self._where: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._shown)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        at = self._shown[index]
        item = self._page(at // PAGE)[at % PAGE]
        state = STATES[self._states[at]]
        return item if item.task.state == state else replace(item, task=replace(item.task, state=state))

    def __iter__(self) -> Iterator[Item]:
        return (self[index] for index in range(len(self)))

    @property
    def all_images(self) -> Sequence[str]:
        """The images of the whole queue, filtered or not."""
        return self._images

    @property
    def is_filtered(self) -> bool:
        """Whether some pictures are not shown."""
        return len(self._shown) < len(self._images)

    def image(self, index: int) -> str:
        """The image at a place; nothing is read."""
        return self._images[self._shown[index]]

    def state(self, index: int) -> TaskState:
        """The state of the task at a place; nothing is read."""
        return STATES[self._states[self._shown[index]]]

    def place(self, image: str) -> int | None:
        """Where an image is shown first, or None where it is not."""
        if self._where is None:
            images = self._images
            self._where = {images[at]: place for place, at in reversed(list(enumerate(self._shown)))}
        return self._where.get(image)

    def counts(self) -> Counter[TaskState]:
        """How many pictures of the whole queue are in each state."""
        return Counter({state: self._states.count(number) for number, state in enumerate(STATES)})

    def next_open(self, index: int) -> int | None:
        """The next open picture after a place, from there on and then from the start; None where there is none."""
        if self.is_filtered:
            around = (*range(index + 1, len(self)), *range(index))
            return next((place for place in around if self.state(place) == "open"), None)
        code = STATES.index("open")
        after = self._states.find(code, index + 1)
        before = self._states.find(code, 0, index) if after < 0 else after
        return before if before >= 0 else None

    def open_after(self, index: int) -> int | None:
        """The open picture whose task was given next after that of a place, or None where there is none."""
        task = self._tasks[self._shown[index]]
        places = range(len(self))
        return next((at for at in places if self._tasks[self._shown[at]] > task and self.state(at) == "open"), None)

    def show(self, mask: Sequence[bool] | None) -> None:
        """Show only the pictures of the whole queue for which `mask` is true; None: all of them."""
        every = range(len(self._images))
        self._shown = every if mask is None else [at for at, wanted in zip(every, mask, strict=True) if wanted]
        self._where = None

    def set_state(self, item: Item, state: TaskState, reason: str | None = None) -> None:
        """Note what became of a task."""
        at = self._tasks.index(item.task.id)
        self._states[at] = STATES.index(state)
        page = self._page(at // PAGE)
        page[at % PAGE] = replace(item, task=replace(item.task, state=state, reason=reason))

    def _page(self, number: int) -> list[Item]:
        if number not in self._pages:
            self._pages[number] = self._read(self._tasks[number * PAGE : (number + 1) * PAGE])
            while len(self._pages) > PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number]
