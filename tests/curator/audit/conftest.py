"""Records and contexts made in memory, and an audited workspace."""

import hashlib
import io
import itertools
import random

import pytest
from PIL import Image as Pillow

from curator.audit.context import Context
from curator.audit.pixels import decode
from curator.captions import captions, conflicts
from curator.config import AuditSettings
from curator.record import Image, Record, Revision


def _revision(number, line, image, author, text, **values):
    defaults = {"slot": 0, "origin": "tui", "base": None, "merges": None, "seconds": None, "state": "submitted"}
    return Revision(
        id=number, line=line, image=image, author=author, text=text, written="2026-01-01", **{**defaults, **values}
    )


@pytest.fixture
def record():
    """`record("a.jpg", "a red dog", subject="dog")`: a picture; captions are texts or (author, text) pairs.

    Every author has a line of his own; a second text of the same author stands in a second slot.
    """
    numbers = itertools.count(1)

    def make(name, *texts, author="ada", owner=None, subject=None, split=None, size=(512, 512), **values):
        image = hashlib.sha256(name.encode()).hexdigest()
        revisions, used = [], {}
        for text in texts:
            writer, words = (author, text) if isinstance(text, str) else text
            slot = used[writer] = used.get(writer, -1) + 1
            number = next(numbers)
            revisions.append(_revision(number, number, image, writer, words, slot=slot, **values))
        return Record(
            image=Image(image, image, *size, "JPEG", subject=subject, split=split),
            name=name,
            sources=(name,),
            owner=owner,
            captions=captions(revisions, owner),
            revisions=tuple(revisions),
            conflicts=conflicts(revisions, owner),
        )

    return make


@pytest.fixture
def context():
    """`context([records], pixels={name: bytes}, min_words=3)`: what checks are given."""

    def make(records, pixels=None, **settings):
        by_name = {each.name: each.image.id for each in records}
        measured = {by_name[name]: decode(content) for name, content in (pixels or {}).items()}
        return Context.of(records, measured, AuditSettings(**settings))

    return make


@pytest.fixture(scope="session")
def photo():
    """`photo(3)`: a coarse random picture, as Pillow image; each seed looks like no other."""

    def make(seed=0, size=(160, 160)):
        coarse = Pillow.frombytes("RGB", (8, 8), random.Random(seed).randbytes(192))
        return coarse.resize(size, Pillow.Resampling.BICUBIC)

    return make


@pytest.fixture(scope="session")
def encoded():
    """`encoded(image, "JPEG", quality=80)`: the bytes of a picture."""

    def make(image, kind="PNG", **options):
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        return buffer.getvalue()

    return make
