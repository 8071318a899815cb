"""Roles by the services that they trust."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..iam.administering.ways import all_ways, any_way
from ..iam.assuming.trusts import Admitted, admitted
from ..iam.conditions.formula import NEVER, Unsure
from ..iam.conditions.patterns import glob
from ..iam.estates.estate import Estate, Identity
from ..iam.evaluation.evaluate import Weighed
from .asker import Requests
from .technique import ASSUME_ROLE


@dataclass
class Trusting:
    """Roles by the services that they trust."""

    estate: Estate
    requests: Requests
    _roles: dict[str, list[tuple[Identity, Admitted]]] = field(default_factory=dict)
    _found: dict[tuple[str, tuple[str, ...]], dict[str, tuple[Identity, Weighed]]] = field(default_factory=dict)

    def of(self, account: str, services: tuple[str, ...]) -> Mapping[str, tuple[Identity, Weighed]]:
        """Roles of the account that one of the services can assume, by ARN, each with when it can."""
        if (account, services) not in self._found:
            if self.requests.partition(account) == "aws-cn":
                services = tuple(name for service in services for name in (service, f"{service}.cn"))
            self._found[account, services] = dict(self._trusting(account, services))
        return self._found[account, services]

    def _trusting(self, account: str, services: tuple[str, ...]) -> Iterator[tuple[str, tuple[Identity, Weighed]]]:
        for role, named in self._in(account):
            fitting = [service for service in services if _may_name(named, service)]
            ways = [self.requests.by_service(role, service) for service in fitting]
            for service, name in _of_a_region(named, services):
                doubt = Weighed(Unsure(f"whether {name} is {service} in that region itself is not documented"), ())
                ways.append(all_ways([doubt, self.requests.by_service(role, name)]))
            way = any_way(ways)
            if way.formula is not NEVER:
                yield role.arn, (role, way)

    def _in(self, account: str) -> list[tuple[Identity, Admitted]]:
        if not self._roles:
            known: dict[int, Admitted] = {}
            for role in self.estate.roles.values():
                if role.trust is not None and not role.service_linked:
                    key = id(role.trust.document)
                    if key not in known:
                        known[key] = admitted(role.trust.document, ASSUME_ROLE.lower())
                    self._roles.setdefault(role.account, []).append((role, known[key]))
        return self._roles.get(account, [])


def _may_name(named: Admitted, service: str) -> bool:
    return bool(named.everyone or named.anyone_unknown or any(glob(text)(service) for text in named.services))


def _of_a_region(named: Admitted, services: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each service with the names that are its own with a region, which AWS gives it for requests across regions.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    for name in sorted(named.services):
        if match := _REGIONAL.fullmatch(name):
            service = f"{match[1]}.{match[2]}"
            if service in services:
                yield service, name


_REGIONAL = re.compile(r"([a-z0-9.-]+?)\.[a-z]{2,}(?:-[a-z]+)+-[0-9]+\.(amazonaws\.com(?:\.cn)?)")
