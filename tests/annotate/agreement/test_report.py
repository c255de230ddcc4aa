"""All figures at once, and what is said where they would mislead."""

import json

import pytest

from annotate.agreement.report import Material, agreement, newest_answers
from annotate.agreement.tables import as_data, put
from annotate.agreement.texts import Shared, Text
from curator.errors import InputError
from curator.record import Answer


def material(pictures, **values):
    return Material(pictures, pictures, **{"answers": {}, "gold": {}, "attributes": (), **values})


def test_figures_of_a_team(team):
    found = agreement(material(team(1, 40, {3: "colour"})), pairs=True)
    assert (found.overlap, found.pictures, found.members) == (40, 40, ("ada", "ben", "cleo"))
    assert list(found.measures) == ["letters", "words", "tf-idf"]
    assert len(found.likeness) == 3 * 4
    assert found.worst[0].picture.name == "003.jpg"
    rows = {row.attribute: row for row in found.attributes if row.pair is None}
    assert 0.9 < rows["colour"].alpha.value < 1
    assert rows["colour"].both < 40
    assert rows["size"].alpha.value < 0.5
    assert rows["accessory"].alpha.value is None
    json.dumps(as_data(found, 5))


def test_an_embedding_is_named_and_its_absence_said(team):
    class Embed:
        name, about = "of the test", "zeros"

        def encode(self, texts):
            import numpy as np

            return np.zeros((len(texts), 2))

    assert "of the test" in agreement(material(team(1, 6)), Embed()).measures
    assert not agreement(material(team(1, 6)), Embed()).notes
    assert "pip install" in agreement(material(team(1, 6))).notes[-1]


@pytest.mark.parametrize(
    ("pictures", "words"),
    [
        ([], "curator split --overlap"),
        ([Shared("1", "a", None, (Text("ada", "a dog"),))], "none of the 1"),
        ([Shared("1", "a", None, (Text("ada", "a dog"), Text("ben", "a cat")))], "1 picture: too few to say"),
    ],
    ids=["no overlap", "nothing to compare", "tiny"],
)
def test_small_sets_are_told_so(pictures, words, capsys):
    found = agreement(material(pictures))
    assert words in found.notes[0]
    put(found, 10)
    assert words in capsys.readouterr().err


def test_one_attribute(team):
    found = agreement(material(team(1, 40, {3: "colour"})), attribute="colour")
    assert {row.attribute for row in found.attributes} == {"colour"}
    assert [row.picture.name for row in found.worst] == ["003.jpg"]
    with pytest.raises(InputError, match="no attribute"):
        agreement(material([]), attribute="weather")


def test_answers_beside_the_captions_have_rows_of_their_own(team):
    pictures = team(1, 6)
    given = [
        Answer(number, picture.image, member, "mood", value, "2026")
        for number, picture in enumerate(pictures)
        for member, value in (("ada", "happy"), ("ben", "happy" if number else ["sad", "tired"]))
    ]
    answers = newest_answers([*given, Answer(99, pictures[1].image, "ben", "mood", None, "2026")], ["mood"])
    assert answers[(pictures[0].image, "ben", "mood")] == {"sad", "tired"}
    assert (pictures[1].image, "ben", "mood") not in answers
    found = agreement(material(pictures, answers=answers, attributes=["mood"]))
    row = next(row for row in found.attributes if row.attribute == "mood")
    assert (row.told, row.both, row.pictures) == ("answer", 5, 6)


def test_tables_hold_no_terminal_escapes(capsys):
    put(agreement(material([Shared("1", "a\x1b[2J", None, (Text("ada", "red \x1b]0;x\x07"), Text("ben", "b")))])), 3)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "too few speak of it" in out
