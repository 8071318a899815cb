"""Facts from Amazon Web Services: one module for each service, found automatically."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from .collector import Call, Collector


@cache
def collectors() -> MappingProxyType[str, Collector]:
    """All collectors by name: the ``COLLECTOR`` of every module here, in alphabetical order of their names."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    found = [module.COLLECTOR for module in modules if isinstance(getattr(module, "COLLECTOR", None), Collector)]
    return MappingProxyType({collector.name: collector for collector in sorted(found, key=lambda one: one.name)})


def declared_calls() -> tuple[Call, ...]:
    """Every call that any collector, or the discovery of accounts and regions, may make."""
    from .discovery import CALLS

    return (*CALLS, *(call for collector in collectors().values() for call in collector.calls))
