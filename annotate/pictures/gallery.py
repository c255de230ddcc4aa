"""The pictures of a queue as pixels, ahead of being asked for and bounded in memory and on disk. Knows no terminal."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from math import inf
from weakref import WeakValueDictionary

from PIL import Image

from annotate.pictures.decoding import Box, Pixels, bitmap, cut, decode, pack
from annotate.pictures.shelf import Shelf
from curator.errors import CuratorError

THUMBNAIL_PX = 512
"""Longest side kept for cells: more dots than a large terminal shows."""

GRAPHICS_PX = 1024
"""Longest side kept for a terminal that shows pixels."""

MEMORY_BYTES = 24 * 1024 * 1024
"""At least 30 thumbnails of 512 px."""

WORTH_SHELVING_BYTES = 150_000
"""A smaller file is decoded as fast as its thumbnail would be."""

BITMAP_PX = 16_000_000
"""A larger picture is not kept decoded between two looks into it: 48 MB."""

REGIONS = 4
"""Parts of pictures kept in memory, each of the size of a widget."""


class Gallery:
    """Thumbnails of the pictures last asked for, and of those to come. Safe to ask from several threads."""

    def __init__(self, read: Callable[[str], bytes], shelf: Shelf | None = None, side_px: int = THUMBNAIL_PX) -> None:
        """`read` gives the bytes of a blob; `shelf` keeps thumbnails from one start to the next."""
        self._read = read
        self._shelf = shelf
        self.side_px = side_px
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Pixels] = OrderedDict()
        self._kept_bytes = 0
        self._turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._magnifier = Magnifier(read)
        self._wanted: list[str] = []
        self._wish = threading.Condition(self._lock)
        self._worker: threading.Thread | None = None
        self._closed = False

    def ready(self, blob: str) -> Pixels | None:
        """The thumbnail if it is in memory."""
        with self._lock:
            if blob in self._kept:
                self._kept.move_to_end(blob)
            return self._kept.get(blob)

    def thumbnail(self, blob: str) -> Pixels:
        """The picture, at most `side_px` on its longer side, from memory, from the shelf or from its blob.

        Raises StoreError where it is missing or damaged, InputError where it is no picture, OSError where its blob
        cannot be read.
        """
        with self._lock:
            turn = self._turns.setdefault(blob, threading.Lock())
        with turn:  # two who ask for the same picture decode it once
            ready = self.ready(blob)
            if ready is None:
                ready = self._made(blob)
                self._keep(blob, ready)
            return ready

    def region(self, blob: str, box: Box, width: int, height: int) -> Pixels:
        """A part of a picture from its full resolution, scaled to `width` × `height`. Raises as `thumbnail` does."""
        return self._magnifier.look(blob, box, width, height)

    def prepare(self, blobs: Iterable[str]) -> None:
        """Decode these in the background, the first one first; what an earlier call still wanted is dropped.

        What cannot be decoded is passed over: that is said when it is asked for.
        """
        with self._wish:
            if self._closed:
                return
            self._wanted = list(blobs)
            self._wish.notify()
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="gallery", daemon=True)
                self._worker.start()

    def close(self) -> None:
        """End the background work; what is in memory can still be asked for."""
        with self._wish:
            self._closed, self._wanted = True, []
            self._wish.notify()
            worker = self._worker
        if worker is not None:
            worker.join()

    def _work(self) -> None:
        while (blob := self._next_wanted()) is not None:
            try:
                self.thumbnail(blob)
            except (CuratorError, OSError):
                continue  # nobody has asked for this one yet; who comes to it is told

    def _next_wanted(self) -> str | None:
        with self._wish:
            while not self._wanted and not self._closed:
                self._wish.wait()
            return None if self._closed else self._wanted.pop(0)

    def _made(self, blob: str) -> Pixels:
        key = f"{blob} {self.side_px}"
        shelved = self._shelf.get(key) if self._shelf else None
        if shelved is not None:
            return decode(shelved, self.side_px)
        content = self._read(blob)
        pixels = decode(content, self.side_px)
        if self._shelf and len(content) > WORTH_SHELVING_BYTES:
            self._shelf.put(key, pack(pixels))
        return pixels

    def _keep(self, blob: str, pixels: Pixels) -> None:
        with self._lock:
            self._kept[blob] = pixels
            self._kept_bytes += pixels.nbytes
            while self._kept_bytes > MEMORY_BYTES and len(self._kept) > 1:
                self._kept_bytes -= self._kept.popitem(last=False)[1].nbytes


class Magnifier:
    """Looks into pictures at full resolution. Keeps the parts last seen, and the one picture last looked into."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, Box, int, int], Pixels] = OrderedDict()
        self._open: tuple[str, float, Image.Image] | None = None
        """Blob, the width up to which its bitmap will do, the bitmap."""

    def look(self, blob: str, box: Box, width: int, height: int) -> Pixels:
        """The part `box` of a picture, scaled to `width` × `height`."""
        key = (blob, box, width, height)
        with self._lock:
            if key not in self._seen:
                # The whole picture at this scale; JPEG need not be decoded any larger.
                whole = round(width / (box.right - box.left)), round(height / (box.bottom - box.top))
                self._seen[key] = cut(self._bitmap(blob, *whole), box, width, height)
            self._seen.move_to_end(key)
            while len(self._seen) > REGIONS:
                self._seen.popitem(last=False)
            return self._seen[key]

    def _bitmap(self, blob: str, width: int, height: int) -> Image.Image:
        if self._open is not None and self._open[0] == blob and self._open[1] >= width:
            return self._open[2]
        self._open = None  # before the next one is decoded: never two in memory
        image, full = bitmap(self._read(blob), width, height)
        if image.width * image.height <= BITMAP_PX:
            self._open = (blob, inf if full else image.width, image)
        return image
