"""The real case: 37 dogs, four captioners, and what is known to be wrong with them."""

import csv

import pytest

from curator.audit.comparison import findings
from curator.audit.run import audit
from curator.blobs import Blobs
from curator.store.captions import Writing


@pytest.fixture
def dogs(need, workspace, store, put_picture):
    folder = need("shared") / "data" / "dreambooth-dogs"
    blobs = Blobs(workspace.blobs)
    with (folder / "subjects.csv").open(encoding="utf-8") as file, store.write():
        for row in csv.DictReader(file):
            content = (folder / "images" / row["image"]).read_bytes()
            image = put_picture(store, blobs, content, row["image"], row["subject"])
            text = (folder / "captions" / row["image"]).with_suffix(".txt").read_bytes().decode()
            store.captions.submit(Writing(image, row["captioner"], text, origin="import"))
    return audit(store, blobs, workspace.config)


def test_the_known_facts_and_nothing_else(dogs):
    names = {record.image.id: record.name.removesuffix(".jpg") for record in dogs.records}
    found = {}
    for finding in dogs.findings:
        found.setdefault(finding.check, []).append([names[image] for image in finding.images])
    assert found.pop("one-place") == [["000", "001", "002", "003"], ["017", "018", "019", "020", "021"]]
    assert found == {
        "identical-captions": [["023", "024"]],
        "misspelt": [["016"], ["031", "035"]],
        "outer-blanks": [["011"], ["012"], ["014"], ["016"], ["017"], ["018"], ["019"]],
        "unknown-word": [["030"]],
    }
    told = " ".join(finding.message for finding in dogs.findings)
    assert "“lavendar” → lavender" in told
    assert "“octogon” → octagon" in told
    assert "“dogtags” (written as one; “dog tags”?)" in told


def test_the_figures(dogs):
    figures = dogs.figures
    assert (figures.counts.pictures, figures.counts.captions, figures.counts.subjects) == (37, 37, 7)
    assert [(row.name, row.captions) for row in figures.authors.rows] == [("a", 10), ("b", 10), ("c", 10), ("d", 7)]
    assert figures.sizes.width == (615, 1280, 1920)
    assert figures.sizes.square == 37


def test_author_and_picture_are_told_apart_where_they_can_be_and_nowhere_else(dogs):
    comparisons = dogs.figures.comparisons
    assert [shared.subject for shared in comparisons.shared] == ["dog2", "dog5", "dog7"]
    assert [dict(shared.captions) for shared in comparisons.shared] == [
        {"a": 5, "b": 1},
        {"b": 3, "c": 2},
        {"c": 3, "d": 2},
    ]
    assert comparisons.shared[0].words["a"][:1] == ("chow",)
    assert {"small", "brown", "fluffy", "dog"} <= set(comparisons.shared[0].words["b"])
    assert comparisons.apart == (("a", "c"), ("a", "d"), ("b", "d"))
    assert "only 3 of 7 subjects" in comparisons.verdict
    assert findings(comparisons) == []
