"""Which text is the caption, and which compete: the rule, case by case. (The store's tests try it in any order.)"""

import pytest

from curator.captions import captions, conflicts, heads
from curator.record import Revision


def made(number, author, text, origin="tui", base=None, merges=None, slot=0, state="submitted"):
    line = ["ann", "ben", "cleo", ""].index(author) + 10 * slot
    return Revision(number, line, "1" * 64, author, slot, text, origin, base, merges, "2024", None, state)


ANN, BEN, CLEO = (made(number, name, f"of {name}") for number, name in ((1, "ann"), (2, "ben"), (3, "cleo")))
IMPORTED = made(4, "", "from the file", origin="import")
EDITED = made(9, "", "edited file", origin="import", base=4)
SETTLED = made(5, "cleo", "settled", origin="adjudicated", base=3)

CASES = {
    "nothing": ([], "ann", None),
    "import only": ([IMPORTED], "ann", "from the file"),
    "a later import is no later text": ([ANN, IMPORTED], "ben", "of ann"),
    "owner before other members": ([ANN, BEN], "ann", "of ann"),
    "the newest of the others": ([ANN, BEN, CLEO], None, "of cleo"),
    "the newest of the others, owner silent": ([ANN, CLEO], "ben", "of cleo"),
    "adjudicated before the owner": ([ANN, CLEO, SETTLED, made(6, "ann", "later", base=1)], "ann", "settled"),
    "newest of the line": ([ANN, made(7, "ann", "better", base=1)], "ann", "better"),
    "withdrawn": ([BEN, ANN, made(7, "ann", "", base=1, state="withdrawn")], "ann", "of ben"),
    "all withdrawn": ([ANN, made(7, "ann", "", base=1, state="withdrawn")], "ann", None),
    "import before a model's draft": (
        [made(8, "ann", "by BLIP", origin="draft:blip"), IMPORTED],
        "ben",
        "from the file",
    ),
    "of packs, whichever came first, the name decides": (
        [made(7, "ben", "ben's pack", origin="pack"), made(6, "cleo", "cleo's pack", origin="pack")],
        "ann",
        "cleo's pack",
    ),
    "the store before a pack": ([BEN, made(7, "cleo", "cleo's pack", origin="pack")], "ann", "of ben"),
    "the owner's pack before the store": ([made(7, "ann", "ann's pack", origin="pack"), BEN], "ann", "ann's pack"),
    "number and not place decides": ([CLEO, ANN, BEN], None, "of cleo"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_caption(name):
    revisions, owner, text = CASES[name]
    assert [each.text for each in captions(revisions, owner)] == ([] if text is None else [text])


def test_a_caption_for_each_slot():
    found = captions([made(3, "ann", "second", slot=1), BEN, ANN], "ann")
    assert [(each.slot, each.text, each.author, each.revision) for each in found] == [
        (0, "of ann", "ann", 1),
        (1, "second", "ann", 3),
    ]


LEFT, RIGHT = made(11, "ann", "left", base=1), made(12, "ann", "right", base=1)
CONFLICTS = {
    "one after the other": ([ANN, made(11, "ann", "x", base=1), made(12, "ann", "y", base=11)], []),
    "two on the same base": ([ANN, LEFT, RIGHT], [{11, 12}]),
    "two first texts": ([ANN, made(11, "ann", "x")], [{1, 11}]),
    "the same text twice": ([ANN, LEFT, made(12, "ann", "left", base=1)], []),
    "text and withdrawal": ([ANN, LEFT, made(12, "ann", "left", base=1, state="withdrawn")], [{11, 12}]),
    "merged": ([ANN, LEFT, RIGHT, made(13, "ann", "both", base=11, merges=12)], []),
    "merged and competed with": (
        [ANN, LEFT, RIGHT, made(13, "ann", "both", base=11, merges=12), made(14, "ann", "z", base=1)],
        [{13, 14}],
    ),
    "three": ([ANN, LEFT, RIGHT, made(13, "ann", "middle", base=1)], [{11, 12, 13}]),
    "two members": ([ANN, BEN], []),
    "two slots": ([ANN, made(11, "ann", "x", slot=1)], []),
    "file edited after the team wrote": ([IMPORTED, made(8, "ann", "of ann"), EDITED], [{8, 9}]),
    "file edited before the team wrote": ([IMPORTED, EDITED, made(10, "ann", "of ann")], []),
    "file edited to what the team wrote": ([IMPORTED, made(8, "ann", "edited file"), EDITED], []),
    "file edited, nobody wrote": ([IMPORTED, EDITED], []),
    "file seen first after the team wrote": ([ANN, IMPORTED], []),
    "two in one line and two in another": (
        [ANN, LEFT, RIGHT, BEN, made(21, "ben", "x", base=2), made(22, "ben", "y", base=2)],
        [{11, 12}, {21, 22}],
    ),
}


@pytest.mark.parametrize("name", CONFLICTS)
@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "reversed"])
def test_conflicts(name, turn):
    revisions, groups = CONFLICTS[name]
    found = [{each.id for each in group} for group in conflicts(revisions[::turn], "ann")]
    assert found == groups


def test_the_heads_of_a_line():
    assert heads([ANN, LEFT, RIGHT]) == [LEFT, RIGHT]
    assert heads([]) == []
