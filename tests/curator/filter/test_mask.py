"""Every field on a small set whose answers are known, the operators, and what a blind picture gives away."""

import numpy as np
import pytest

from curator.columns import load
from curator.errors import InputError
from curator.filter import FIELDS, Filter, order, parse
from curator.filter.tree import All, Not, Some
from curator.record import Draft, Finding, Image, Member, Source
from curator.store import open_store
from curator.store.captions import Writing
from curator.workspace import Workspace

ATTRIBUTES = {"pose": ("sitting", "lying"), "tags": ()}
A, B, C, D, E = ("a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A store of five pictures, a to e; d is blind for ann and ben, e is bare and excluded. It is not written to."""
    folder = tmp_path_factory.mktemp("five")
    (folder / "curator.toml").write_text('name = "dogs"\n', encoding="utf-8")
    store = open_store(Workspace.find(folder), create=True)
    with store.write():
        for name, role in (("ann", "annotator"), ("ben", "annotator"), ("cleo", "lead")):
            store.team.add(Member(name, role=role))
        sizes = {A: (400, 300), B: (300, 400), C: (400, 300), D: (500, 500), E: (8, 8)}
        for image, (width, height) in sizes.items():
            subject, split = (None if image == C else f"dog{image[0]}"), ("test" if image == A else "train")
            store.pictures.add(Image(image, image, width, height, "PNG", subject=subject, split=split))
            store.pictures.save_source(Source("/in", f"Sub/IMG_{image[0]}.JPG", "image", 1, 1, image))
        store.pictures.describe(E, status="excluded", reason="dark")
        tasks = [("ann", "own", A), ("ann", "own", B), ("ben", "own", C), ("ann", "own", D), ("ben", "overlap", D)]
        store.team.add_round(1, "1", None, {}, tasks)
        for task, state in zip(store.team.tasks(), ("submitted", "open", "skipped", "submitted", "open"), strict=True):
            store.team.close_task(task.id, state)
        store.captions.submit(Writing(A, "ann", "A brown dog on a red sofa."))
        store.captions.submit(Writing(A, "ann", "A second caption", slot=1))
        store.captions.submit(Writing(B, "", "Dogs & cats, " + "very " * 150 + "long", origin="import"))
        for text in ("one end", "another end"):
            store.captions.submit(Writing(C, "ben", text, origin="pack"))
        store.captions.submit(Writing(D, "ann", "The secret of ann"))
        store.captions.save_draft(Draft(B, "ann", 0, "typing", (), None))
        store.history.answer(A, "ann", "rating", 4)
        store.history.answer(B, "ann", "flag", "too dark")
        store.history.answer(A, "ann", "note", "crop the left")
        store.history.answer(A, "ann", "pose", "sitting")
        store.history.answer(B, "ann", "tags", ["wet", "outdoor"])
        store.history.answer(D, "ann", "note", "secret too")
        store.findings.replace(
            [Finding("misspelt", "warning", "m", (A, D)), Finding("near-duplicate", "info", "m", (D,))]
        )
    yield store
    store.close()


@pytest.fixture
def columns(filled):
    """`columns(member)`: the table of the five pictures for a member."""
    return lambda member=None: load(filled, member, ATTRIBUTES, excluded=True)


def matching(columns, text):
    mask = parse(text, ATTRIBUTES).mask(columns)
    assert mask.dtype == np.bool_
    return "".join(image[0] for image, found in zip(columns.ids, mask, strict=True) if found)


ALL = {
    "": "abcde",
    "dog": "a", "dog*": "ab", "DOG": "a", '"brown dog"': "a", "caption:end": "c", "caption:none": "e",
    "caption:*": "abcd",
    "second": "a", "re:/d.g/": "ab", "re:/^A/": "ac", "author:ann": "ad", "author:none": "be", "author:b*": "c",
    "origin:import": "b", "origin:pack": "c", "words:<3": "c", "words:7": "a", "words:>100": "b", "tokens:>128": "b",
    "tokens:1..4": "acd", "slots:0": "e", "slots:2": "a", "slots:>=1": "abcd",
    "name:img_a": "a", "name:IMG_b.jpg": "b", "name:Sub/IMG_c.JPG": "c", "name:*/img*": "abcde",
    "name:re:/_[ab]/": "ab",
    "id:aa": "a", "id:*b": "b", "id:re:/^[ab]/": "ab",
    "subject:doga": "a", "subject:none": "c", "subject:dog*": "abde", "subject:re:/[ab]$/": "ab",
    "split:test": "a", "split:none": "", "width:400": "ac", "height:>=400": "bd", "ratio:1.33": "ac", "ratio:<1": "b",
    "owner:ann": "abd", "owner:none": "e", "member:ben": "cd", "member:none": "e",
    "state:open": "bd", "state:submitted": "ad", "state:open@ben": "d", "state:skipped@ben": "c", "state:open@*": "bd",
    "draft:yes": "b", "draft:no": "acde", "conflict:yes": "c", "overlap:yes": "d", "blind:yes": "", "excluded:yes": "e",
    "rating:4": "a", "rating:>4": "", "rating:none": "bcde", "flag:dark": "b", "flag:*": "b", "flag:none": "acde",
    "note:crop": "a", "note:re:/l.ft/": "a", "note:cr*": "a", "finding:misspelt": "ad", "finding:*": "ad",
    "finding:none": "bce", "pose:sitting": "a", "pose:none": "bcde", "tags:wet": "b", "tags:out*": "b",
    "tags:none": "acde",
    "not dog*": "cde", "-dog* -end": "de", "dog* tokens:>128": "b", "dog or end": "ac", "(dog or end) owner:ben": "c",
}  # fmt: skip


@pytest.mark.parametrize("text", ALL)
def test_what_matches(columns, text):
    assert matching(columns(), text) == ALL[text]


OF_BEN = {
    "secret": "", "caption:*": "abc", "author:ann": "a", "words:*": None, "slots:0": "de", "note:secret": "",
    "note:*": "a", "finding:misspelt": "a", "finding:near-duplicate": "d", "blind:yes": "d", "state:open": "d",
    "state:submitted": "", "state:submitted@ann": "ad", "draft:yes": "", "re:/secret/": "", "tokens:>0": "abc",
    "origin:*": "abc", "conflict:yes": "c",
}  # fmt: skip


@pytest.mark.parametrize("text", [text for text, found in OF_BEN.items() if found is not None])
def test_a_filter_tells_a_member_nothing_of_what_others_wrote_blind(columns, text):
    assert matching(columns("ben"), text) == OF_BEN[text]


@pytest.mark.parametrize(("member", "found"), [("ann", "d"), ("ben", ""), ("cleo", "d"), (None, "d")])
def test_who_finds_the_words_of_a_blind_picture(columns, member, found):
    assert matching(columns(member), "secret") == found


def test_clip_tokens(columns, need):
    need("eval")
    assert matching(columns(), "clip:>77") == "b"


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_can_be_asked_and_sorted_by(columns, field, need):
    if field.name == "clip":
        need("eval")
    table = columns("ann")
    assert parse(field.example).mask(table).shape == (5,)
    if field.optional:
        nothing, anything = parse(f"{field.name}:none"), ">=0" if field.kind == "number" else "*"
        assert np.array_equal(nothing.mask(table), ~parse(f"{field.name}:{anything}").mask(table))
    if field.name not in ("finding", "member"):
        assert sorted(order(field.name, table)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("second", ["dog*", "words:>4", "owner:ann", "conflict:yes"])
@pytest.mark.parametrize("first", ["dog*", "state:open", "-slots:1"])
def test_the_operators_are_those_of_logic(columns, first, second):
    table = columns()
    one, two = parse(first), parse(second)
    masks = one.mask(table), two.mask(table)
    assert np.array_equal(Filter(All((one.tree, two.tree))).mask(table), masks[0] & masks[1])
    assert np.array_equal(Filter(Some((one.tree, two.tree))).mask(table), masks[0] | masks[1])
    assert np.array_equal(Filter(Not(one.tree)).mask(table), ~masks[0])
    assert np.array_equal(parse(f"({first}) or not ({second})").mask(table), masks[0] | ~masks[1])


def test_a_long_caption_filter_counts_only_captions_that_may_be_long(columns):
    table = columns()
    parse("tokens:>128").mask(table)
    assert (table.captions._counts["tokens"] >= 0).sum() == 1


SORTED = {
    "name": "abcde", "-name": "edcba", "words": "cdab", "-words": "badc", "owner": "abdc", "rating": "a",
    "state": "bd", "slots": "e", "-slots": "a", "width": "eb", "-width": "d", "split": "a", "caption": "acbd",
    "author": "adc",
    "conflict": "c", "draft": "b", "flag": "b", "pose": "a", "tokens": "", "-rating": "a", "-subject": "edba",
}  # fmt: skip


@pytest.mark.parametrize("field", SORTED)
def test_the_order(columns, field):
    table = columns()
    found = "".join(table.ids[row][0] for row in order(field, table))
    assert sorted(found) == list("abcde")
    assert found.startswith(SORTED[field])


def test_no_order(columns):
    with pytest.raises(InputError, match="cannot be sorted by 'wrods'") as caught:
        order("wrods", columns())
    assert caught.value.hint == "did you mean 'words'?"
