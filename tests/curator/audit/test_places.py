"""Places named in captions."""

import pytest

from curator.audit.places import NOT_NAMED, one_place, places_in, read_lexicon, table

LEXICON = read_lexicon({})


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a dog on a beach", {"beach"}),
        ("cats racing over beaches into the waves", {"beach", "water"}),
        ("asleep in a bed of leaves", {"foliage"}),
        ("on a white bed", {"bed"}),
        ("a navy blue sheet", {"bed"}),
        ("in the woods beside mossy trees", {"forest"}),
        ("Grass-covered HILL", {"grass", "mountain"}),
        ("with a yellow background", {"plain background"}),
        ("with a forest background", {"forest"}),
        ("a glass of grassroots", set()),
        ("", set()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_places_in(text, places):
    assert places_in(text, LEXICON) == places


def test_the_longer_term_wins():
    assert places_in("a river bed", read_lexicon({"dry": ["river bed"]})) == {"dry"}
    assert places_in("a river bed and a bed", LEXICON) == {"bed"}


def test_a_team_adds_places_and_terms(record, context):
    own = {"skate park": ("half pipe", "ramps"), "water": ("fjord",)}
    lexicon = read_lexicon(own)
    assert places_in("a dog on a half-pipe by the fjords", lexicon) == {"skate park", "water"}
    assert places_in("in skate parks", lexicon) == {"skate park"}
    found = table(context([record("a", "a ramp", subject="dog")], places=own))
    assert found.counts["dog"]["skate park"] == 1


def test_the_table_counts_pictures_and_lists_empty_cells(record, context):
    records = [
        record("1", "on the beach in the sand", subject="cat"),
        record("2", "beach", "a couch", subject="cat"),
        record("3", "a sofa", subject="dog"),
        record("4", "sitting up", subject="dog"),
        record("5", "snow"),
    ]
    found = table(context(records))
    assert found.places == ("beach", "sofa", "snow")
    assert found.subjects == ("(no subject)", "cat", "dog")
    assert found.pictures == {"(no subject)": 1, "cat": 2, "dog": 2}
    assert found.counts["cat"] == {"beach": 2, "sofa": 1, "snow": 0, NOT_NAMED: 0}
    assert found.counts["dog"] == {"beach": 0, "sofa": 1, "snow": 0, NOT_NAMED: 1}
    assert ("dog", "beach") in found.empty
    assert ("cat", "beach") not in found.empty
    assert len(found.empty) == 5
    assert "forest" in found.never
    assert "none" not in found.never


def test_a_subject_in_one_place_is_a_note(record, context):
    sofa = [record(f"s{n}", "on a sofa", subject="dog5") for n in range(4)]
    mixed = [record(f"m{n}", text, subject="dog6") for n, text in enumerate(["beach", "grass", "snow", "a sofa"])]
    (finding,) = one_place(context([*sofa, *mixed]))
    assert (finding.severity, len(finding.images)) == ("info", 4)
    assert finding.message == "dog5: nearly always with the same surroundings: sofa (4 of 4)"
    assert one_place(context([*sofa[:3], *mixed])) == []


def test_a_place_of_the_whole_set_is_one_note(record, context):
    records = [record(f"{subject}{n}", "on a sofa", subject=subject) for subject in ("cat", "dog") for n in range(5)]
    (finding,) = one_place(context(records))
    assert finding.message == "the whole set: nearly always with the same surroundings: sofa"
    assert (finding.images, finding.figure) == ((), 1.0)
