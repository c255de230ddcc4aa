"""The one thread that works on the store for a session: every step in the order it was asked for, drafts at a pace.

A draft is written at once if the last write is a tenth of a second old, else as soon as it is: the disk stays that
close behind someone who types without a pause. Waiting for a pause, the disk would see nothing.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

from annotate.captioner.ledger import keep
from curator.record import Draft
from curator.store import Store

T = TypeVar("T")

EVERY_S = 0.1
"""Least time between the starts of two draft writes."""

RETRY_S = 1.0
"""Time before a draft write that failed is tried again."""


class Scribe:
    """Owns the thread. `on_kept` and `on_trouble` are called in it, after draft writes that worked or failed."""

    def __init__(self, store: Store, member: str) -> None:
        self._store, self._member = store, member
        self.on_kept: Callable[[], None] = lambda: None
        self.on_trouble: Callable[[Exception], None] = lambda error: None
        self._jobs: deque[tuple[Callable[[Store], Any], Future[Any]]] = deque()
        self._wanted: dict[tuple[str, int], Draft | None] = {}
        self._not_before = self._since = 0.0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="scribe", daemon=True)
        self._thread.start()

    @property
    def behind_s(self) -> float:
        """For how many seconds something typed has been waiting for the disk; 0 if nothing is."""
        return max(time.monotonic() - self._since, 1e-3) if self._wanted else 0.0

    def keep(self, image: str, slot: int, draft: Draft | None) -> None:
        """Have this draft of a caption on disk soon, or none; a newer wish replaces an older one."""
        with self._changed:
            if not self._wanted:
                self._since = time.monotonic()
            self._wanted[image, slot] = draft
            self._changed.notify()

    def call(self, job: Callable[[Store], T]) -> Future[T]:
        """Do `job` when all drafts are on disk. If they cannot be written, `job` is not done and fails likewise."""
        future: Future[T] = Future()
        with self._changed:
            self._jobs.append((job, future))
            self._changed.notify()
        return future

    def flush(self) -> "Future[None]":
        """Done when every draft is on disk."""
        return self.call(lambda _store: None)

    def close(self, timeout_s: float) -> list[Draft]:
        """Write what is left and stop; returns the drafts that could not be written."""
        wait([self.flush()], timeout_s)
        with self._changed:
            self._closing = True
            self._changed.notify()
            left = [draft for draft in self._wanted.values() if draft is not None]
        self._thread.join(timeout_s if not left else 0)
        return left

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._jobs and not self._closing and (rest := self._rest()) != 0:
                    self._changed.wait(rest)
                if self._closing and not self._jobs:
                    return
                job, future = self._jobs.popleft() if self._jobs else (None, None)
            trouble = self._write_drafts()
            if job is not None and future is not None and future.set_running_or_notify_cancel():
                _answer(future, job, self._store, trouble)

    def _rest(self) -> float | None:
        """Seconds until drafts should be written; None while there are none."""
        return max(0.0, self._not_before - time.monotonic()) if self._wanted else None

    def _write_drafts(self) -> Exception | None:
        with self._changed:
            wanted = list(self._wanted.items())
        if not wanted:
            return None
        self._not_before = time.monotonic() + EVERY_S
        try:
            for (image, slot), draft in wanted:
                keep(self._store, self._member, image, slot, draft)
                with self._changed:
                    if self._wanted[image, slot] is draft:
                        del self._wanted[image, slot]
        except Exception as error:  # whatever it is, the thread must live on: the drafts are still wanted
            self._not_before = time.monotonic() + RETRY_S
            self.on_trouble(error)
            return error
        self.on_kept()
        return None


def _answer(future: "Future[T]", job: Callable[[Store], T], store: Store, trouble: Exception | None) -> None:
    if trouble is not None:
        future.set_exception(trouble)
        return
    try:
        result = job(store)
    except Exception as error:  # it belongs to the one who asked
        future.set_exception(error)
    else:
        future.set_result(result)
