"""Identifiers as types: ARNs and scopes are taken apart once, here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

ACCOUNT_ID = re.compile(r"\d{12}")

GLOBAL = "global"
"""The region of a scope that is not regional."""


@dataclass(frozen=True, slots=True)
class Arn:
    """An Amazon Resource Name.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn:
        """Take an ARN apart; ValueError if the text is not one."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[2] or not parts[5]:
            raise ValueError(f"not an ARN: {text!r}")
        return cls(*parts[1:])

    @classmethod
    @lru_cache(maxsize=65536)
    def maybe(cls, text: str) -> Arn | None:
        """The ARN, or nothing where the text is not one."""
        try:
            return cls.parse(text)
        except ValueError:
            return None

    @property
    def resource_type(self) -> str:
        """``role`` of ``role/path/name``; empty where the resource has no type."""
        head, separator, _ = self.resource.partition("/")
        return head if separator else ""

    @property
    def name(self) -> str:
        """The last segment of the resource: ``name`` of ``role/path/name``."""
        return self.resource.rpartition("/")[2]

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


@dataclass(frozen=True, slots=True, order=True)
class ScopeId:
    """What is read, and known, as one whole: a collector's view of one region of one account of one source.

    Written as ``source/account/region/collector``: ``aws/111122223333/global/iam``.
    """

    source: str
    account: str
    region: str
    collector: str

    @classmethod
    def parse(cls, text: str) -> ScopeId:
        """Take a written scope apart; ValueError if it has not four parts."""
        parts = text.split("/")
        if len(parts) != 4 or not all(parts):
            raise ValueError(f"not a scope: {text!r}")
        return cls(*parts)

    def __str__(self) -> str:
        return f"{self.source}/{self.account}/{self.region}/{self.collector}"
