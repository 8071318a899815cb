"""``decide``: what AWS answers to a request, given every policy that applies to it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import TypeAlias

from ..conditions.contradictions import simplify
from ..conditions.formula import (
    ALWAYS,
    NEVER,
    Formula,
    Unsure,
    all_of,
    any_of,
    both_of,
    doubts,
    either_of,
    negate,
    settled,
)
from ..immutable import immutable
from ..policies.attached import Candidate, Level, granting, limiting, of_all_levels, refusing
from ..policies.principals import ADMITTED, NOT_ADMITTED, Admission, CallerKind
from ..policies.statements import Policy, Reason
from .decisions import Allow, Conditional, Decision, Deny, Unknown
from .endpoints import through
from .exemptions import (
    SINGULAR,
    calls_from_console_only,
    cannot_call,
    kept_by_aws,
    locked_out_never,
    needs_no_permission,
)
from .request import Request
from .services import under_rcps

Levels: TypeAlias = tuple[Level, ...]
"""Policies per level of the organization, the root first."""


@immutable()
class Policies:
    """Every policy that applies to a request.

    ``boundary`` and ``session`` are None where there is none. ``service_control`` is that of the caller's account,
    ``resource_control`` that of the resource's; both are empty in a management account or without an organization.
    ``endpoint`` has the policies of the VPC endpoint that the request comes through, None where it comes through none.
    ``guarded`` marks a resource that nobody reaches without its resource policy, even from its own account: a role, by
    its trust policy, and a KMS key. ``unread`` stands in for policies that are not known, by the name of their stage:
    ``Unsure`` with the reason, or a ``Holds`` that says what an account outside the register would have to grant.
    """

    identity: tuple[Policy, ...] = ()
    boundary: tuple[Policy, ...] | None = None
    session: tuple[Policy, ...] | None = None
    resource: tuple[Policy, ...] = ()
    service_control: Levels = ()
    resource_control: Levels = ()
    endpoint: tuple[Policy, ...] | None = None
    guarded: bool = False
    unread: Mapping[str, Formula] = field(default_factory=dict)


@immutable()
class Finding:
    """What one stage says: whether the request passes it, and why. ``admission`` is the resource policy's alone."""

    passes: Formula
    because: tuple[Reason, ...] = ()
    admission: Admission = NOT_ADMITTED


PASSED = Finding(ALWAYS)
NOBODY = Finding(NEVER)
FROM_CONSOLE = Finding(Unsure("whether it is made in the console, from where alone a federated user calls IAM"))

Stage = Callable[[Request, Policies], Finding]


def explicit_deny(request: Request, policies: Policies) -> Finding:
    """No Deny statement of any policy matches."""
    action, resource, context = request.folded, request.resource, request.context
    denied: list[Formula] = []
    if policies.unread:
        denied += (stand_in for stand_in in policies.unread.values() if isinstance(stand_in, Unsure))
    because: list[Reason] = []
    settling: list[Reason] = []
    for reason, statement in _for_all(request, policies):
        plain = statement.plain
        matched = statement.applies(resource, context) if plain is None else plain.hold(context)
        if matched is not NEVER:
            denied.append(matched)
            (settling if matched is ALWAYS else because).append(reason)
    for attached in _for_some(policies):
        for reason, statement in refusing(attached, action):
            matched = statement.applies(resource, context)
            if statement.principal is None and statement.flaw is None:
                continue  # It names nobody, whom it could refuse.
            if matched is not NEVER and statement.principal is not None:
                named = statement.principal.refuses(request.caller, bounded=policies.boundary is not None)
                if attached is policies.endpoint and not statement.principal.negated:
                    named = through(request, statement.principal.admits(request.caller))
                matched = both_of(matched, named)
            if matched is not NEVER:
                denied.append(matched)
                (settling if matched is ALWAYS else because).append(reason)
    if settling:
        return Finding(NEVER, tuple(settling))
    return Finding(negate(any_of(denied)), tuple(because)) if denied else PASSED


def rcp(request: Request, policies: Policies) -> Finding:
    """What is not known of the resource control policies does not refuse. Those that are known refuse by Deny only:
    RCPFullAWSAccess is attached to every root, unit and account and cannot be detached.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
    """
    return Finding(policies.unread["rcp"]) if "rcp" in policies.unread and _rcp_applies(request) else PASSED


def scp(request: Request, policies: Policies) -> Finding:
    """At every level above the caller a service control policy allows the action."""
    if not _scp_applies(request):
        return PASSED
    if "scp" in policies.unread:
        return Finding(policies.unread["scp"])
    return _levels(request, policies.service_control)


def resource_policy(request: Request, policies: Policies) -> Finding:
    """Whom the resource's own policy lets in, and how."""
    stand_in = policies.unread.get("resource_policy")
    if stand_in is not None:
        return Finding(stand_in, (), Admission(stand_in, stand_in, stand_in))
    return _admitted(request, policies.resource)


