"""Teams made up from a seed: each member describes the same truth in words of their own, and leaves some of it out."""

import random

import pytest

from annotate.agreement.reading import read
from annotate.agreement.texts import Shared, Text

COLOURS = {"white": ["white"], "brown": ["brown", "chestnut", "tan"], "black": ["black"], "grey": ["grey", "gray"]}
POSES = {"sitting": ["sitting", "seated"], "standing": ["standing"], "lying": ["lying", "laying down", "lounging"]}
PLACES = ["on the beach", "in the snow", "on a sofa", "in a field", "on a bed", "by a lake", "on the street"]
NOUNS = [("dog", "dogs"), ("puppy", "puppies"), ("pup", "pups")]
NUMBERS = {"1": "a", "2": "two", "3": "three"}
WRONG = {"colour": COLOURS, "pose": POSES, "count": NUMBERS}
MEMBERS = ("ada", "ben", "cleo")


def _caption(chance, truth):
    size = chance.choice(["small", "little", "medium sized", "", ""])  # of sizes nobody is sure
    colour = chance.choice(COLOURS[truth["colour"]]) if chance.random() < 0.8 else ""
    noun = chance.choice(NOUNS)[truth["count"] != "1"]
    pose = chance.choice(POSES[truth["pose"]]) if chance.random() < 0.8 else ""
    place = truth["place"] if chance.random() < 0.8 else ""
    return " ".join(filter(None, (NUMBERS[truth["count"]], size, colour, noun, pose, place)))


@pytest.fixture(scope="session")
def team():
    """`team(seed, 40, {3: "colour"})`: 40 pictures by ada, ben and cleo; in picture 3 ben has the colour wrong."""

    def make(seed, number, planted=(), members=MEMBERS):
        chance = random.Random(seed)
        pictures = []
        for place in range(number):
            truth = {"colour": chance.choice(list(COLOURS)), "pose": chance.choice(list(POSES)),
                     "place": chance.choice(PLACES), "count": chance.choice("1123")}  # fmt: skip
            texts = {member: _caption(chance, truth) for member in members}
            if place in planted:
                wrong = planted[place]
                other = chance.choice([each for each in WRONG[wrong] if each != truth[wrong]])
                while not all(read(text).said(wrong) for text in texts.values()):
                    texts = {member: _caption(chance, truth) for member in members}
                said = ""
                while not read(said).said(wrong):
                    said = _caption(chance, {**truth, wrong: other})
                texts["ben"] = said
            pictures.append(
                Shared(f"{place:064d}", f"{place:03d}.jpg", "dog", tuple(Text(*each) for each in sorted(texts.items())))
            )
        return pictures

    return make
