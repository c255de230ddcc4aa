"""Where competing texts parted."""

import pytest

from curator.forks import fork
from curator.record import Revision


def made(number, base=None, merges=None, source=None, line=1):
    return Revision(
        number, line, "1" * 64, "ann", 0, str(number), "tui", base, merges, "2024", None, "submitted", source
    )


CHAIN = [made(1), made(2, 1), made(3, 2), made(4, 3), made(5, 2)]
CASES = {
    "two of one base": ([made(1), made(2, 1), made(3, 1)], (2, 3), 1),
    "of different lengths": (CHAIN, (4, 5), 2),
    "three": ([*CHAIN, made(6, 1)], (4, 5, 6), 1),
    "two beginnings": ([made(1), made(2)], (1, 2), None),
    "through a merge": ([made(1), made(2, 1), made(3, 1), made(4, 2, 3), made(5, 3)], (4, 5), 3),
    "from a text of another line": ([made(1, line=9), made(2, source=1), made(3, 2), made(4, 2)], (3, 4), 2),
    "both from a text of another line": ([made(1, line=9), made(2, source=1), made(3, source=1)], (2, 3), 1),
    "one from a text of another line": ([made(1, line=9), made(2), made(3, source=1)], (2, 3), 1),
    "an edited import": ([made(1, line=9), made(2, source=1), made(3, 1, line=9)], (2, 3), 1),
}


@pytest.mark.parametrize("name", CASES)
def test_the_fork(name):
    revisions, competing, expected = CASES[name]
    by_id = {each.id: each for each in revisions}
    found = fork([by_id[number] for number in competing], revisions)
    assert (found and found.id) == expected
