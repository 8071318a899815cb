"""Who makes a request, and the Principal elements that name them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum
from functools import lru_cache

from ....schema.identifiers import ACCOUNT_ID, Arn
from ..conditions.conditions import Other
from ..conditions.formula import ALWAYS, NEVER, Formula, Holds, Unsure, all_of, any_of, either_of, negate
from ..conditions.patterns import is_literal
from ..immutable import immutable

UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")
SESSION_ARN = re.compile(r"arn:[\w-]+:sts::(\d{12}):assumed-role/([^/]+)/(.+)")

CLOUDFRONT = "cloudfront"
"""What stands for an account in the ARNs of CloudFront's origin access identities, users of no account.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
"""

ROOT_LACKS = ("aws:principaltag/", "aws:username")
"""Beginnings of the keys that no request of a root user has: it has neither tags nor a name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-infotouse
"""

ALL_BUT_USERS_LACK = ("aws:username",)
"""Beginnings of the keys that requests of users alone have: of a role's session and a federated user it is not present,
nor of a service or of nobody.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-infotouse
"""


class CallerKind(StrEnum):
    """What makes the request."""

    USER = "user"
    ROLE = "role"
    ROOT = "root"
    FEDERATED_USER = "federated-user"
    SERVICE = "service"
    FEDERATED = "federated"
    ANONYMOUS = "anonymous"
    ACCOUNT = "account"
    """Somebody of an account of whom no more is known."""

    __hash__ = str.__hash__  # that of Enum is written in Python


@immutable()
class Caller:
    """Who makes a request.

    ``arn`` is the user's or role's ARN (a session's role), the service's name, the identity provider's ARN or name, or
    the account's root ARN. ``session`` is the ARN of the role session or federated user session; None where it is not
    known, and empty where none is meant but the role itself.
    """

    kind: CallerKind
    arn: str
    account: str | None = None
    session: str | None = None
    service_linked: bool = False
    partition: str = "aws"
    unique_id: str = ""
    """That of the user or role, where it is known: a saved policy keeps them by it, and shows it where it cannot show
    their ARN."""
    governed: bool = field(init=False, repr=False, compare=False)
    """Whether policies of its account apply to it: SCPs, and such as it may have itself."""
    own_policies: bool = field(init=False, repr=False, compare=False)
    """Whether it may have some itself: identity policies, a boundary. The root user has none."""

    def __post_init__(self) -> None:
        governed = self.account is not None and self.kind not in (CallerKind.SERVICE, CallerKind.FEDERATED)
        object.__setattr__(self, "governed", governed)
        object.__setattr__(self, "own_policies", governed and self.kind is not CallerKind.ROOT)

    @classmethod
    def of_arn(cls, arn: str) -> Caller:
        """The caller whose ARN is given: a user, role, role session, federated user, the root user or a CloudFront
        origin access identity, which is of no account.

        A session's role is taken to have no path, which its ARN does not tell. ValueError for another text.
        """
        parsed = Arn.parse(arn)
        kind, _, name = parsed.resource.partition("/")
        account, partition = parsed.account, parsed.partition
        if parsed.service == "iam" and kind in ("user", "role") and name:
            linked = kind == "role" and name.startswith("aws-service-role/")
            owner = None if account == CLOUDFRONT else account
            return cls(CallerKind(kind), arn, owner, service_linked=linked, partition=partition)
        if parsed.service == "iam" and parsed.resource == "root":
            return cls(CallerKind.ROOT, arn, account, partition=partition)
        if parsed.service == "sts" and kind == "assumed-role" and "/" in name:
            role_name = name.partition("/")[0]
            role = f"arn:{parsed.partition}:iam::{parsed.account}:role/{role_name}"
            linked = role_name.startswith("AWSServiceRoleFor")
            return cls(CallerKind.ROLE, role, account, arn, service_linked=linked, partition=partition)
        if parsed.service == "sts" and kind == "federated-user":
            return cls(CallerKind.FEDERATED_USER, arn, account, arn, partition=partition)
        raise ValueError(f"not the ARN of a principal: {arn!r}")

    @property
    def name(self) -> str:
        """The friendly name: the last part of the ARN."""
        return self.arn.rpartition("/")[2]


@immutable()
class Admission:
    """How a Principal element admits a caller: each a formula.

    ``direct`` grants to the caller as such: what its own policies fail to allow does not matter. ``role`` grants to the
    ARN of its role, or of the user who federated, which boundary and session policy still limit. ``account`` leaves the
    choice to its account.
    """

    direct: Formula = NEVER
    role: Formula = NEVER
    account: Formula = NEVER

    @property
    def any(self) -> Formula:
        """Whether the element names the caller in any way."""
        return either_of(either_of(self.direct, self.role), self.account)


NOT_ADMITTED = Admission()
ADMITTED = Admission(direct=ALWAYS)
ADMITTED_AS_ROLE = Admission(role=ALWAYS)
ADMITTED_BY_ACCOUNT = Admission(account=ALWAYS)
PERHAPS_ADMITTED_AS_USER = Admission(role=Unsure("which user federated the caller is not known"))


@immutable()
class PrincipalElement:
    """A Principal or NotPrincipal element: pairs of type (``AWS``, ``Service``, …, ``*``) and text."""

    entries: tuple[tuple[str, str], ...]
    negated: bool = False

    @classmethod
    def parse(cls, raw: object, *, negated: bool = False) -> PrincipalElement:
        """From JSON; ValueError where it is not what the grammar has."""
        if raw == "*":
            return cls((("*", "*"),), negated)
        if not isinstance(raw, dict) or (negated and not raw):
            raise ValueError("Principal is neither an object nor *")
        entries: list[tuple[str, str]] = []
        for kind, value in raw.items():
            if kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
                raise ValueError(f"Principal has no type {kind!r}")
            values = value if isinstance(value, list | tuple) else [value]
            if not all(isinstance(item, str) for item in values):
                raise ValueError(f"Principal of type {kind} has something other than texts")
            entries += [(kind, item) for item in values]
        return cls(tuple(entries), negated)

    @property
    def names_everyone(self) -> bool:
        """Whether it is the Principal ``*``, alone or among others."""
        return not self.negated and any(text == "*" and kind in ("*", "AWS") for kind, text in self.entries)

    def admits(self, caller: Caller) -> Admission:
        """How an Allow with this element names the caller."""
        if self.negated:
            named = any_of(admission(kind, text, caller).any for kind, text in self.entries)
            return Admission(direct=negate(named))
        found = [a for kind, text in self.entries if (a := admission(kind, text, caller)) is not NOT_ADMITTED]
        if len(found) == 1:
            return found[0]
        if not found:
            return NOT_ADMITTED
        return Admission(
            any_of(a.direct for a in found), any_of(a.role for a in found), any_of(a.account for a in found)
        )

    def refuses(self, caller: Caller, *, bounded: bool = False) -> Formula:
        """Whether a Deny with this element names the caller.

        A Deny with NotPrincipal spares only callers of whom every name is listed: the user and its account; the
        session, its role and its account. A caller that is not itself listed is denied, as AWS's examples have it of
        other users of an account that is; of one that is listed without its account or role AWS says that it *may* be
        denied: unsure. Whoever is ``bounded`` by a permissions boundary is denied whatever is listed.
        """
        if not self.negated:
            return any_of(admission(kind, text, caller).any for kind, text in self.entries)
        if bounded:
            return ALWAYS
        listed = [any_of(_is(kind, text, name, caller) for kind, text in self.entries) for name in self._names(caller)]
        if listed[0] is NEVER:
            return ALWAYS
        if all(part is ALWAYS for part in listed):
            return NEVER
        if any(part is NEVER for part in listed):
            return Unsure("NotPrincipal with Deny lists the caller but not its account or role")
        return negate(all_of(listed))

    def _names(self, caller: Caller) -> Iterator[str]:
        """The names by which NotPrincipal must list a caller, its own first; of its sessions only if it lists any."""
        if caller.session:
            yield caller.session
        elif caller.session is None and caller.kind is CallerKind.ROLE:
            sessions = f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.name}/"
            if any(text.startswith(sessions) for _, text in self.entries):
                yield sessions
        if caller.kind is not CallerKind.ROOT and caller.arn != caller.session:
            yield caller.arn
        if caller.governed:
            yield f"arn:{caller.partition}:iam::{caller.account}:root"


def admission(kind: str, text: str, caller: Caller) -> Admission:
    """How one entry of a Principal element names the caller."""
    if text == "*" and kind in ("*", "AWS"):
        return ADMITTED
    match kind:
        case "AWS":
            return _by_aws(text, caller)
        case "Service" | "Federated" if caller.kind.value == kind.lower():
            return _by_name(kind, text, caller)
        case "Service" | "Federated":
            return NOT_ADMITTED
        case _ if text == "*":
            return _by_name(kind, text, caller)
        case _ if caller.governed:
            return Admission(account=Unsure(f"which account has the canonical user {text} is not known"))
        case _ if caller.kind is CallerKind.USER:
            return Admission(direct=Unsure(f"whether {caller.name} is the canonical user {text} is not known"))
        case _:
            return NOT_ADMITTED


def _by_name(kind: str, text: str, caller: Caller) -> Admission:
    """How a service or an identity provider is named: by its whole name, in which a wildcard is none."""
    if text == "*":
        return Admission(direct=Unsure(f"AWS has no * for principals of type {kind}"))
    return ADMITTED if text == caller.arn and is_literal(text) else NOT_ADMITTED


def _by_aws(text: str, caller: Caller) -> Admission:
    if not caller.governed:
        return ADMITTED if text == caller.arn and caller.kind is CallerKind.USER else NOT_ADMITTED
    account = account_of(text, caller.partition)
    if account is not None:
        if account != caller.account:
            return NOT_ADMITTED
        return ADMITTED if caller.kind is CallerKind.ROOT else ADMITTED_BY_ACCOUNT
    if text == caller.arn or _is_unique_id(text, caller):
        return ADMITTED_AS_ROLE if caller.kind is CallerKind.ROLE else ADMITTED
    if text == caller.session:
        return ADMITTED
    session = SESSION_ARN.fullmatch(text)
    if session and caller.kind is CallerKind.ROLE and caller.session is None:
        if session[1] == caller.account and session[2] == caller.name:
            return Admission(direct=Holds(_named(session[3])))
        return NOT_ADMITTED
    return _as_behind(text, caller)


def _as_behind(text: str, caller: Caller) -> Admission:
    """How the ARN names a session: as that of its role, or of the user who federated.

    A session's ARN does not tell the path of either; their names are unique in their account. A federated user session
    is named after its user, or as the user chose, so that any other user may be behind it.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
    """
    arn = Arn.maybe(text)
    if not caller.session or arn is None or (arn.service, arn.account) != ("iam", caller.account):
        return NOT_ADMITTED
    kind = "role/" if caller.kind is CallerKind.ROLE else "user/"
    # A wildcard matches no part of a principal: "You cannot use a wildcard to match part of a principal name or ARN".
    if arn.partition != caller.partition or not arn.resource.startswith(kind) or not is_literal(text):
        return NOT_ADMITTED
    if text.endswith(f"/{caller.name}"):
        return ADMITTED_AS_ROLE
    return NOT_ADMITTED if caller.kind is CallerKind.ROLE else PERHAPS_ADMITTED_AS_USER


@lru_cache(maxsize=65536)
def account_of(text: str, partition: str = "aws") -> str | None:
    """The account that a principal of type AWS stands for: 12 digits or a root ARN of the partition."""
    if ACCOUNT_ID.fullmatch(text):
        return text
    arn = Arn.maybe(text)
    if arn and arn.service == "iam" and arn.resource == "root" and arn.partition == partition:
        return arn.account
    return None


def _is(kind: str, text: str, name: str, caller: Caller) -> Formula:
    if kind in ("*", "AWS") and (text in ("*", name) or (text == caller.account and name.endswith(":root"))):
        return ALWAYS
    if kind == "AWS" and name == caller.arn != caller.session and _as_itself(text, caller):
        return ALWAYS
    if kind == "AWS" and name.endswith("/") and text.startswith(name) and caller.kind is CallerKind.ROLE:
        return Holds(_named(text[len(name) :]))
    if kind in ("Service", "Federated") and text == name:
        return ALWAYS
    return NEVER


def _as_itself(text: str, caller: Caller) -> bool:
    """Whether the text stands for the caller's own ARN: its unique id, or the ARN of its role with a path."""
    return _is_unique_id(text, caller) or _as_behind(text, caller) is ADMITTED_AS_ROLE


def _is_unique_id(text: str, caller: Caller) -> bool:
    return bool(text) and text == caller.unique_id


def _named(session: str) -> Other:
    return Other(f"the role session is named {session!r}", f"the role session is not named {session!r}")
