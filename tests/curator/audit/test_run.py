"""Whole audits: planted faults are found, clean sets stay clean, order does not matter, a picture is decoded once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from curator.audit.checks import CHECKS
from curator.audit.figures import figures
from curator.audit.run import audit, examine
from curator.blobs import Blobs
from curator.store.captions import Writing
from curator.store.findings import fingerprint
from curator.tokens import clip_token_count

CLEAN = (
    "a brown dog sitting on green grass",
    "a white cat asleep on a red sofa",
    "a small owl perched on an old branch",
    "a black horse running along the beach",
    "an orange fox standing in deep snow",
    "a grey goose beside a quiet lake",
    "a striped cat looking out of a window",
    "a spotted dog jumping over a log",
)


@pytest.fixture
def set_of(workspace, store, put_picture):
    """`set_of([(bytes, caption), …])` fills the workspace and gives a function that audits it."""

    def fill(pictures, subject="animal"):
        blobs = Blobs(workspace.blobs)
        for number, (content, caption) in enumerate(pictures):
            image = put_picture(store, blobs, content, f"{number:02d}.png", subject)
            if caption is not None:
                store.captions.submit(Writing(image, "ada", caption, origin="import"))
        return lambda: audit(store, blobs, workspace.config)

    return fill


@pytest.fixture
def clean(photo, encoded):
    return [(encoded(photo(seed)), caption) for seed, caption in enumerate(CLEAN)]


def test_a_clean_set_stays_clean(set_of, clean):
    result = set_of(clean)()
    assert result.findings == ()
    assert result.counts == {"error": 0, "warning": 0, "info": 0, "accepted": 0}
    assert result.figures.counts.pictures == len(clean)


def test_what_cannot_be_measured_is_said(set_of):
    assert bool(set_of([])().notes) == (clip_token_count("") is None)


def test_an_empty_set_is_audited(set_of):
    result = set_of([])()
    assert result.findings == ()
    assert result.figures.sizes is None


def planted(photo, encoded):
    copy = photo(0)
    return {
        "no-caption": (encoded(photo(50)), None),
        "exact-duplicate": (encoded(copy, "BMP"), "the first dog again in another file"),
        "near-duplicate": (encoded(copy.resize((90, 90)), "JPEG", quality=70), "the first dog again but smaller"),
        "identical-captions": (encoded(photo(51)), CLEAN[1].upper()),
        "misspelt": (encoded(photo(52)), "a fox among the lavendar"),
        "overlong-glide": (encoded(photo(53)), "dog " * 140 + "end"),
        "hidden-characters": (encoded(photo(54)), "a dog with \x1b[2J in its caption"),
        "short-caption": (encoded(photo(55)), "a dog"),
        "outer-blanks": (encoded(photo(56)), "a dog on a leash "),
        "inner-blanks": (encoded(photo(57)), "a dog\non a leash"),
        "unknown-word": (encoded(photo(58)), "a dog with two dogtags"),
    }


def test_every_planted_fault_is_found(set_of, clean, photo, encoded):
    faults = planted(photo, encoded)
    found = {finding.check for finding in set_of([*clean, *faults.values()])().findings}
    assert found - {"overlong-clip"} == set(faults)


def test_findings_are_stored_and_an_audit_again_is_equal(set_of, clean, photo, encoded, store):
    again = set_of([*clean, *planted(photo, encoded).values()])
    first = again()
    assert sorted(first.findings, key=lambda each: each.id) == store.findings.all("open")
    assert again() == first


def test_a_mended_fault_is_resolved(set_of, clean, store):
    again = set_of([*clean, (clean[0][0] + b" ", "  a fox among the lavendar")])
    (picture,) = [record.image.id for record in store.records.all() if record.captions[0].text.startswith("  ")]
    assert {"misspelt", "outer-blanks"} <= {each.check for each in again().findings}
    (line,) = store.captions.revisions(picture)
    store.captions.submit(Writing(picture, "ada", "a fox among the lavender", base=line.id))
    assert {each.check for each in again().findings} == {"exact-duplicate"}
    assert {each.check for each in store.findings.all("resolved")} == {"misspelt", "outer-blanks"}


def test_accepted_findings_are_not_counted_as_open(set_of, clean, store, photo, encoded):
    from sqlalchemy import update

    from curator.store import tables

    again = set_of([*clean, (encoded(photo(70)), "a dog in lavendar")])
    assert again().counts["warning"] == 1
    with store.database.write() as connection:
        connection.execute(update(tables.finding).values(state="accepted"))
    assert again().counts == {"error": 0, "warning": 0, "info": 0, "accepted": 1}


def test_a_missing_and_a_damaged_picture_are_errors_and_the_rest_is_audited(set_of, clean, workspace, store):
    again = set_of([*clean, (clean[0][0] + b" ", "the first picture once more")])
    blobs = Blobs(workspace.blobs)
    one, two, *_ = store.pictures.all()
    blobs.path(one.blob).unlink()
    blobs.path(two.blob).write_bytes(b"rubbish")
    result = again()
    assert {each.images for each in result.findings if each.check == "unreadable-picture"} == {(one.id,), (two.id,)}
    assert result.counts["error"] == 2


def test_each_picture_is_decoded_once(set_of, clean, monkeypatch):
    opened = []
    real = Pillow.open
    again = set_of(clean)
    monkeypatch.setattr(Pillow, "open", lambda *given, **named: opened.append(1) or real(*given, **named))
    again()
    assert len(opened) == len(clean)


@pytest.fixture
def faulty(record, context, photo, encoded):
    """Records with many faults and several authors, and their pixels."""
    texts = [*CLEAN, "a dog in lavendar ", CLEAN[0], "a  dog", "dogtags", ""]
    subjects, authors = ("cat", "dog", None), ("ada", "ben", "cleo")
    records = [
        record(f"{n:02d}", (authors[n % 3], text), subject=subjects[n % 2], split=("train", "test")[n % 2])
        for n, text in enumerate(texts)
    ]
    return records, {each.name: encoded(photo(int(each.name) % 9)) for each in records}


def test_an_audit_does_not_depend_on_order(faulty, context):
    records, pixels = faulty
    expected = context(records, pixels)
    assert len({finding.check for finding in examine(expected)}) >= 8

    @given(st.permutations(records))
    def same(shuffled):
        mixed = context(shuffled, pixels)
        assert examine(mixed) == examine(expected)
        assert figures(mixed) == figures(expected)

    same()


CAPTION = st.lists(
    st.sampled_from(["dog", "lavendar", "octogon", "dogtags", "sofa", " ", "\n", "\x1b", "A", "xqzt", "."]), max_size=6
).map(" ".join)


def test_no_two_findings_of_an_audit_are_taken_for_one(record, context):
    @given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), CAPTION), max_size=3), max_size=6))
    def distinct(pictures):
        records = [record(f"{n}", *lines, subject="dog") for n, lines in enumerate(pictures)]
        found = examine(context(records))
        assert len({fingerprint(finding) for finding in found}) == len(found)
        assert {finding.check for finding in found} <= {check.name for check in CHECKS}

    distinct()
