"""How many a condition on a federated subject admits, in five steps."""

from __future__ import annotations

from enum import StrEnum


class Breadth(StrEnum):
    """From the narrowest to the widest; ``branch`` and ``repository`` stand for what the issuer has in their place."""

    NOBODY = "nobody"
    """Conditions that no token can meet."""
    EXACT = "exact"
    """One place of one repository: a branch, an environment, a service account; or one subject."""
    ANY_BRANCH = "any-branch"
    """Several places of one repository: any branch, any pull request, any environment."""
    ANY_REPOSITORY = "any-repository"
    """Several repositories of one organization, or all that a private issuer signs in."""
    ANYONE = "anyone"
    """Strangers: an issuer that is open to the public, and nothing that keeps them out."""
    UNKNOWN = "unknown"
    """The statement cannot be understood."""
