"""Every name of a picture means it, and one that means two is refused."""

import pytest

from annotate.drafts.names import Names
from curator.errors import InputError


@pytest.fixture
def names(crew):
    store = crew.store
    from curator.record import Image, Source

    for digit, path in (("1", "x/one.png"), ("2", "y/one.jpg"), ("3", "y/two.png"), ("4", "y/two.jpg")):
        store.pictures.add(Image(digit * 64, digit * 64, 4, 3, "PNG"))
        store.pictures.save_source(Source("root", path, "image", 1, 1, digit * 64))
    return Names(store)


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("x/one.png", "1"), ("./x/one.png", "1"), ("x/one", "1"), ("one.jpg", "2"), (" one.png ", "1"), ("3" * 64, "3"),
        ("3" * 6, "3"), ("3" * 5, None), ("", None), ("three", None), ("x", None), ("z" * 70, None),
    ],
)  # fmt: skip
def test_names(names, name, image):
    assert names.image(name, "here") == (image and image * 64)


@pytest.mark.parametrize("name", ["one", "y/two", "two"])
def test_a_name_of_two_pictures_is_refused(names, name):
    with pytest.raises(InputError, match=r"line 3: .* several pictures"):
        names.image(name, "line 3")
