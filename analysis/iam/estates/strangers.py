"""Those whom policies on the side of a resource name, and of whom the register holds no policies of their own.

Accounts that were not read and whoever is of them, AWS services, identity providers, anyone. What their accounts let
them do is not known: something stands in for it, and it remains a condition or makes the decision unknown.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..conditions.conditions import Other
from ..conditions.context import Context
from ..conditions.formula import ALWAYS, Formula, Holds, Unsure
from ..evaluation.evaluate import Policies
from ..policies.principals import Caller, CallerKind, account_of
from ..policies.statements import Effect, Policy, Statement
from .estate import Account, Estate
from .knowledge import Known, account_keys

NO_ACCOUNT: Known = dict.fromkeys(
    ("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths")
)
"""What is known of a caller that is no principal of an account."""

ANYONE = ("*", "*")
"""The entry of a Principal element that is ``*`` alone."""

_PROVIDERS = {":saml-provider/": "SamlProvider", ":oidc-provider/": "OidcProvider"}


TYPES = {
    "Anyone": "*",
    "Account": "AWS",
    "User": "AWS",
    "Role": "AWS",
    "ServicePrincipal": "Service",
    **dict.fromkeys(("SamlProvider", "OidcProvider", "FederatedPrincipal"), "Federated"),
}
"""The type that a Principal element has for nodes of a kind."""


@dataclass(frozen=True, slots=True, eq=False)
class Stranger:
    """Somebody of whom no more is known than what names it. ``kind`` and ``id`` are those of its node in the graph."""

    kind: str
    id: str
    name: str
    caller: Caller
    policies: Policies = field(default_factory=Policies)
    context: Context = field(default_factory=Context)
    account: str | None = None


def strangers(estate: Estate, policies: Iterable[Policy], action: str, partition: str) -> Iterator[Stranger]:
    """Whom statements of the policies about the action, given in lower case, may let in; each once."""
    statements = (s for policy in policies for s in policy.document.statements if s.concerns(action))
    entries = dict.fromkeys(entry for statement in statements for entry in let_in(statement))
    found = (stranger(estate, kind, text, partition) for kind, text in entries)
    yield from {one.id: one for one in found if one is not None}.values()


def let_in(statement: Statement) -> Iterable[tuple[str, str]]:
    """The entries of its Principal element, if it may let anybody in: anyone, where that cannot be understood."""
    if statement.effect is Effect.DENY:
        return ()
    principal = statement.principal
    return (ANYONE,) if principal is None or principal.negated else principal.entries


def stranger(estate: Estate, kind: str, text: str, partition: str = "aws") -> Stranger | None:
    """Whom an entry of a Principal element names; None for principals of accounts that were read, and for nobody."""
    match kind:
        case "Service":
            return _service(text)
        case "Federated":
            return _federated(text)
        case "CanonicalUser":
            caller = Caller(CallerKind.ACCOUNT, f"principal:{text}", "", partition=partition)
            return Stranger("OtherPrincipal", caller.arn, text, caller, Policies(unread={"identity": ALWAYS}))
        case _ if text == "*":
            return anyone(partition)
        case _:
            account = account_of(text, partition)
            return _account(estate, account, partition) if account else _named(estate, text)


def anyone(partition: str = "aws") -> Stranger:
    """Whoever it is."""
    caller = Caller(CallerKind.ACCOUNT, "*", "*", partition=partition)
    return Stranger("Anyone", "*", "anyone", caller, Policies(unread={"identity": ALWAYS}))


def _service(name: str) -> Stranger:
    known: Known = {"aws:principalisawsservice": ("true",), "aws:principalservicename": (name,)}
    caller = Caller(CallerKind.SERVICE, name)
    kind = "Anyone" if name == "*" else "ServicePrincipal"
    return Stranger(kind, name, name, caller, context=Context(known | NO_ACCOUNT))


def _federated(provider: str) -> Stranger:
    known: Known = {"aws:federatedprovider": (provider,), "aws:principalisawsservice": ("false",)}
    kind = next((kind for part, kind in _PROVIDERS.items() if part in provider), "FederatedPrincipal")
    caller = Caller(CallerKind.FEDERATED, provider)
    name = provider.rpartition("/")[2]
    return Stranger("Anyone" if provider == "*" else kind, provider, name, caller, context=Context(known | NO_ACCOUNT))


def _account(estate: Estate, account: str, partition: str) -> Stranger | None:
    """Whoever it is of an account."""
    if is_read(estate, account):
        return None
    caller = Caller(CallerKind.ACCOUNT, f"arn:{partition}:iam::{account}:root", account, partition=partition)
    known = account_keys(_outside(estate, account))
    return Stranger("Account", account, account, caller, stand_in(estate, account), Context(known), account)


def _named(estate: Estate, text: str) -> Stranger | None:
    """A user, role or session of an account that was not read."""
    try:
        caller = Caller.of_arn(text)
    except ValueError:
        return None
    if caller.account is None:
        return Stranger("OtherPrincipal", f"principal:{text}", caller.name, caller)
    account = caller.account
    if is_read(estate, account) or estate.identity(caller.arn):
        return None
    known = {**account_keys(_outside(estate, account)), "aws:principalarn": (caller.arn,)}
    kind = {"role": "Role", "user": "User"}.get(caller.kind.value if not caller.session else "", "OtherPrincipal")
    id_ = text if kind != "OtherPrincipal" else f"principal:{text}"
    return Stranger(kind, id_, caller.name, caller, stand_in(estate, account), Context(known), account)


def is_read(estate: Estate, account: str) -> bool:
    """Whether the register holds all principals of the account."""
    found = estate.accounts.get(account)
    return found is not None and found.unread is None and not found.external


def stand_in(estate: Estate, account: str, may: str = "do it") -> Policies:
    """What stands in for the policies of an account that was not read; ``may`` is what they would have to let."""
    found = estate.accounts.get(account)
    said: Formula
    if found is None or found.external:
        said = Holds(Other(f"account {account}, which is not in this register, lets the caller {may}"))
    else:
        said = Unsure(found.unread or f"IAM of account {account} was not read")
    return Policies(unread={"identity": said})


def _outside(estate: Estate, account: str) -> Account:
    return estate.accounts.get(account) or Account(account, external=True)
