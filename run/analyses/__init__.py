"""The analyses that a run makes: one module each, found automatically."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from .analysis import SOURCE, Analysis

__all__ = ["SOURCE", "Analysis", "analyses"]


@cache
def analyses() -> tuple[Analysis, ...]:
    """The ``ANALYSIS`` of every module here, in alphabetical order of their names."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    found = [module.ANALYSIS for module in modules if isinstance(getattr(module, "ANALYSIS", None), Analysis)]
    return tuple(sorted(found, key=lambda one: one.name))
