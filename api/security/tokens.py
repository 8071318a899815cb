"""API tokens as texts: made, told apart from other texts, and hashed.

``mnt_`` + 10 digits of an id + 43 of a secret + 6 of a checksum, in base 62. The prefix and the checksum let scanners
of repositories and logs tell a leaked token from a text that looks like one (``PATTERN``, then ``is_token``), offline.

The secret is 256 random bits. Nobody guesses those, with however fast a hash; so that SHA-256 is kept, and not one of
the slow hashes that passwords, which people choose, are in need of: they would cost each request tens of milliseconds.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "mnt_"
PATTERN = r"\bmnt_[0-9A-Za-z]{59}\b"
"""A token, as a regular expression for scanners."""

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ID, _SECRET, _CHECKSUM = 10, 43, 6
_TOKEN = re.compile(PATTERN)


def make() -> str:
    """A new token."""
    id_ = "".join(secrets.choice(_DIGITS) for _ in range(_ID))
    body = f"{PREFIX}{id_}{_base62(secrets.randbits(256), _SECRET)}"
    return body + _checksum(body)


def is_token(text: str) -> bool:
    """Whether a text is a token by its form and its checksum, be it known anywhere or not."""
    return _TOKEN.fullmatch(text) is not None and _checksum(text[:-_CHECKSUM]) == text[-_CHECKSUM:]


def id_of(token: str) -> str:
    """The id by which a token is listed and revoked."""
    return token[len(PREFIX) : len(PREFIX) + _ID]


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECKSUM)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
