import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from curator.similarity import groups, near_pairs, perceptual_hash

HASHES = st.dictionaries(st.text("abc", min_size=1, max_size=4), st.integers(0, 2**64 - 1), max_size=12)


@given(HASHES, st.integers(0, 64))
def test_pairs_are_those_of_a_plain_count(hashes, bits):
    names = sorted(hashes)
    plain = [
        (first, second, (hashes[first] ^ hashes[second]).bit_count())
        for place, first in enumerate(names)
        for second in names[place + 1 :]
        if (hashes[first] ^ hashes[second]).bit_count() <= bits
    ]
    assert near_pairs(hashes, bits) == plain


def test_groups_are_transitive_and_keep_loners():
    assert groups(list("abcdef"), [("a", "c", 1), ("c", "e", 2)]) == [["a", "c", "e"], ["b"], ["d"], ["f"]]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_recompressed_picture_is_near_and_another_is_not(picture, kind):
    original, same, other = (
        perceptual_hash(Image.open(io.BytesIO(content)))
        for content in (picture(1, "PNG", (200, 150)), picture(1, kind, (160, 120)), picture(2, "PNG", (200, 150)))
    )
    assert (original ^ same).bit_count() <= 6
    assert (original ^ other).bit_count() > 6
