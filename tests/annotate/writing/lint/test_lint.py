"""Each remark, where it points, and what the settings and the set change."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.pictures.colours import palette
from annotate.writing.lint.corpus import Corpus
from annotate.writing.lint.lint import Facts, Lint
from annotate.writing.lint.reading import cut_off
from annotate.writing.wordings import Wording
from curator.audit.context import Context
from curator.audit.spelling import misspelt, unknown
from curator.captions import captions
from curator.config import AuditSettings, Config
from curator.record import Image, Record, Revision
from curator.tokens import clip_token_count, glide_token_count

FACTS = Facts("1" * 64, "ada")


def lint(texts=(), **tables):
    names = tables.pop("names", ())
    config = Config(name="dogs", **tables)
    return Lint(config, Corpus(texts), names, name_of={"2" * 64: "two.png"}.get)


def kinds(remarks):
    return [remark.kind for remark in remarks]


@pytest.mark.parametrize(
    ("text", "tables", "kind", "part", "suggestion"),
    [
        ("", {}, "empty", None, None),
        (" \n", {}, "empty", None, None),
        ("a dog", {}, "short", None, None),
        ("one two three four", {"captioning": {"max_words": 3}}, "many-words", None, None),
        ("a dog in lavendar", {}, "misspelt", "lavendar", "lavender"),
        ("Lavendar and a dog", {}, "misspelt", "Lavendar", "Lavender"),
        ("a fox wearing dogtags", {}, "unknown-word", "dogtags", "dog tags"),
        ("a dog and a xqztlwy", {}, "unknown-word", "xqztlwy", None),
        ("an Image of a dog", {"captioning": {"forbidden": ["image"]}}, "forbidden-word", "Image", ""),
        ("two images of dogs", {"captioning": {"forbidden": ["image"]}}, "forbidden-word", "images", ""),
        ("the CAFÉS of Rome", {"captioning": {"forbidden": ["cafe"]}}, "forbidden-word", "CAFÉS", ""),
        ("a photo  of a dog", {"captioning": {"forbidden": ["photo of"]}}, "forbidden-word", "photo  of", ""),
        ("a dog-like thing", {"captioning": {"forbidden": ["thing"]}}, "forbidden-word", "thing", ""),
        ("a dog\x1b[31m barks", {}, "hidden-characters", "\x1b", ""),
        ("a dog  barks", {}, "inner-blanks", "  ", " "),
        ("a dog\nbarks loudly", {}, "inner-blanks", "\n", " "),
        (" a dog barks", {}, "outer-blanks", " ", ""),
        ("a dog barks \n", {}, "outer-blanks", " \n", ""),
        ("a cafe\N{COMBINING ACUTE ACCENT} in Rome", {}, "not-nfc", None, "a café in Rome"),
    ],
)  # fmt: skip
def test_a_remark_and_where_it_points(text, tables, kind, part, suggestion):
    (remark,) = [each for each in lint(**tables).check(text, FACTS) if each.kind == kind]
    assert (remark.span and text[slice(*remark.span)]) == part
    assert remark.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("a small dog sits on the grass", {}),
        ("a dog in lavendar", {"audit": {"words": ["lavendar"]}}),
        ("a dog in lavendar", {"audit": {"places": {"lavendar": []}}}),
        ("a dog in lavendar", {"attributes": {"place": ["lavendar"]}}),
        ("a dog in lavendars", {"names": ["lavendar"]}),
        ("imagery and imagination of dogs", {"captioning": {"forbidden": ["image"]}}),
        ("a photo: of a dog", {"captioning": {"forbidden": ["of photo"]}}),
        ("a family \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN} walks", {}),
    ],
)
def test_nothing_to_say(text, tables):
    assert lint(**tables).check(text, FACTS) == []


def test_the_word_at_the_cursor_is_not_judged_yet():
    text = "a dog in lavendar and lavendar"
    assert kinds(lint().check(text, FACTS, typing=len(text))) == ["misspelt"]
    assert kinds(lint().check(text, FACTS)) == ["misspelt", "misspelt"]


def test_a_word_of_two_authors_is_a_word_unless_it_is_a_slip():
    texts = [Wording("2" * 64, author, 0, "xqztlwy and lavendar") for author in ("ben", "cem")]
    assert kinds(lint(texts).check("a dog, a xqztlwy, some lavendar", FACTS)) == ["misspelt"]
    assert kinds(lint(texts[:1]).check("a dog and a xqztlwy", FACTS)) == ["unknown-word"]


@given(st.lists(st.sampled_from(["dog", "lavendar", "dogtags", "xqztlwy", "Fido.", "A", "snow-whyte", "teh", "cafés"])))
def test_spelling_is_that_of_the_audit(words):
    text = " ".join(words)
    revision = Revision(1, 1, "1" * 64, "ada", 0, text, "tui", None, None, "2026-01-01", None, "submitted")
    image = Image("1" * 64, "1" * 64, 4, 3, "PNG")
    record = Record(image, "1.png", ("1.png",), "ada", captions([revision], "ada"), (revision,))
    context = Context.of([record], {}, AuditSettings())
    told = " ".join(finding.message for finding in misspelt(context) + unknown(context))
    remarks = [each for each in lint().check(text, FACTS) if each.kind in ("misspelt", "unknown-word")]
    for remark in remarks:
        assert f"“{text[slice(*remark.span)].lower()}”" in told.replace("cafes", "cafés")
    assert len({text[slice(*each.span)].lower() for each in remarks}) == told.count("“") - told.count("(written")


@pytest.mark.parametrize(
    ("text", "subject", "missing"),
    [
        ("a dog sleeps here", "dog2", False),
        ("two dogs sleep", "dog", False),
        ("DOGS sleep here", "dog", False),
        ("an animal sleeps", "animal-mammal", False),
        ("a corgi sleeps", "dog2", True),
        ("a hotdog stand", "dog", True),
        ("a corgi sleeps", None, False),
        ("a corgi sleeps", "42", False),
    ],
)
def test_the_subject_is_named(text, subject, missing):
    judge = lint(captioning={"require_subject": True})
    found = judge.check(text, Facts("1" * 64, "ada", subject=subject))
    assert ("no-subject" in kinds(found)) == missing
    assert "no-subject" not in kinds(lint().check(text, Facts("1" * 64, "ada", subject=subject)))


def test_too_many_tokens_say_where_it_is_cut_off():
    text = "dog " * 127 + "zebra elephant giraffe"
    (remark,) = [each for each in lint().check(text, FACTS) if each.kind == "glide-tokens"]
    start, end = remark.span
    assert "from “" in remark.message
    assert end == len(text)
    assert glide_token_count(text[:start].rstrip()) <= 128 < glide_token_count(text)
    assert "glide-tokens" not in kinds(lint().check("dog " * 120, FACTS))


def test_clip_reads_less(need):
    need("eval")
    text = "dog " * 80 + "zebra"
    (remark,) = [each for each in lint().check(text, FACTS) if each.kind == "clip-tokens"]
    assert clip_token_count(text[: remark.span[0]]) <= 77 < clip_token_count(text)


@given(st.lists(st.text("ab", min_size=1, max_size=4), max_size=30), st.integers(0, 40))
def test_what_is_read_fits_and_one_more_word_does_not(words, limit):
    text = " ".join(words)
    at = cut_off(text, limit, len)
    assert len(text[:at].rstrip()) <= limit or at == 0
    rest = text[at:].split()
    assert not rest or len(text[: at + len(rest[0])]) > limit


def test_copies_are_named():
    texts = [Wording("2" * 64, "ben", 0, "a small brown dog sits on green grass by a fence")]
    judge = lint(texts)
    (same,) = judge.check("A small brown dog sits on green grass by a fence.", FACTS)
    (near,) = judge.check("a small brown dog sits on green grass by the fence", FACTS)
    assert (same.kind, same.severity, same.message) == ("copy", "warning", "the same as two.png: say what differs")
    assert (near.kind, near.severity) == ("near-copy", "hint")
    assert "nearly the same as two.png (9" in near.message


def test_an_own_other_caption_of_the_picture_is_called_by_its_number():
    judge = lint([Wording(FACTS.image, "ada", 1, "a small brown dog sits")])
    assert judge.check("a small brown dog sits", FACTS)[0].message == "the same as caption 2: say what differs"


def test_a_submitted_caption_counts_from_then_on():
    corpus = Corpus()
    judge = Lint(Config(name="dogs"), corpus)
    corpus.learn(Wording("2" * 64, "ada", 0, "a small brown dog sits"))
    assert kinds(judge.check("a small brown dog sits", FACTS)) == ["copy"]


def striped(*colours):
    return palette(np.repeat(np.array(colours, dtype=np.uint8)[None], 10, axis=0))


BROWN_AND_GREEN = striped(*[(120, 75, 45)] * 6, *[(45, 140, 60)] * 4)


def test_a_colour_that_is_not_there_is_a_hint_with_the_evidence():
    (remark,) = lint().check("a dog with a Blue ball", Facts("1" * 64, "ada", palette=BROWN_AND_GREEN))
    assert (remark.kind, remark.severity) == ("colour", "hint")
    assert remark.message == "says blue; the picture is mostly brown 60 %, green 40 %"
    assert remark.span == (13, 17)


@pytest.mark.parametrize(
    "text",
    [
        "a brown dog on green grass",
        "a dog beside ice cream",
        "a dog that is not blue at all",
        "a dog without a blue collar",
        "a redder, blueish, whitened dog",
        "a dog and a bluebird",
    ],
)
def test_a_colour_that_is_there_or_is_none_is_not_doubted(text):
    assert "colour" not in kinds(lint().check(text, Facts("1" * 64, "ada", palette=BROWN_AND_GREEN)))


def test_a_collar_is_enough():
    colours = striped(*[(120, 75, 45)] * 199, (200, 30, 35))
    assert "colour" not in kinds(lint().check("a dog with a red collar", Facts("1" * 64, "ada", palette=colours)))


def test_the_gravest_comes_first():
    found = lint(captioning={"forbidden": ["image"], "require_subject": True}).check(
        "  image of lavendar ", Facts("1" * 64, "ada", subject="dog")
    )
    assert [each.severity for each in found] == ["error", "warning", "warning", "hint", "hint"]


@given(st.text(max_size=60), st.integers(0, 60))
def test_any_text_is_judged_and_spans_lie_in_it(text, typing):
    judge = lint(captioning={"forbidden": ["a b"], "require_subject": True})
    facts = Facts("1" * 64, "ada", subject="dog", palette=BROWN_AND_GREEN)
    for remark in judge.check(text, facts, typing):
        if remark.span:
            assert 0 <= remark.span[0] < remark.span[1] <= len(text)
        assert "\n" not in remark.message


def test_what_is_stored_is_said_to_be_normal():
    text = unicodedata.normalize("NFD", "a naïve café dog")
    (remark,) = [each for each in lint().check(text, FACTS) if each.kind == "not-nfc"]
    assert remark.suggestion == unicodedata.normalize("NFC", text)
