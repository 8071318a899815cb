"""What there is to say of an issuer of tokens: how to know it, and how it writes its subjects.

A subject is text with parts: ``repo:acme/payments:ref:refs/heads/main``. A condition on it is a pattern, and a ``*`` in
a pattern reaches as far as it can, over any separator. What stands before the first wildcard of a part is sure;
behind it, only whole parts that the form names are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from ..iam.conditions.patterns import WILDCARDS

Fields = Mapping[str, str]
"""Parts of a subject by what the issuer calls them; a part with ``*`` or ``?`` in it is a pattern."""

_FIELD = re.compile(r"\{([^}]+)\}")
_CLAIM = re.compile(r"\w+", re.ASCII)


@dataclass(frozen=True)
class Form:
    """One form of subjects: ``repo:{organization}/{repository}:environment:{environment}``."""

    text: str
    implied: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Fields that the form tells by itself."""

    @cached_property
    def pieces(self) -> tuple[tuple[str, str, str], ...]:
        """Literal text, the field behind it, and the character that ends the field; empty where there is none."""
        parts = _FIELD.split(self.text)
        literals, fields = parts[::2], [*parts[1::2], ""]
        stops = [literal[:1] for literal in (*literals[1:], "")]
        return tuple(zip(literals, fields, stops, strict=True))

    def align(self, pattern: str) -> dict[str, str] | None:
        """The fields of a pattern that subjects of this form may match; None where none can.

        A field that the pattern leaves open is left out.

        >>> Form("repo:{organization}/{repository}:environment:{environment}").align("repo:acme/*:environment:live")
        {'organization': 'acme', 'repository': '*', 'environment': 'live'}
        >>> Form("repo:{organization}/{repository}:pull_request").align("repo:acme*")
        {'organization': 'acme*'}
        """
        fields: dict[str, str] = {}
        rest = pattern
        for literal, name, stop in self.pieces:
            wildcard = WILDCARDS.search(rest)
            sure = rest[: wildcard.start()] if wildcard else rest
            if not rest.startswith(literal):
                return fields if wildcard and literal.startswith(sure) else None
            rest = rest[len(literal) :]
            if not name:
                break
            value, found, behind = rest.partition(stop) if stop else (rest, "", "")
            if stop and not found:
                reach = WILDCARDS.search(value)
                if not reach:
                    return None
                fields[name] = value[: reach.end()]
                return fields
            if not value:
                return None
            fields[name], rest = value, found + behind
        ended = not self.pieces[-1][0] or not rest or WILDCARDS.match(rest)
        return {**fields, **self.implied} if ended else None


@dataclass(frozen=True)
class Issuer:
    """One issuer of tokens, or one product that many run.

    ``url`` is a regular expression for the provider's URL without ``https://``; its groups are fields that the URL
    itself tells. ``tenant``, ``thing`` and ``places`` name the fields of ``forms`` that say who owns what runs, what it
    is, and where in it. ``forms`` are tried in their order.
    """

    name: str
    url: str
    forms: tuple[Form, ...]
    everyone: str
    """Who gets in where nothing keeps them out: ``anyone with a GitHub account``."""
    documentation: str
    shared: bool = True
    """Whether strangers get tokens from the same URL."""
    tenant: str = "organization"
    thing: str = "repository"
    places: tuple[str, ...] = ()
    slashed: bool = False
    """Whether a thing is called ``TENANT/THING``."""
    claims: Mapping[str, tuple[Form, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Claims other than the subject that tell fields, each with its forms."""
    keeps_out: tuple[str, str] | None = None
    """A field and the value without which strangers get in, whatever else is asked."""
    signs_in: str = "machine"
    """Who signs in by it: ``machine``, ``human``, or ``unknown`` where both do."""
    own_forms: bool = False
    """Whether its subjects are known by their form, whoever's server issues them."""
    listed: bool = False
    """Whether its subjects are lists of claims: ``repository_id:34:environment:live``. Then there are no ``forms``."""
    called: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Claims that have another name in such lists, by that name."""
    alone: frozenset[str] = frozenset()
    """Claims that have no value there."""
    closed_by: tuple[str, ...] = ()
    """Fields besides the tenant that keep strangers out."""

    @cached_property
    def _url(self) -> re.Pattern[str]:
        return re.compile(self.url, re.IGNORECASE)

    def told_by_url(self, url: str) -> dict[str, str] | None:
        """Fields that the provider's URL tells; None where it is not this issuer's."""
        found = self._url.fullmatch(url)
        return None if found is None else {name: text for name, text in found.groupdict().items() if text}

    def fields(self, pattern: str) -> dict[str, str] | None:
        """The fields of a pattern on the subject; None where it has none of the issuer's forms."""
        if self.listed:
            return self._of_claims(pattern)
        return next((found for form in self.forms if (found := form.align(pattern)) is not None), None)

    def told_by(self, claim: str, value: str) -> dict[str, str]:
        """The fields that a claim's value tells."""
        return next((found for form in self.claims.get(claim, ()) if (found := form.align(value))), {})

    def _of_claims(self, pattern: str) -> dict[str, str] | None:
        """The fields of a subject that is a list of claims; None where it begins with no claim's name.

        A colon within a value is written ``%3A``, so that a colon never is a part of one. Claims that tell no field are
        passed over, and so is all from a wildcard in a name on.
        """
        fields: dict[str, str] = {}
        names = pattern.split(":")
        if not (_CLAIM.fullmatch(names[0]) or WILDCARDS.search(names[0])):
            return None
        parts = iter(names)
        for name in parts:
            if WILDCARDS.search(name):
                break
            value = "" if name in self.alone else next(parts, None)
            if value is None:
                fields["context"] = name
            else:
                fields |= self.told_by(self.called.get(name, name), value)
        return fields


def is_open(value: str | None) -> bool:
    """Whether a field admits more than one value."""
    return value is None or WILDCARDS.search(value) is not None


def forms(*texts: str) -> tuple[Form, ...]:
    """Forms from their texts."""
    return tuple(map(Form, texts))
