"""Planted copies are found, different pictures are not."""

import pytest
from PIL import Image as Pillow
from PIL import ImageEnhance

from curator.audit.duplicates import across, exact, likeness, near


@pytest.fixture
def pictures(record, context):
    """`pictures({"a": bytes, …}, train="ab", test="c")`: the context of these pictures."""

    def make(contents, train="", test="", **settings):
        sides = dict.fromkeys(train, "train") | dict.fromkeys(test, "test")
        return context([record(name, "a dog", split=sides.get(name)) for name in contents], contents, **settings)

    return make


def names(context, findings):
    return [[context.by_id[image].name for image in finding.images] for finding in findings]


def test_equal_pixels_in_different_files_are_exact_duplicates_only(pictures, photo, encoded):
    found = pictures({"b": encoded(photo(1)), "a": encoded(photo(1), "BMP"), "c": encoded(photo(2))})
    assert names(found, exact(found)) == [["a", "b"]]
    assert near(found) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.resize((96, 96)),
        lambda image: image.convert("L").convert("RGB"),
        lambda image: ImageEnhance.Brightness(image).enhance(0.8),
        lambda image: image.crop((1, 1, 159, 159)),
    ],
    ids=["smaller", "grey", "darker", "cropped"],
)
def test_changed_copies_are_near_duplicates(pictures, photo, encoded, change):
    contents = {"a": encoded(photo(1)), "b": encoded(change(photo(1)), "JPEG", quality=60), "c": encoded(photo(2))}
    found = pictures(contents)
    assert names(found, near(found)) == [["a", "b"]]
    assert exact(found) == []


def test_different_pictures_are_neither(pictures, photo, encoded):
    found = pictures({str(seed): encoded(photo(seed)) for seed in range(40)})
    assert exact(found) + near(found) + across(found) == []


def test_pictures_of_one_colour_are_not_alike(pictures, encoded):
    found = pictures({colour: encoded(Pillow.new("RGB", (64, 64), colour)) for colour in ("red", "teal", "black")})
    assert exact(found) + near(found) == []


def test_the_same_hash_on_different_pictures_is_not_enough(pictures, encoded):
    stripes = Pillow.new("RGB", (90, 60), "white")
    stripes.paste((200, 200, 200), (0, 20, 90, 40))
    framed = Pillow.new("RGB", (90, 60), "black")
    framed.paste((255, 255, 255), (30, 0, 60, 60))
    found = pictures({"a": encoded(stripes), "b": encoded(framed)}, near_duplicate_bits=32)
    assert near(found) == []


def test_groups_are_transitive_and_keep_exact_copies_with_near_ones(pictures, photo, encoded):
    jpeg = encoded(photo(1), "JPEG", quality=50)
    contents = {"a": encoded(photo(1)), "b": encoded(photo(1), "BMP"), "c": jpeg}
    found = pictures(contents)
    assert names(found, near(found)) == [["a", "b", "c"]]
    assert names(found, exact(found)) == [["a", "b"]]


def test_no_bits_allows_equal_hashes_only(pictures, photo, encoded):
    contents = {"a": encoded(photo(1)), "b": encoded(photo(1).rotate(3), "JPEG", quality=20)}
    assert near(pictures(contents, near_duplicate_bits=16))
    assert near(pictures(contents, near_duplicate_bits=0)) == []


@pytest.mark.parametrize("copy", ["BMP", "JPEG"], ids=["exact", "near"])
def test_copies_across_train_and_test_are_an_error(pictures, photo, encoded, copy):
    contents = {"a": encoded(photo(1)), "b": encoded(photo(1), copy), "c": encoded(photo(2))}
    found = pictures(contents, train="ac", test="b")
    (finding,) = across(found)
    assert (finding.severity, names(found, [finding])) == ("error", [["a", "b"]])
    assert "in train (a)" in finding.message
    assert "in test (b)" in finding.message
    assert across(pictures(contents, train="abc")) == []


def test_likeness_is_a_correlation():
    ramp = bytes(range(256))
    assert likeness(ramp, ramp) == pytest.approx(1)
    assert likeness(ramp, ramp[::-1]) == pytest.approx(-1)
    assert likeness(ramp, bytes(256)) == 0
