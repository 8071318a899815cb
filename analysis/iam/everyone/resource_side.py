"""The resource's side of a request: whom its policies tell apart, and whom they may let in by themselves."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from pyroaring import BitMap

from ....schema.identifiers import Arn
from ..estates.permissions import Permissions
from ..estates.strangers import is_read
from ..policies.principals import PrincipalElement, account_of
from ..policies.statements import Effect
from .population import Population, Trait, traits_of


@dataclass(frozen=True, slots=True)
class Side:
    """Whom the resource's policies tell apart, and whom they may let in.

    They may let in everyone (``open_to_all``), or all of some accounts (``open_to``), and those that they name;
    an account that they name leaves it to its principals' own policies, and so do they all for other accounts'.
    """

    open_to_all: bool
    open_to: tuple[str, ...]
    accounts: tuple[str, ...]
    names: tuple[str, ...]
    traits: tuple[Trait, ...]
    key: tuple[Hashable, ...]

    @classmethod
    def of(cls, asked: Permissions) -> Side:
        """From the policies that apply on the resource's side."""
        target = asked.target
        attached = (*target.resource, *(policy for _, found in target.resource_control for policy in found))
        statements = [statement for policy in attached for statement in policy.document.statements]
        entries = (entry for s in statements if s.principal for entry in s.principal.entries)
        texts = tuple(dict.fromkeys(text for _, text in entries))
        arns = (Arn.maybe(text) for text in texts)
        mentioned = (*(account_of(text) for text in texts), *(arn.account for arn in arns if arn))
        open_to = tuple(_open_to(asked)) if "resource_policy" in target.unread else ()
        accounts = dict.fromkeys(id_ for id_ in (asked.resource_account, *open_to, *mentioned) if id_)
        admits = [s for p in target.resource for s in p.document.statements if s.effect is not Effect.DENY]
        anyone = any(s.principal is None or s.principal.negated or _admits_all(s.principal) for s in admits)
        return cls(
            anyone or None in open_to,
            tuple(account for account in open_to if account),
            tuple(accounts),
            texts,
            tuple(dict.fromkeys(trait for statement in statements for trait in traits_of(statement))),
            (*((policy.id, policy.document) for policy in attached), *sorted(target.unread.items())),
        )

    def let(self, population: Population) -> Iterator[BitMap]:
        """Those whom it may let in whatever their own policies fail to allow."""
        for account in self.open_to:
            yield population.of_account.get(account, BitMap())
        yield BitMap(population.named(self.names))

    def apart(self, population: Population) -> Iterator[BitMap]:
        """Those who are each to be decided apart from all others: accounts, and single principals."""
        for account in self.accounts:
            yield population.of_account.get(account, BitMap())
        for number in dict.fromkeys(population.named(self.names)):
            yield BitMap((number,))


def _open_to(asked: Permissions) -> Iterator[str | None]:
    """The accounts all of whose principals a policy that was not read may let in; None: every one's."""
    if asked.outside:
        yield from (account for account in asked.estate.accounts if not is_read(asked.estate, account))
    else:
        yield asked.resource_account


def _admits_all(principal: PrincipalElement) -> bool:
    return any(text == "*" for _, text in principal.entries)
