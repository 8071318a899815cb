"""Roles by the SAML providers that they trust, and what comes of signing the assertions of a provider oneself.

Whoever may give a provider other metadata, or make one that roles trust and that is not there, chooses whose signature
counts, and with it all that an assertion says.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSAMLProvider.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..iam.administering.ways import OPEN, SHUT, all_ways, any_way, noted
from ..iam.assuming.assume import SAML_AUDIENCE
from ..iam.assuming.trusts import WITH_SAML, Admissions
from ..iam.conditions.conditions import Test
from ..iam.conditions.context import Context
from ..iam.conditions.contradictions import simplify
from ..iam.conditions.formula import ALWAYS, NEVER, Formula, Holds, Unsure, doubts, mapped, negate, settled
from ..iam.estates.estate import Estate, Identity
from ..iam.estates.knowledge import Known, resource_keys
from ..iam.estates.strangers import NO_ACCOUNT
from ..iam.evaluation.evaluate import Policies, Weighed, weigh
from ..iam.evaluation.request import Request
from ..iam.policies.principals import Caller, CallerKind
from ..iam.policies.statements import Reason
from .asker import Asker, Requests
from .surroundings import Surroundings

UPDATE, CREATE, DELETE = "iam:UpdateSAMLProvider", "iam:CreateSAMLProvider", "iam:DeleteSAMLProvider"
SIGNED = WITH_SAML.lower()
_OF_ASSERTIONS, _AUDIENCE = "saml:", "saml:aud"
_CENTER = re.compile(r"AWSSSO_[^/]*_DO_NOT_DELETE")
"""The provider that Identity Center makes in an account.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSSOServiceRolePolicy.html
"""


@dataclass
class Federating:
    """Weighs what askers can make of the SAML providers of their accounts."""

    estate: Estate
    requests: Requests
    surroundings: Surroundings
    _roles: dict[str, dict[str, list[Identity]]] | None = None
    _signed: dict[tuple[str, str], Weighed] = field(default_factory=dict)

    def trusted(self, account: str) -> Mapping[str, list[Identity]]:
        """SAML providers of an account, there or not, each with the roles whose trust policies name it."""
        if self._roles is None:
            self._roles = {}
            for provider, role in self._named():
                self._roles.setdefault(provider.split(":")[4], {}).setdefault(provider, []).append(role)
        return self._roles.get(account, {})

    def _named(self) -> Iterator[tuple[str, Identity]]:
        admissions = Admissions()
        for role in self.estate.roles.values():
            if role.trust is not None:
                whom = admissions.of(role.trust, self.requests.partition(role.account))[WITH_SAML]
                yield from ((text, role) for text in whom.federated if ":saml-provider/" in text)

    def taken(self, who: Asker, action: str, provider: str) -> Weighed:
        """Whether the asker can make the provider its own: change the one that is there, or make one of that name."""
        there = self._is_there(provider)
        if action == UPDATE:
            ways = [there, self.requests.ask(who, UPDATE, provider, {})]
        else:
            gone = any_way([_opposite(there), self.requests.ask(who, DELETE, provider, {})])
            ways = [gone, self.requests.ask(who, CREATE, provider, {})]
        return noted(all_ways([*ways, _unprotected(provider)]), Reason(provider, note="signs people in to the role"))

    def _is_there(self, provider: str) -> Weighed:
        known = self.surroundings.saml_providers.get(provider.split(":")[4])
        if known is None:
            return Weighed(Unsure(f"whether {provider} exists is not known"), ())
        return OPEN if provider in known else SHUT

    def signed(self, role: Identity, provider: str) -> Weighed:
        """Whether the role can be assumed by one who signs the assertions of the provider."""
        key = (role.arn, provider)
        if key not in self._signed:
            way = self._weighed(role, provider)
            self._signed[key] = Weighed(_chosen(way.formula), way.because)
        return self._signed[key]

    def _weighed(self, role: Identity, provider: str) -> Weighed:
        assert role.trust is not None, "only roles whose trust policies name a provider are looked at"
        levels, unread = self.requests.holdings.above_resource(role.account, SIGNED)
        known: Known = {
            **resource_keys(self.estate.accounts.get(role.account), role.tags),
            **NO_ACCOUNT,
            "aws:federatedprovider": (provider,),
            "aws:principalisawsservice": ("false",),
            "saml:doc": (_document(provider),),
        }
        policies = Policies(resource=(role.trust,), resource_control=levels, guarded=True, unread=unread)
        caller = Caller(CallerKind.FEDERATED, provider)
        return weigh(Request(caller, WITH_SAML, role.arn, role.account, Context(known)), policies)


def _document(provider: str) -> str:
    """``saml:doc``: the account and the name of the provider.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
    """
    return f"{provider.split(':')[4]}/{provider.partition(':saml-provider/')[2]}"


def _unprotected(provider: str) -> Weighed:
    if _CENTER.fullmatch(provider.partition(":saml-provider/")[2]):
        doubt = f"whether AWS lets anybody but Identity Center change {provider} is not documented"
        return Weighed(Unsure(doubt), ())
    return OPEN


def _opposite(way: Weighed) -> Weighed:
    return Weighed(negate(way.formula), way.because)


def _chosen(formula: Formula) -> Formula:
    """What is left once the assertion says what is asked of it; nothing where no assertion could.

    It is presented to a sign-in endpoint of AWS's, the common one: any other audience remains as a condition.
    """
    if simplify(settled(formula, ALWAYS)) is NEVER:
        return NEVER
    return mapped(formula if any(doubts(formula)) else simplify(formula), _said)


def _said(part: Formula) -> Formula:
    match part:
        case Holds(Test() as test, negated) if test.key.lower() == _AUDIENCE:
            held = test.of((SAML_AUDIENCE,), Context())
            return ALWAYS if (negate(held) if negated else held) is ALWAYS else part
        case Holds(Test() as test) if test.key.lower().startswith(_OF_ASSERTIONS):
            return ALWAYS
        case _:
            return part
