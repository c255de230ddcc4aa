"""Tokens: made at random, kept in the store as a salted hash only, compared in constant time. Pure.

A token is 256 random bits, which nobody can guess, however fast the hash: one sha256 hides it as well as a slow
function would. Slow functions are for passwords, which people choose. The salt lets nobody see that two stores hold
the same token, and names the token on the machines that keep it.
"""

import hashlib
import hmac
import re
import secrets

from curator.errors import StoreError

TOKEN_BYTES = 32
SALT_BYTES = 16
GUARD = re.compile(r"sha256\$([0-9a-f]{32})\$([0-9a-f]{64})")


def make_token() -> str:
    """A new token: 43 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def guard_of(token: str, salt: bytes | None = None) -> str:
    """What the store keeps of a token, `sha256$SALT$HASH` in hexadecimal; with a new salt of 16 bytes unless given."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    return f"sha256${salt.hex()}${hashlib.sha256(salt + token.encode()).hexdigest()}"


def fits(token: str, guard: str) -> bool:
    """Whether `guard` was made of this token. Raises StoreError where it is none."""
    return hmac.compare_digest(guard_of(token, bytes.fromhex(mark_of(guard))), guard)


def mark_of(guard: str) -> str:
    """The salt in hexadecimal, which tells this token from every other. Raises StoreError where `guard` is none."""
    found = GUARD.fullmatch(guard)
    if found is None:
        raise StoreError("what the store holds as a member's token is none", hint="drop it: curator token drop MEMBER")
    return found[1]
