"""Each check on captions finds its planted fault and leaves good captions alone."""

import pytest

from curator.audit import captions
from curator.captions import ADJUDICATED
from curator.tokens import clip_token_count

GOOD = "a small brown dog on green grass"


def test_no_caption_and_blank_captions_are_errors(record, context):
    found = captions.missing(context([record("a"), record("b", " \n"), record("c", GOOD)]))
    assert [(each.severity, each.message) for each in found] == [
        ("error", "a: no caption"),
        ("error", "b: a caption of nothing but blanks"),
    ]
    assert captions.missing(context([record("c", GOOD)])) == []


def test_the_owner_is_named_for_a_missing_caption(record, context):
    (finding,) = captions.missing(context([record("a", owner="ben")]))
    assert finding.members == ("ben",)


def test_two_heads_of_a_line_are_a_conflict(filled, store_of, context):
    from curator.store.captions import Writing

    store = store_of(filled)
    image = store.records.find("00.png").image.id
    base = store.captions.revisions(image)[0].id
    for text in ("a red dog", "a blue dog"):
        store.captions.submit(Writing(image, "", text, base=base))
    (finding,) = captions.conflict(context(store.records.all()))
    assert (finding.severity, finding.images, finding.figure) == ("error", (image,), 2)


def test_settled_captions_are_no_conflict(record, context):
    settled = record("a", ("ada", GOOD), ("ben", "something else"), origin=ADJUDICATED)
    assert captions.conflict(context([settled])) == []


def test_overlong_for_glide_begins_at_129_tokens(record, context):
    fits, too_long = record("a", "dog " * 127 + "dog"), record("b", "dog " * 128 + "dog")
    (finding,) = captions.long_for_glide(context([fits, too_long]))
    assert (finding.images, finding.figure, finding.threshold) == ((too_long.image.id,), 129, 128)


def test_overlong_for_clip_begins_at_78_tokens_with_both_ends(record, context):
    fits, too_long = record("a", "dog " * 75), record("b", "dog " * 76)
    found = captions.long_for_clip(context([fits, too_long]))
    expected = [((too_long.image.id,), 78, 77)]
    installed = clip_token_count("") is not None
    assert [(each.images, each.figure, each.threshold) for each in found] == expected * installed


def test_short_captions(record, context):
    records = [record("a", "brown dog"), record("b", "a brown dog"), record("c", " ")]
    (finding,) = captions.short(context(records, min_words=3))
    assert finding.message == "a: 2 words: “brown dog”"
    assert captions.short(context(records, min_words=0)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a dog ", "a: ends in 1 blank"),
        ("  a dog", "a: begins in 2 blanks"),
        ("\ta dog\n\n", "a: begins in 1 blank and ends in 2 blanks"),
        ("a dog", None),
        ("  ", None),
    ],
    ids=["after", "before", "both", "none", "nothing but"],
)
def test_outer_blanks(record, context, text, message):
    assert [each.message for each in captions.outer_blanks(context([record("a", text)]))] == [message] * bool(message)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a dog\non grass", "a line break"),
        ("a\tdog", "a tab"),
        ("a  dog", "several blanks in a row"),
        ("a\N{NO-BREAK SPACE}dog", "several blanks in a row"),
        ("a dog ", None),
    ],
    ids=["line", "tab", "double", "no-break", "none inside"],
)
def test_inner_blanks(record, context, text, what):
    found = captions.inner_blanks(context([record("a", text)]))
    assert [each.message for each in found] == ([f"a: {what} inside"] if what else [])


@pytest.mark.parametrize(
    "text",
    [
        "a \x1b[31mred\x1b[0m dog",
        "a dog\N{RIGHT-TO-LEFT OVERRIDE}gip",
        "a\N{ZERO WIDTH SPACE}dog",
        "a d\N{REPLACEMENT CHARACTER}g",
        "a dog \ue000",
        "soft\N{SOFT HYPHEN}hyphen",
    ],
    ids=["escape", "direction", "zero width", "failed decoding", "private", "soft hyphen"],
)
def test_hidden_characters(record, context, text):
    (finding,) = captions.hidden_characters(context([record("a", text), record("b", GOOD)]))
    assert finding.severity == "warning"
    assert "U+" in finding.message
    assert finding.message.isprintable()


@pytest.mark.parametrize(
    "text", [GOOD, "a 👩\N{ZERO WIDTH JOINER}🌾 in a field", "café, naïve – “quoted” ❤️", "two\nlines"], ids=str
)
def test_ordinary_characters_are_not_hidden(record, context, text):
    assert captions.hidden_characters(context([record("a", text)])) == []


def test_identical_captions_on_different_pictures(record, context):
    records = [record("a", GOOD), record("b", GOOD.upper() + " . "), record("c", GOOD + " too"), record("d", GOOD)]
    (finding,) = captions.identical(context(records))
    assert finding.images == tuple(record.image.id for record in (records[0], records[1], records[3]))
    assert (finding.severity, finding.figure) == ("warning", 3)
    assert finding.message.startswith("a, b, d: the same caption on 3 pictures: “a small")
    assert captions.identical(context(records[1:3])) == []


def test_two_captions_that_the_same_pictures_share_are_one_finding(record, context):
    records = [record("a", GOOD, "a dog"), record("b", GOOD, "a dog")]
    (finding,) = captions.identical(context(records))
    assert "“a dog”" in finding.message
    assert "“a small brown dog" in finding.message


def test_the_same_text_twice_on_one_picture_is_not_identical_captions(record, context):
    assert captions.identical(context([record("a", GOOD, GOOD)])) == []


def test_every_slot_is_looked_at_and_a_picture_is_one_finding(record, context):
    (finding,) = captions.outer_blanks(context([record("a", "one ", "two  ", "three")]))
    assert finding.message == "a: ends in 1 blank"


@pytest.mark.parametrize(
    ("text", "shown"), [("a\nb", "“a ⏎ b”"), ("x" * 61, "“" + "x" * 60 + "…”")], ids=["lines", "long"]
)
def test_quoted(text, shown):
    assert captions.quoted(text) == shown
