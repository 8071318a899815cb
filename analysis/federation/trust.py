"""Which subjects a role's trust policy admits: statement by statement, with what the policy denies taken off.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

from ..iam.conditions.conditions import Test
from ..iam.conditions.context import Context
from ..iam.conditions.formula import ALWAYS, NEVER
from ..iam.conditions.phrases import spoken
from ..iam.policies.statements import Document, Effect, Statement
from .breadth import Breadth
from .claims import Claims, shown
from .issuer import Issuer
from .issuers import issuer_of
from .saml import SAML, saml_admission
from .subjects import Admission, admission

WITH_SAML = "sts:AssumeRoleWithSAML"
WITH_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
ANY_PROVIDER = "*"
MOST_WAYS = 100
"""Combinations of values of several claims that are told one by one."""

_UNASKED = Context({})

NOT_TOLD = Issuer(
    "any identity provider",
    "",
    (),
    "anyone",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html",
)


@dataclass(frozen=True)
class Admitted:
    """Subjects that one statement admits by one provider, and what requests must meet besides."""

    admission: Admission
    provider: str
    action: str
    statement: Statement
    audiences: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def admitted_subjects(document: Document) -> Iterator[Admitted]:
    """All subjects that a trust policy admits; of every provider and statement at least one, if only "nobody"."""
    for statement in document.statements:
        if statement.effect is Effect.DENY:
            continue
        for action in (WITH_SAML, WITH_WEB_IDENTITY):
            if statement.concerns(action.lower()):
                for provider in _providers(statement, action):
                    yield from _by_provider(document, statement, provider, action)


def provider_url(provider: str) -> str:
    """The provider's URL without ``https://``, or its name: ``gitlab.com``, ``accounts.google.com``, ``okta``."""
    for mark in (":oidc-provider/", ":saml-provider/"):
        _, found, url = provider.partition(mark)
        if found:
            return url
    return provider


def _providers(statement: Statement, action: str) -> Iterator[str]:
    """Providers that the statement lets in by that action."""
    principal = statement.principal
    if principal is None or principal.negated:
        return
    for kind, text in dict.fromkeys(principal.entries):
        if text == ANY_PROVIDER and (kind in ("*", "AWS") or kind == "Federated"):
            yield ANY_PROVIDER
        elif kind == "Federated" and (action == WITH_SAML) is (":saml-provider/" in text):
            yield text


def _by_provider(document: Document, statement: Statement, provider: str, action: str) -> Iterator[Admitted]:
    url = provider_url(provider)
    if statement.flaw is not None:
        yield Admitted(_nothing(provider, Breadth.UNKNOWN, f"not known: {statement.flaw}"), provider, action, statement)
        return
    saml = action == WITH_SAML
    claims, conditions = _asked(document, statement, provider, "saml" if saml else url, action)
    audiences = tuple(map(shown, claims.wanted.get("aud", ())))
    refused = tuple(map(shown, claims.refused))
    if claims.impossible:
        yield Admitted(
            _nothing(provider, Breadth.NOBODY, f"nobody: {claims.impossible}"), provider, action, statement, audiences
        )
        return
    if provider == ANY_PROVIDER:
        said = "anyone whom an identity provider of anyone's signs in"
        yield Admitted(_nothing(provider, Breadth.ANYONE, said), provider, action, statement, conditions=conditions)
        return
    subjects = claims.subjects()
    if subjects == ():
        said = "nobody: every subject that is allowed is denied"
        yield Admitted(_nothing(provider, Breadth.NOBODY, said), provider, action, statement, audiences, refused)
    for pattern in (None,) if subjects is None else subjects:
        for found in _admissions(url, pattern, claims, saml=saml):
            yield Admitted(found, provider, action, statement, audiences, refused, conditions)


def _admissions(url: str, pattern: str | None, claims: Claims, *, saml: bool) -> Iterator[Admission]:
    """One for each way in which other claims than the subject may be; one for all of them where there are many."""
    if saml:
        yield saml_admission(url, pattern)
        return
    telling = issuer_of(url, pattern or "").claims
    told = {claim: values for claim, values in claims.wanted.items() if claim in telling}
    if prod(map(len, told.values())) > MOST_WAYS:
        told = {claim: values for claim, values in told.items() if len(values) == 1}
    for way in product(*told.values()):
        yield admission(url, pattern, dict(zip(told, way, strict=True)), any_case=claims.any_case)


def _asked(
    document: Document, statement: Statement, provider: str, prefix: str, action: str
) -> tuple[Claims, tuple[str, ...]]:
    """What the statement asks of a token, and what it asks besides, in sentences."""
    claims = Claims(frozenset(issuer_of(prefix).claims))
    claims.take(statement.conditions.tests, prefix)
    besides: list[str] = []
    for test in claims.others:
        held, said = _said(test)
        if not held:
            claims.impossible = claims.impossible or f"{test.key} can never be so"
        besides += said
    for denying in document.statements:
        concerned = denying.effect is Effect.DENY and denying.concerns(action.lower()) and _names(denying, provider)
        if concerned and not claims.refuse(denying.conditions.tests, prefix):
            besides.append(f"statement {denying.number} does not deny it")
    return claims, tuple(dict.fromkeys(besides))


def _names(statement: Statement, provider: str) -> bool:
    principal = statement.principal
    if principal is None:
        return False
    named = any(text in (ANY_PROVIDER, provider) for _, text in principal.entries)
    return named is not principal.negated


@lru_cache(maxsize=16384)
def _said(test: Test) -> tuple[bool, tuple[str, ...]]:
    """Whether a test of which nothing is known can hold, and what must hold, in sentences."""
    held = test.holds(_UNASKED)
    return held is not NEVER, () if held in (ALWAYS, NEVER) else spoken(held)


def _nothing(provider: str, breadth: Breadth, says: str) -> Admission:
    """An admission of which no subject tells more."""
    url = provider_url(provider)
    issuer = NOT_TOLD if url == ANY_PROVIDER else SAML if ":saml-provider/" in provider else issuer_of(url)
    return Admission(issuer, url, "*", {}, breadth, says)
