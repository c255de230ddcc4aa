"""Misspelt words are found, and what only looks odd is left alone."""

import pytest

from curator.audit.spelling import misspelt, parts, unknown


def test_misspelt_words_by_word_with_the_correction(record, context):
    records = [
        record("a", "a dog in lavendar"),
        record("b", "Lavendar and an octogon", author="ben"),
        record("c", "a heap of lavendar", author="ada"),
    ]
    first, second = sorted(misspelt(context([*records])), key=lambda each: each.message)
    assert first.message == "a, b, c: “lavendar” → lavender"
    assert second.message == "b: “octogon” → octagon"
    assert (first.severity, first.members, second.members) == ("warning", ("ada", "ben"), ("ben",))


def test_words_on_the_same_pictures_are_one_finding(record, context):
    (finding,) = misspelt(context([record("a", "an octogon in lavendar")]))
    assert finding.message == "a: “lavendar” → lavender, “octogon” → octagon"
    assert finding.figure == 2


def test_words_written_as_one_are_notes(record, context):
    found = context([record("a", "a fox wearing dogtags")])
    assert misspelt(found) == []
    (finding,) = unknown(found)
    assert (finding.severity, finding.message) == ("info", "a: “dogtags” (written as one; “dog tags”?)")


@pytest.mark.parametrize(
    "text",
    [
        "a chow chow and a labradoodle, a shiba inu and two corgis",
        "the cat's snow-white, fox-like tail; buttery fur",
        "a grey dog in colourful pyjamas, travelled far",
        "a dog named Xqztl at Neuschwanstein",
        "IMG_2041 4k 3d WQHD photo",
        "犬が芝生に座っている Собака на траве",
        "a café with naïve décor",
        "",
    ],
    ids=["breeds", "compounds", "British", "names", "codes", "scripts", "accents", "empty"],
)
def test_what_is_not_misspelt(record, context, text):
    found = context([record("a", text)])
    assert misspelt(found) + unknown(found) == []


def test_the_words_of_the_team_are_accepted(record, context):
    records = [record("a", "a blarghs dog in frobland", subject="frobland", author="blargh")]
    assert unknown(context(records)) == []
    assert unknown(context([record("b", "a zzyzx dog")], words=("Zzyzx",))) == []
    assert unknown(context([record("b", "a zzyzx dog")], places={"zzyzx": ()})) == []
    assert len(unknown(context([record("b", "a zzyzx dog")]))) == 1


def test_a_word_of_two_authors_is_a_word_unless_it_is_a_slip(record, context):
    both = [record("a", "dogtags, lavendar"), record("b", "dogtags in lavendar", author="ben")]
    assert unknown(context(both)) == []
    assert [each.message for each in misspelt(context(both))] == ["a, b: “lavendar” → lavender"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Corgi on Oahu. The dog’s ID", ["a", "on", "the", "dog"]),
        ("A DOG", ["a", "dog"]),
        ("fox-like, 2nd café", ["fox", "like", "cafe"]),
    ],
    ids=["names", "capitals", "pieces"],
)
def test_parts(text, expected):
    assert list(parts(text)) == expected