def endpoint(request: Request, policies: Policies) -> Finding:
    """The policy of the VPC endpoint, where the request comes through one, lets the caller do it through there."""
    if policies.endpoint is None:
        return PASSED
    found = _admitted(request, policies.endpoint)
    return Finding(through(request, found.admission), found.because)


def _admitted(request: Request, attached: Sequence[Policy]) -> Finding:
    """Whom policies with a Principal element let in, and how."""
    if not attached:
        return NOBODY
    action = request.folded
    admissions: list[Admission] = []
    because: list[Reason] = []
    for reason, statement in granting(attached, action):
        matched = statement.applies(request.resource, request.context)
        if matched is NEVER:
            continue
        admitted = statement.principal.admits(request.caller) if statement.principal else ADMITTED
        if statement.principal is None and statement.flaw is None:
            continue
        if admitted.any is not NEVER:
            admissions.append(_under(admitted, matched))
            because.append(reason)
    if not admissions:
        return NOBODY
    if len(admissions) == 1:
        return Finding(admissions[0].any, tuple(because), admissions[0])
    together = Admission(
        any_of(a.direct for a in admissions), any_of(a.role for a in admissions), any_of(a.account for a in admissions)
    )
    return Finding(together.any, tuple(because), together)


def boundary(request: Request, policies: Policies) -> Finding:
    """The permissions boundary, where there is one, allows the action."""
    if policies.boundary is None or not request.caller.governed:
        return Finding(policies.unread["boundary"]) if "boundary" in policies.unread else PASSED
    return _allowed(request, policies.boundary)


def session(request: Request, policies: Policies) -> Finding:
    """The session policies, where there are any, allow the action."""
    if policies.session is None or not request.caller.governed:
        return PASSED
    return _allowed(request, policies.session)


def identity(request: Request, policies: Policies) -> Finding:
    """A policy of the user, its groups or the role allows the action; the root user needs none."""
    if not request.caller.own_policies:
        return PASSED if request.caller.kind is CallerKind.ROOT else NOBODY
    if "identity" in policies.unread:
        return Finding(policies.unread["identity"])
    return _allowed(request, policies.identity)


def protection(request: Request, _policies: Policies) -> Finding:
    """It is nothing that AWS keeps to itself, or from such callers, or to its console."""
    kept = (kept_by_aws(request) if request.folded in SINGULAR else None) or cannot_call(request)
    if kept is not None:
        return Finding(NEVER, (kept,))
    return FROM_CONSOLE if calls_from_console_only(request) else PASSED


LIMITS: tuple[Stage, ...] = (protection, rcp, scp, endpoint)
"""The stages after ``explicit_deny`` that can only refuse, in the order in which AWS looks; those after them grant
between them."""

MOSTLY: tuple[Stage, ...] = (protection, scp)
"""Those of them that say something where there is no endpoint and nothing is unread."""


def decide(request: Request, policies: Policies) -> Decision:
    """What AWS answers to the request under these policies, as far as both are known."""
    return concluded(weigh(request, policies))


@immutable()
class Weighed:
    """When the request is let through, as a formula; ``explicit`` when a Deny statement settles that it is never.

    ``denies`` is what Deny statements say where none settles it by itself: together they may all the same.
    """

    formula: Formula
    because: tuple[Reason, ...]
    explicit: bool = False
    denies: Finding = PASSED


def weigh(request: Request, policies: Policies) -> Weighed:
    """As ``decide``, before a decision is made of it, so that several requests can be weighed together."""
    if request.folded in SINGULAR:
        free = needs_no_permission(request)
        if free is not None:
            return Weighed(ALWAYS, (free,))
        if locked_out_never(request):
            unread = {stage: stand_in for stage, stand_in in policies.unread.items() if stage != "resource_policy"}
            policies = replace(policies, resource=(), unread=unread)
    denies = explicit_deny(request, policies)
    if denies.passes is NEVER:
        return Weighed(NEVER, denies.because, explicit=True)
    passed = denies.passes
    because = denies.because
    seldom = policies.unread or policies.endpoint is not None
    for stage in LIMITS if seldom else MOSTLY:
        finding = stage(request, policies)
        if finding is PASSED:
            continue
        if finding.passes is NEVER:
            return Weighed(NEVER, finding.because, denies=denies)
        passed = both_of(passed, finding.passes)
        because += finding.because
    admitted = resource_policy(request, policies)
    bounded = boundary(request, policies)
    sessioned = PASSED if policies.session is None else session(request, policies)
    own = identity(request, policies)
    granted = _granted(request, policies, admitted, bounded, sessioned, own)
    because += admitted.because + bounded.because + sessioned.because + own.because
    return Weighed(both_of(passed, granted), because, denies=denies)


