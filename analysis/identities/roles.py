"""Roles: by whom their trust policies let in, then by their name.

What a trust policy leaves to an account tells nothing of who comes; what it names does: a service, a pipeline's issuer
of tokens, a SAML provider, users and roles that are themselves somebody's. A role that programs and people may enter is
the programs', and people use it besides: it was made for what cannot sign in.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..federation.issuers import issuer_of
from ..federation.trust import WITH_SAML, WITH_WEB_IDENTITY, provider_url
from ..iam.assuming.trusts import admitted
from ..iam.conditions.comparisons import Operator
from ..iam.conditions.conditions import Quantifier, Test
from ..iam.estates.estate import Identity
from ..iam.policies.principals import SESSION_ARN
from ..iam.policies.statements import Document, Effect, Statement
from ..identity_center import RESERVED_PATH, permission_set_name
from .assessment import Assessment, Evidence, Kind
from .names import suggested

ASSUME_ROLE = "sts:assumerole"
_AGES = {Operator.NUMERIC_LESS_THAN, Operator.NUMERIC_LESS_THAN_EQUALS, Operator.NUMERIC_EQUALS}

_FIRST = (Kind.SERVICE, Kind.MACHINE, Kind.HUMAN)
"""Of several kinds that a trust policy names, the one that the role is."""


_USE = {Kind.SERVICE: "a service uses", Kind.MACHINE: "programs use", Kind.HUMAN: "people use"}


@dataclass(frozen=True)
class Told:
    """What a trust policy tells by itself: reasons by kind, those named that it takes others to tell of, and what
    tells nothing."""

    kinds: Mapping[Kind, tuple[str, ...]]
    named: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


@dataclass
class _Role:
    """A role, and what is known by now of who uses it: reasons by kind."""

    role: Identity
    told: Told
    kinds: dict[Kind, list[str]]


def assess_roles(roles: Iterable[Identity], known: Mapping[str, tuple[Kind, ...]]) -> Iterator[tuple[str, Assessment]]:
    """Who uses each role; ``known`` are the kinds of users by ARN, as far as they are known for more than a name."""
    told = [(arn, kind) for arn, kinds in known.items() for kind in kinds]
    pending: dict[str, _Role] = {}
    arns: dict[str, str] = {}
    read: dict[int, Told] = {}
    for role in roles:
        arns[f"{role.account}/{role.name}"] = role.arn
        own = _by_itself(role)
        if own is not None:
            told.append((role.arn, own.kind))
            yield role.arn, own
            continue
        trust = _told(role, read)
        pending[role.arn] = _Role(role, trust, {kind: list(said) for kind, said in trust.kinds.items()})
    _spread(pending, arns, told)
    for arn, one in pending.items():
        yield arn, _concluded(one)


def _spread(pending: Mapping[str, _Role], arns: Mapping[str, str], told: list[tuple[str, Kind]]) -> None:
    """Tell the roles that name others of each kind that is known of those, until there is nothing more to tell."""
    waiting: dict[str, list[_Role]] = {}
    for one in pending.values():
        for named in dict.fromkeys(_arn(text, arns) for text in one.told.named):
            waiting.setdefault(named, []).append(one)
    fresh = [(arn, kind) for arn, kind in told if arn in waiting]
    fresh += [(arn, kind) for arn, one in pending.items() for kind in one.kinds]
    while fresh:
        arn, kind = fresh.pop()
        passed = Kind.MACHINE if kind is Kind.SERVICE else kind
        for one in waiting.get(arn, ()):
            if one.role.arn == arn:
                continue
            if passed not in one.kinds:
                one.kinds[passed] = []
                fresh.append((one.role.arn, passed))
            said = f"it trusts {arn}, which {_USE[kind]}"
            if said not in one.kinds[passed]:
                one.kinds[passed].append(said)


def _concluded(one: _Role) -> Assessment:
    found = [kind for kind in _FIRST if kind in one.kinds]
    name = suggested(one.role.name)
    if not found:
        said = one.told.open or tuple(f"it trusts {named}, of whom nothing is known" for named in one.told.named)
        said = said or ("its trust policy lets nobody in",)
        if name is None:
            return Assessment(Kind.UNKNOWN, Evidence.NONE, said)
        return Assessment(name[0], Evidence.NAME, (f"its name has {name[1]} in it", *said), weak=True)
    kind, *also = found
    because = tuple(said for told in found for said in sorted(one.kinds[told]))
    doubted = name is not None and (kind is Kind.HUMAN) is not (name[0] is Kind.HUMAN)
    doubts = (f"its name has {name[1]} in it, like a {name[0]}'s",) if name and doubted else ()
    return Assessment(kind, Evidence.TRUST, because, tuple(also), doubts)


def _by_itself(role: Identity) -> Assessment | None:
    """What the role's own ARN tells: a service-linked role, or one of Identity Center's."""
    if role.service_linked:
        return Assessment(Kind.SERVICE, Evidence.TRUST, ("it is linked to a service, which alone may use it",))
    if f":role{RESERVED_PATH}" in role.arn:
        held = permission_set_name(role.name)
        return Assessment(
            Kind.HUMAN,
            Evidence.IDENTITY_CENTER,
            (f"people enter it by Identity Center, as {held}" if held else "people enter it by Identity Center",),
        )
    return None


def _told(role: Identity, read: dict[int, Told]) -> Told:
    if role.trust is None:
        return Told({}, open=("its trust policy was not read",))
    found = read.get(id(role.trust.document))
    if found is None:
        found = read[id(role.trust.document)] = _read(role.trust.document)
    return found


def _read(document: Document) -> Told:
    kinds: dict[Kind, list[str]] = {}
    named = admitted(document, ASSUME_ROLE)
    for service in named.services:
        kinds.setdefault(Kind.SERVICE, []).append(f"it trusts the service {service}")
    open_ones: list[str] = []
    for action in (WITH_SAML, WITH_WEB_IDENTITY):
        for provider in admitted(document, action.lower()).federated:
            _federated(provider, action, kinds, open_ones)
    if (named.arns or named.accounts) and _asks_for_mfa(document):
        kinds.setdefault(Kind.HUMAN, []).append("its trust policy asks for a second factor, which programs seldom have")
    open_ones += [f"it trusts the account {account}, which lets in whom it likes" for account in named.accounts]
    if named.everyone:
        open_ones.append("it trusts everyone")
    if named.anyone_unknown is not None:
        open_ones.append(f"its trust policy cannot be understood: {named.anyone_unknown}")
    return Told({kind: tuple(said) for kind, said in kinds.items()}, named.arns, tuple(open_ones))


def _federated(provider: str, action: str, kinds: dict[Kind, list[str]], open_ones: list[str]) -> None:
    url = provider_url(provider)
    saml = ":saml-provider/" in provider
    if provider == "*" or saml is not (action == WITH_SAML):
        return
    issuer = None if saml else issuer_of(url)
    signs_in = "human" if issuer is None else issuer.signs_in
    if issuer is None:
        kinds.setdefault(Kind.HUMAN, []).append(f"people sign in to it by SAML, from {url}")
    elif signs_in == "unknown":
        open_ones.append(f"it trusts {url}, which signs in people and programs alike")
    else:
        kinds.setdefault(Kind(signs_in), []).append(f"it trusts {url}, by which {issuer.name} signs in")


def _asks_for_mfa(document: Document) -> bool:
    """Whether every statement that lets anyone of AWS's own principals in asks for a second factor."""
    allowing = [s for s in document.statements if s.effect is Effect.ALLOW and s.concerns(ASSUME_ROLE) and _is_aws(s)]
    return bool(allowing) and all(any(map(_wants_mfa, statement.conditions.tests)) for statement in allowing)


def _is_aws(statement: Statement) -> bool:
    principal = statement.principal
    return principal is None or principal.negated or any(kind in ("AWS", "*") for kind, _ in principal.entries)


def _wants_mfa(test: Test) -> bool:
    if test.if_exists or test.quantifier is not Quantifier.NONE:
        return False
    if test.operator is Operator.BOOL and test.key.lower() == "aws:multifactorauthpresent":
        return {value.lower() for value in test.values} == {"true"}
    return test.operator in _AGES and test.key.lower() == "aws:multifactorauthage"


def _arn(named: str, by_name: Mapping[str, str]) -> str:
    """The role behind a session's ARN, which does not tell the role's path."""
    session = SESSION_ARN.fullmatch(named)
    return by_name.get(f"{session[1]}/{session[2]}", named) if session else named
