import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.errors import StoreError
from curator.identity.tokens import fits, guard_of, make_token, mark_of


def test_tokens_are_random_and_long():
    made = {make_token() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in made)


@given(st.text(max_size=80).filter(lambda text: not re.search("[\ud800-\udfff]", text)), st.text("ab", max_size=3))
def test_only_the_token_itself_fits(token, more):
    guard = guard_of(token)
    assert fits(token, guard)
    assert fits(token + more, guard) == (more == "")


def test_the_same_token_is_hashed_anew_each_time_and_is_not_in_its_hash():
    token = make_token()
    one, two = guard_of(token), guard_of(token)
    assert one != two
    assert mark_of(one) != mark_of(two)
    assert token not in one
    assert fits(token, one)
    assert fits(token, two)


@pytest.mark.parametrize(
    "guard",
    ["", "x", "md5$00$00", "sha256$../../etc$00", f"sha256${'0' * 32}${'0' * 63}", f"sha256${'0' * 31}/${'0' * 64}"],
)
def test_what_is_no_hash_is_refused(guard):
    for ask in (mark_of, lambda each: fits("token", each)):
        with pytest.raises(StoreError, match="is none"):
            ask(guard)