def both(one: Weighed, other: Weighed) -> Weighed:
    """Two requests of which both must be let through; that either is refused explicitly is all there is to say."""
    for weighed in (one, other):
        if weighed.explicit:
            return weighed
    because = tuple(dict.fromkeys((*one.because, *other.because)))
    refusing = tuple(dict.fromkeys((*one.denies.because, *other.denies.because)))
    denies = Finding(all_of((one.denies.passes, other.denies.passes)), refusing)
    return Weighed(all_of((one.formula, other.formula)), because, denies=denies)


def concluded(weighed: Weighed) -> Decision:
    """The decision that what was weighed comes to; explicit where, whatever the request is, some Deny refuses it."""
    decision = conclude(weighed.formula, weighed.because, explicit=weighed.explicit)
    if isinstance(decision, Deny) and not decision.explicit and weighed.denies is not PASSED:
        passes = weighed.denies.passes
        if simplify(settled(passes, ALWAYS)) is NEVER:
            return Deny(weighed.denies.because, explicit=True)
    return decision


def conclude(formula: Formula, because: tuple[Reason, ...] = (), *, explicit: bool = False) -> Decision:
    """The decision that a formula comes to, once contradictions are taken out and doubts are weighed."""
    if formula is ALWAYS:
        return Allow(because)
    if formula is NEVER:
        return Deny(because, explicit)
    because = tuple(dict.fromkeys(because))  # What cannot be understood may both refuse and allow.
    reasons = dict.fromkeys(doubts(formula))
    best = simplify(settled(formula, ALWAYS) if reasons else formula)
    worst = simplify(settled(formula, NEVER)) if reasons else best
    if best is NEVER:
        return Deny(because)
    if worst is ALWAYS:
        return Allow(because)
    if worst == best or simplify(all_of((best, negate(worst)))) is NEVER:
        return Conditional(worst, because)
    return Unknown("; ".join(reasons), because)


def _granted(
    request: Request, policies: Policies, admitted: Finding, bounded: Finding, sessioned: Finding, own: Finding
) -> Formula:
    """What the resource policy and the caller's own policies grant between them.

    Within one account either suffices, and a grant to the caller itself is not limited by what its own policies fail to
    allow; one to the ARN of its role is, by boundary and session policy. Across accounts both are needed.
    """
    caller, admission = request.caller, admitted.admission
    if not caller.governed:
        return admission.direct
    limits = both_of(bounded.passes, sessioned.passes)
    allowed = own.passes
    if request.resource_account not in (None, caller.account):
        return both_of(both_of(admission.any, limits), allowed)
    allowed = both_of(admission.account, allowed) if policies.guarded else allowed
    return either_of(admission.direct, both_of(limits, either_of(admission.role, allowed)))


def _for_all(request: Request, policies: Policies) -> list[Candidate]:
    """What may refuse in policies that apply to whom they are attached to, or, as RCPs do, to everyone."""
    action = request.folded
    found: list[Candidate] = []
    if request.caller.governed:
        found += refusing(policies.identity, action)
        if policies.boundary:
            found += refusing(policies.boundary, action)
        if policies.session:
            found += refusing(policies.session, action)
    if policies.service_control and _scp_applies(request):
        found += refusing(of_all_levels(policies.service_control), action)
    if policies.resource_control and _rcp_applies(request):
        found += refusing(of_all_levels(policies.resource_control), action)
    return found


def _for_some(policies: Policies) -> Iterator[Sequence[Policy]]:
    """Policies that say to whom they apply."""
    if policies.resource:
        yield policies.resource
    if policies.endpoint:
        yield policies.endpoint


def _scp_applies(request: Request) -> bool:
    return request.caller.governed and not request.caller.service_linked


def _rcp_applies(request: Request) -> bool:
    return under_rcps(request.folded) and not request.caller.service_linked


def _levels(request: Request, levels: Levels) -> Finding:
    passed = PASSED
    for node, attached in limiting(levels):
        finding = _allowed(request, attached)
        if finding.passes is NEVER:
            note = f"no service control policy attached here allows {request.action}"
            return Finding(NEVER, (Reason(node, note=note),))
        if finding.passes is not ALWAYS:
            passed = Finding(both_of(passed.passes, finding.passes), passed.because + finding.because)
    return passed


def _allowed(request: Request, policies: Sequence[Policy]) -> Finding:
    """Whether any statement of the policies allows the request: one that does so without conditions is enough."""
    action = request.folded
    parts: list[Formula] = []
    because: list[Reason] = []
    for reason, statement in granting(policies, action):
        matched = statement.applies(request.resource, request.context)
        if matched is ALWAYS:
            return Finding(ALWAYS, (reason,))
        if matched is not NEVER:
            parts.append(matched)
            because.append(reason)
    return Finding(any_of(parts), tuple(because)) if parts else NOBODY


def _under(admission: Admission, condition: Formula) -> Admission:
    if condition is ALWAYS:
        return admission
    return Admission(
        both_of(admission.direct, condition), both_of(admission.role, condition), both_of(admission.account, condition)
    )
