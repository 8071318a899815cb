"""Callers by tokens of an identity provider: JSON Web Tokens, checked as RFC 8725 advises.

https://openid.net/specs/openid-connect-discovery-1_0.html
https://www.rfc-editor.org/rfc/rfc8725
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import anyio
import jwt
import urllib3
from anyio import to_thread

from ...errors import SettingsError
from ...schema.identifiers import ACCOUNT_ID
from ..graphql.failures import Code, failure
from .caller import Caller, Means
from .permissions import Role

logger = logging.getLogger(__name__)

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures by a private key. ``none`` and the HS family are not among them: whoever has a public key could sign."""
USUAL = ("RS256", "ES256")
REFRESH = 300.0
"""Seconds after which keys are asked for again."""
FLOOR, FLOOR_AFTER_FAILURE = 10.0, 2.0
"""Seconds in which they are asked for at most once, whatever key ids tokens name."""
KEPT = 24 * 3600.0
"""Seconds for which keys are good while they cannot be asked for."""
LONGEST = 16_384
"""A longer token is not looked at."""
_MOST = 1 << 20
_SECONDS = 5.0
KEYS = frozenset({"issuer", "audience", "jwks", "algorithms", "leeway", "name", "role", "roles", "accounts", "longest"})

Fetch = Callable[[str], bytes]
"""Asks for a document; OSError where there is none to be had."""


def fetched(url: str) -> bytes:
    """A document by HTTP; redirects are not followed."""
    try:
        response = urllib3.request("GET", url, timeout=_SECONDS, retries=False, redirect=False, preload_content=False)
        body = response.read(_MOST + 1)
        response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise OSError(f"{url}: {error}") from error
    if response.status != 200 or len(body) > _MOST:
        raise OSError(f"{url} answered {response.status}")
    return body


@dataclass(frozen=True, slots=True)
class Provider:
    """The table ``[api.oidc]``: whose tokens are taken, and what they make of who brings one."""

    issuer: str
    audience: tuple[str, ...]
    jwks: str | None
    algorithms: tuple[str, ...]
    leeway: float
    name: str
    role: str
    roles: Mapping[str, Role]
    accounts: str | None
    longest: float

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Provider:
        """Read the table; SettingsError says what is wrong with it."""
        if unknown := table.keys() - KEYS:
            raise SettingsError(f"[api.oidc] has no key {', '.join(sorted(unknown))}", "See docs/settings.md.")
        audience = table.get("audience")
        audiences = [audience] if isinstance(audience, str) else audience
        if not isinstance(table.get("issuer"), str) or not audiences or not isinstance(audiences, list):
            raise SettingsError("[api.oidc] needs issuer and audience", "Whose tokens are taken, and made for whom.")
        algorithms = tuple(table.get("algorithms", USUAL))
        if refused := set(algorithms) - ALGORITHMS:
            raise SettingsError(
                f"[api.oidc] algorithms: {', '.join(sorted(refused))} not taken", "See docs/settings.md."
            )
        try:
            roles = {str(value): Role(role) for value, role in table.get("roles", {}).items()}
        except ValueError as error:
            raise SettingsError(f"[api.oidc.roles]: {error}", f"Roles are: {', '.join(Role)}.") from error
        issuer, jwks = table["issuer"], table.get("jwks")
        for url in (issuer, jwks or ""):
            if urlsplit(url).scheme == "http" and urlsplit(url).hostname not in ("localhost", "127.0.0.1", "::1"):
                raise SettingsError(f"[api.oidc]: {url} is not https", "Keys that came unprotected prove nothing.")
        return cls(
            issuer,
            tuple(map(str, audiences)),
            jwks,
            algorithms,
            float(table.get("leeway", 30)),
            str(table.get("name", "sub")),
            str(table.get("role", "roles")),
            roles,
            table.get("accounts"),
            float(table.get("longest", 24 * 3600)),
        )


