"""The readings of the starting team's captions, against labels by hand."""

import pytest

from annotate.agreement.reading import read

LABELS = {
    "000": "action=smiling", "001": "pose=sitting action=tongue_out", "004": "colour=brown,white action=panting",
    "005": "colour=red action=tongue_out,walking", "007": "colour=brown pose=lying action=looking",
    "008": "colour=brown pose=lying action=looking,tongue_out", "009": "colour=brown pose=lying action=looking",
    "010": "size=small colour=brown pose=standing", "011": "size=small colour=white pose=standing accessory=collar",
    "012": "size=small colour=brown pose=sitting accessory=collar",
    "013": "size=small colour=white pose=standing accessory=collar,tag",
    "014": "size=small colour=white action=smiling,walking accessory=collar,tag",
    "015": "size=small colour=white action=walking", "016": "size=small colour=white pose=lying accessory=collar,tag",
    "017": "size=small colour=brown", "018": "size=small colour=brown", "019": "size=small colour=brown pose=sitting",
    "020": "size=medium colour=brown pose=sitting action=posing", "021": "size=medium colour=brown pose=sitting",
    "022": "size=small colour=brown,white action=licking", "023": "size=small colour=brown,white pose=sitting",
   
    "025": "size=small colour=brown,white pose=sitting action=tongue_out",
    "027": "size=large colour=brown pose=sitting action=looking",
    "028": "size=large colour=brown pose=sitting action=tongue_out",
    "029": "size=large colour=brown pose=standing action=tongue_out",
    "030": "colour=brown action=running,smiling accessory=tag", "031": "colour=brown action=smiling,tongue_out",
    "032": "colour=grey,white action=walking", "033": "colour=grey,white pose=sitting accessory=leash",
    "034": "colour=grey,white", "035": "colour=grey,white action=walking,yawning",
    "036": "colour=black,white pose=lying action=looking",
}  # fmt: skip
"""File → what is said of the dog; places apart, which have a table and tests of their own."""
READ = ("colour", "size", "pose", "action", "accessory")


@pytest.fixture(scope="module")
def captions(need):
    folder = need("shared") / "data" / "dreambooth-dogs" / "captions"
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}


def test_precision_and_recall(captions):
    found, wanted = set(), set()
    for name, text in LABELS.items():
        reading = read(captions[name])
        found |= {(name, each, value) for each in READ for value in reading.said(each)}
        for part in text.split():
            attribute, _, values = part.partition("=")
            wanted |= {(name, attribute, value.replace("_", " ")) for value in values.split(",")}
    assert len(wanted) > 80
    assert len(found & wanted) / len(found) >= 0.97, sorted(found - wanted)
    assert len(found & wanted) / len(wanted) >= 0.97, sorted(wanted - found)


def test_each_shows_one_dog(captions):
    assert {name for name, text in captions.items() if read(text).said("count") != {"1"}} == set()
