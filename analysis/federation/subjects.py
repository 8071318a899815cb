"""What a pattern on subjects admits, in fields, in a step of breadth, and in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..iam.conditions.patterns import WILDCARDS, is_literal
from .breadth import Breadth
from .claims import shown
from .issuer import Fields, Issuer, is_open
from .issuers import OTHER, issuer_of

NOTHING_ASKED = "*"


@dataclass(frozen=True)
class Admission:
    """Subjects of one issuer that a statement admits: those that match ``pattern``."""

    issuer: Issuer
    url: str
    pattern: str
    fields: Fields
    breadth: Breadth
    says: str


def admission(url: str, pattern: str | None, claims: Mapping[str, str], *, any_case: bool = False) -> Admission:
    """What a pattern on the subject, and patterns on other claims, admit; None is a pattern that is not there."""
    return _admission(url, pattern, tuple(sorted(claims.items())), any_case)


@lru_cache(maxsize=65536)
def _admission(url: str, pattern: str | None, claims: tuple[tuple[str, str], ...], any_case: bool) -> Admission:
    issuer = issuer_of(url, pattern or "")
    fields = dict(issuer.told_by_url(url) or {})
    found = issuer.fields(pattern) if pattern is not None else {}
    strange = found is None
    fields |= found or {}
    for claim, value in claims:
        for name, text in issuer.told_by(claim, value).items():
            if is_open(fields.get(name)):
                fields[name] = text
    fields = {name: _plain(issuer, name, text) for name, text in fields.items()}
    named = _named(issuer, fields)
    wide = _breadth(issuer, named, pattern, strange=strange)
    says = _says(issuer, url, named, wide, pattern, strange=strange)
    if any_case:
        says += ", in any case"
    if pattern is not None and pattern != shown(pattern):
        says += " (* and ? are taken as they stand, since the operator has no wildcards: hardly any token has them)"
    return Admission(issuer, url, shown(pattern or NOTHING_ASKED), _shown(fields), wide, says)


def _breadth(issuer: Issuer, fields: Fields, pattern: str | None, *, strange: bool) -> Breadth:
    if strange and pattern is not None and is_literal(pattern):
        return Breadth.EXACT
    open_door = issuer.keeps_out is not None and fields.get(issuer.keeps_out[0]) != issuer.keeps_out[1]
    if issuer.shared and (open_door or not _is_closed(issuer, fields)):
        return Breadth.ANYONE
    if strange:
        return Breadth.ANYONE if issuer.shared else Breadth.ANY_REPOSITORY
    if is_open(fields.get(issuer.thing)):
        return Breadth.ANY_REPOSITORY
    if not issuer.places:
        return Breadth.EXACT
    told = [fields[place] for place in issuer.places if place in fields]
    return Breadth.EXACT if told and not any(map(is_open, told)) else Breadth.ANY_BRANCH


def _is_closed(issuer: Issuer, fields: Fields) -> bool:
    """Whether strangers, to whom the issuer gives tokens too, have none with these fields."""
    pinned = any(not is_open(fields.get(name)) for name in (issuer.tenant, *issuer.closed_by))
    return pinned or not is_open(fields.get(f"{issuer.thing} id"))


def _named(issuer: Issuer, fields: Fields) -> Fields:
    """The fields, with the immutable id of what has no name."""
    ids = {name: fields.get(f"{name} id") for name in (issuer.tenant, issuer.thing, *issuer.closed_by)}
    told = {name: f"id {id_}" for name, id_ in ids.items() if not is_open(id_) and is_open(fields.get(name))}
    return {**fields, **told}


def _says(issuer: Issuer, url: str, fields: Fields, wide: Breadth, pattern: str | None, *, strange: bool) -> str:
    where = issuer.name if issuer.shared and issuer is not OTHER else url
    if strange and pattern is not None:
        subject = shown(pattern)
        return f"the subject {subject} of {where}" if is_literal(pattern) else f"any subject like {subject} of {where}"
    if issuer is OTHER:
        return _other(url, pattern)
    place = _place(issuer, fields)
    by = f", by the workflow {shown(fields['workflow'])}" if "workflow" in fields else ""
    if wide is Breadth.ANYONE:
        return f"{_strangers(issuer, fields, place)}{by}: {issuer.everyone}"
    if wide is Breadth.ANY_REPOSITORY:
        return f"{_any(issuer, issuer.thing, fields.get(issuer.thing))}{_of_tenant(issuer, fields, url)}{place}{by}"
    thing = _thing(issuer, fields)
    if wide is Breadth.EXACT:
        named = [f"{name} {shown(fields[name])}" for name in issuer.places if name in fields]
        return f"{' and '.join(named)} of {thing}{by}" if named else f"{thing}{by}"
    open_ones = [name for name in issuer.places if name in fields and is_open(fields[name])]
    name = open_ones[0] if open_ones else issuer.places[0] if len(issuer.places) == 1 else _first_place(issuer)
    return f"{_any(issuer, name, fields.get(name))} of {thing}{by}"


def _first_place(issuer: Issuer) -> str:
    return "branch" if "branch" in issuer.places else issuer.places[0]


def _other(url: str, pattern: str | None) -> str:
    if pattern is None or pattern == "*":
        return f"any subject of {url}: {OTHER.everyone}"
    if is_literal(pattern):
        return f"the subject {shown(pattern)} of {url}"
    return f"any subject like {shown(pattern)} of {url}"


def _strangers(issuer: Issuer, fields: Fields, place: str) -> str:
    tenant, thing = fields.get(issuer.tenant), fields.get(issuer.thing)
    what = _any(issuer, issuer.thing, thing if issuer.thing != issuer.tenant else None)
    if tenant is None or tenant == "*" or issuer.thing == issuer.tenant or not is_open(tenant):
        return f"{what} on {issuer.name}{place}"
    lookalike = WILDCARDS.sub("", shown(tenant), count=1)
    lookalike = f"{lookalike}-evil" if tenant.endswith("*") else shown(tenant).replace("*", "x").replace("?", "x")
    return f"{what} of any {issuer.tenant} like {shown(tenant)} on {issuer.name}, {lookalike} among them{place}"


def _any(_issuer: Issuer, noun: str, value: str | None) -> str:
    return f"any {noun}" + (f" like {shown(value)}" if value and value != "*" else "")


def _of_tenant(issuer: Issuer, fields: Fields, url: str) -> str:
    tenant = fields.get(issuer.tenant)
    if is_open(tenant) and issuer.shared:
        closed = next((name for name in issuer.closed_by if not is_open(fields.get(name))), None)
        if closed:
            return f" of the {closed} {shown(fields[closed])}"
    if tenant is None or is_open(tenant):
        like = f" of any {issuer.tenant} like {shown(tenant)}" if tenant and tenant != "*" else ""
        return f"{like} on {url}"
    within = [f" in {name} {shown(fields[name])}" for name in ("project", "space") if _within(issuer, fields, name)]
    whose = f"{issuer.tenant} {tenant}" if tenant == f"id {fields.get(f'{issuer.tenant} id')}" else shown(tenant)
    return f" of {whose}{''.join(within)}"


def _within(issuer: Issuer, fields: Fields, name: str) -> bool:
    return name in fields and name not in (issuer.thing, *issuer.places) and not is_open(fields[name])


def _thing(issuer: Issuer, fields: Fields) -> str:
    tenant, thing = fields.get(issuer.tenant), shown(fields[issuer.thing])
    if issuer.slashed and tenant and not is_open(tenant):
        return f"{shown(tenant)}/{thing}"
    named = f"{issuer.thing} {thing}"
    return f"{named} of {shown(tenant)}" if tenant and issuer.tenant != issuer.thing else named


def _place(issuer: Issuer, fields: Fields) -> str:
    """Where, behind what is not one thing: ``, branch main``."""
    told = [(name, fields[name]) for name in issuer.places if fields.get(name, "*") != "*"]
    return "".join(f", {name} {'like ' if is_open(text) else ''}{shown(text)}" for name, text in told)


def _plain(issuer: Issuer, name: str, text: str) -> str:
    """A field without the immutable id that GitHub writes behind names."""
    if issuer.slashed and issuer.name.startswith("GitHub") and name in (issuer.tenant, issuer.thing):
        plain, at, _ = text.partition("@")
        return plain if at and plain and is_literal(plain) else text
    return text


def _shown(fields: Fields) -> Fields:
    return {name: shown(text) for name, text in fields.items()}