@dataclass
class KeySet:
    """The provider's public keys, from a URL or a file, asked for again when they are old or lack one."""

    provider: Provider
    fetch: Fetch = fetched
    now: Callable[[], float] = monotonic
    _keys: Mapping[str, jwt.PyJWK] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _tried_at: float = float("-inf")
    _reading: anyio.Lock = field(default_factory=anyio.Lock)

    async def key(self, id_: str | None) -> jwt.PyJWK | None:
        """The key of an id; without one, the only key that there is. None where there is none to be trusted.

        UNAVAILABLE where keys cannot be had, and those that were had are too old.
        """
        known = id_ in self._keys if id_ is not None else bool(self._keys)
        if not (known and self._reading.locked()):  # who has a key does not wait for another's asking
            async with self._reading:
                if self.now() - self._read_at > REFRESH or (id_ is not None and id_ not in self._keys):
                    await self._refresh()
        if self.now() - self._read_at > KEPT:
            raise failure(Code.UNAVAILABLE, "the identity provider's keys cannot be had", "Try again in a while.")
        if id_ is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(id_)

    async def _refresh(self) -> None:
        failed = self._tried_at > self._read_at
        if self.now() - self._tried_at < (FLOOR_AFTER_FAILURE if failed else FLOOR):
            return
        self._tried_at = self.now()
        try:
            self._keys = await to_thread.run_sync(self._read)
            self._read_at = self.now()
        except (OSError, ValueError) as error:
            logger.warning("the identity provider's keys cannot be had: %s", error)

    def _read(self) -> dict[str, jwt.PyJWK]:
        source = self.provider.jwks or self._discovered()
        remote = source.startswith(("http://", "https://"))
        text = self.fetch(source) if remote else Path(source).expanduser().read_bytes()
        found: dict[str, jwt.PyJWK] = {}
        for number, one in enumerate(_object(text).get("keys", ())):
            if one.get("use", "sig") != "sig" or one.get("kty") == "oct":
                continue
            try:
                found[str(one.get("kid", f"#{number}"))] = jwt.PyJWK.from_dict(one)
            except jwt.PyJWTError:
                logger.info("the identity provider has a key of a kind that is not known here")
        if not found:
            raise ValueError(f"{source} holds no key that signs")
        return found

    def _discovered(self) -> str:
        """Where the keys are, by the provider's own word, which must be about itself and lead to itself by TLS."""
        said = _object(self.fetch(f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"))
        if said.get("issuer") != self.provider.issuer:
            raise ValueError("the discovery document is another issuer's")
        where = str(said.get("jwks_uri"))
        if urlsplit(where).scheme != urlsplit(self.provider.issuer).scheme:
            raise ValueError(f"the keys are at {where}, which is not https")
        return where


@dataclass
class OidcVerifier:
    """Knows callers by the identity provider's tokens."""

    provider: Provider
    keys: KeySet

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> OidcVerifier:
        """The verifier that the table ``[api.oidc]`` asks for."""
        provider = Provider.of(table)
        return cls(provider, KeySet(provider))

    async def caller(self, credential: str) -> Caller | None:
        """Whose token it is; None where it is not to be trusted. FORBIDDEN where it is, and gives no role here."""
        if credential.count(".") != 2 or len(credential) > LONGEST:
            return None
        try:
            header = jwt.get_unverified_header(credential)
            algorithm, id_ = header.get("alg"), header.get("kid")
            if algorithm not in self.provider.algorithms or not isinstance(id_, str | None) or "crit" in header:
                return None
            key = await self.keys.key(id_)
            if key is None or key.algorithm_name not in (algorithm, *_LIKE.get(str(key.algorithm_name), ())):
                return None
            claims = jwt.decode(
                credential,
                key.key,
                algorithms=[algorithm],
                audience=list(self.provider.audience),
                issuer=self.provider.issuer,
                leeway=self.provider.leeway,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
            if float(claims["exp"]) - float(claims["iat"]) > self.provider.longest:
                return None
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            logger.info("a token of an identity provider is refused: %s", error)
            return None
        return self._caller(claims)

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        said = _claim(claims, self.provider.role)
        roles = [self.provider.roles[one] for one in said if one in self.provider.roles]
        name = str(claims.get(self.provider.name) or claims["sub"])[:200]
        if not roles:
            raise failure(Code.FORBIDDEN, f"nothing in {name}'s token gives a role here", "See [api.oidc.roles].")
        return Caller(name, Means.OIDC, max(roles, key=list(Role).index), self._accounts(claims))

    def _accounts(self, claims: Mapping[str, Any]) -> frozenset[str] | None:
        """The accounts that it is limited to: those in the claim, or none at all where the claim is wanting."""
        if self.provider.accounts is None:
            return None
        return frozenset(one for one in _claim(claims, self.provider.accounts) if ACCOUNT_ID.fullmatch(one))


_LIKE: Mapping[str, tuple[str, ...]] = {"RS256": ("RS384", "RS512", "PS256", "PS384", "PS512")}
"""What else a key signs that does not say what it is for: any RSA key is taken for one of RS256."""


def _claim(claims: Mapping[str, Any], name: str) -> list[str]:
    """A claim's texts: a list, or one text with spaces between. ``a.b`` is ``b`` within ``a``."""
    value: Any = claims.get(name)
    if value is None and "." in name:
        value = claims
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return value.split()
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _object(text: bytes) -> Mapping[str, Any]:
    found = json.loads(text)
    if not isinstance(found, Mapping):
        raise ValueError("the document is no JSON object")
    return found
