"""A small filled workspace, and short ways to write into it."""

import io
from collections.abc import Callable

import pytest
from PIL import Image as Pillow

from curator.blobs import Blobs
from curator.captions import heads
from curator.record import Image, Member, Source
from curator.store import Store, open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

SUBJECTS = ("cat", "dog", "owl")


@pytest.fixture
def filled(workspace: Workspace, picture: Callable[..., bytes]) -> Workspace:
    """Twelve pictures of three subjects, eleven of them with an imported caption; members ada and ben."""
    store = open_store(workspace)
    for name in ("ada", "ben"):
        store.team.add(Member(name))
    with store.write():
        for number in range(12):
            content = picture(number)
            image = add_picture(store, Blobs(workspace.blobs), content, f"{number:02d}.png", SUBJECTS[number // 4])
            if number != 11:
                store.captions.submit(Writing(image, "", f"picture number {number}", origin="import"))
    store.close()
    return workspace


def add_picture(store: Store, blobs: Blobs, content: bytes, name: str, subject: str | None) -> str:
    """Store a picture as ingest would, and return its id."""
    blob = blobs.put(content)
    with Pillow.open(io.BytesIO(content)) as opened:
        width, height = opened.size
        kind = opened.format or "PNG"
    store.pictures.add(Image(blob, blob, width, height, kind, subject=subject))
    store.pictures.save_source(Source("pictures", name, "image", len(content), 1, blob))
    return blob


@pytest.fixture
def put_picture():
    """The function `add_picture`, for tests that need more pictures."""
    return add_picture


@pytest.fixture
def store_of():
    """Open the store of a workspace; closed at the end of the test."""
    opened = []

    def open_one(workspace):
        opened.append(open_store(workspace))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def write(filled, store_of):
    """`write("00.png", "ada", "text")` submits a caption on top of what the author wrote before."""

    def submit(name, author, text, slot=0):
        store = store_of(filled)
        image = store.records.find(name).image.id
        line = [each for each in store.captions.revisions(image, author) if each.slot == slot]
        base = heads(line)[-1].id if line else None
        return store.captions.submit(Writing(image, author, text, slot, base=base))

    return submit
