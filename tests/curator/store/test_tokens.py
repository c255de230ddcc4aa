import pytest

from curator.errors import InputError


def test_a_member_has_no_token_at_first(seeded):
    assert seeded.tokens.guard("ann") is None
    assert seeded.tokens.guarded() == frozenset()


def test_a_hash_is_kept_replaced_and_dropped(seeded, other):
    seeded.tokens.set_guard("ann", "one")
    seeded.tokens.set_guard("ben", "two")
    seeded.tokens.set_guard("ann", "three")
    assert (other.tokens.guard("ann"), other.tokens.guard("ben")) == ("three", "two")
    seeded.tokens.set_guard("ben", None)
    assert other.tokens.guarded() == {"ann"}


def test_an_unknown_member_has_none_and_is_given_none(seeded):
    assert seeded.tokens.guard("dora") is None
    with pytest.raises(InputError, match="no member is called 'dora'"):
        seeded.tokens.set_guard("dora", "one")


def test_members_are_read_without_their_hashes(seeded):
    seeded.tokens.set_guard("ann", "secret")
    assert "secret" not in repr(seeded.team.members())


def test_a_login_that_was_made_elsewhere_belongs_to_nobody(seeded):
    assert seeded.tokens.login() is None
