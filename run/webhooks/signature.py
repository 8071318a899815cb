"""Signatures as Standard Webhooks has them (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence

from ...errors import SettingsError

PREFIX = "whsec_"
SHORTEST = 24
"""Bytes of a secret, as the specification asks for."""


def key(secret: str, webhook: str) -> bytes:
    """The bytes of a secret: base64 after ``whsec_``, or any text as it is. SettingsError for a short one."""
    hint = 'Make one: `echo "whsec_$(openssl rand -base64 32)"`.'
    try:
        found = b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else secret.encode()
    except binascii.Error as error:
        raise SettingsError(f"the secret of webhook {webhook!r} is not base64 after {PREFIX}", hint) from error
    if len(found) < SHORTEST:
        raise SettingsError(f"the secret of webhook {webhook!r} is missing, or shorter than {SHORTEST} bytes", hint)
    return found


def headers(keys: Sequence[bytes], id_: str, seconds: int, body: bytes) -> dict[str, str]:
    """What is sent beside a body, signed with each key; ``seconds`` since 1970 are the time of this attempt."""
    signed = b".".join((id_.encode(), str(seconds).encode(), body))
    digests = (b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "content-type": "application/json",
        "user-agent": "muniment",
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{digest}" for digest in digests),
    }
