"""Git's conflict marks."""

import pytest

from curator.sync.markers import sides

WHOLE = "<<<<<<< HEAD\na black dog\n=======\na brown dog\n>>>>>>> theirs"
CASES = {
    "no marks": ("a dog", None),
    "a quoted mark": ("say <<<<<<< HEAD", None),
    "a line under a title": ("Title\n=======\ntext", None),
    "eight": ("<<<<<<<< x", None),
    "one hunk": (WHOLE, ("a black dog", "a brown dog")),
    "words around": (f"before\n{WHOLE}\nafter", ("before\na black dog\nafter", "before\na brown dog\nafter")),
    "two hunks": (f"{WHOLE}\nand\n{WHOLE}", ("a black dog\nand\na black dog", "a brown dog\nand\na brown dog")),
    "with what both began from": (
        "<<<<<<< HEAD\nblack\n||||||| 1234\nany\n=======\nbrown\n>>>>>>> theirs",
        ("black", "brown"),
    ),
    "one side empty": ("<<<<<<< HEAD\n=======\na dog\n>>>>>>> x", ("", "a dog")),
    "cut off": ("<<<<<<< HEAD\na black dog\n=======", ()),
    "only the end": (">>>>>>> x", ()),
    "only the beginning": ("<<<<<<< HEAD", ()),
}


@pytest.mark.parametrize("name", CASES)
def test_the_sides(name):
    text, expected = CASES[name]
    assert sides(text) == expected
