"""The issuers that are known: one module each, found automatically."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from pkgutil import iter_modules

from ..issuer import Issuer, forms

OTHER = Issuer(
    "OpenID Connect",
    ".*",
    forms("{subject}"),
    everyone="whomever it signs in",
    documentation="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html",
    tenant="subject",
    thing="subject",
    signs_in="unknown",
)
"""Any other issuer: who may have a token of it is not known, so that anyone may."""


@cache
def issuers() -> tuple[Issuer, ...]:
    """The ``ISSUER`` of every module here, in alphabetical order."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return tuple(sorted((module.ISSUER for module in modules), key=lambda one: one.name))


def issuer_of(url: str, subject: str = "") -> Issuer:
    """The issuer of a provider's URL; of a server that anybody may run, by the form of the subjects it is to sign."""
    return _by_url(url) or (_by_form(subject) if subject else None) or OTHER


@lru_cache(maxsize=65536)
def _by_url(url: str) -> Issuer | None:
    return next((one for one in issuers() if one.told_by_url(url) is not None), None)


def _by_form(subject: str) -> Issuer | None:
    return next((one for one in issuers() if one.own_forms and any(_begins(f.text, subject) for f in one.forms)), None)


def _begins(form: str, subject: str) -> bool:
    """Whether the subject begins as the form does, up to its first field."""
    opening = form.partition("{")[0]
    return bool(opening) and subject.startswith(opening)
