"""A deliberately naive second evaluator of IAM policies, to hold the product's against.

It follows the IAM User Guide sentence by sentence and knows nothing of the product. It reads the requests of
``muniment simulate`` in mode ``strict``: a context key that is not given is absent.

Sources, quoted beside the code:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

from .conditions import Context, holds, text
from .principals import Named, Requester, excepted_by, named_by
from .services import NOT_ACROSS_ACCOUNTS, RCP_SERVICES, USED_ACROSS_ACCOUNTS
from .texts import Unresolved, like, resource_like, tokens

Policy = dict[str, Any]
Statement = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """The decision, and whether a deny is explicit."""

    decision: str
    explicit: bool


def evaluate(request: dict[str, Any]) -> Answer:
    """The decision on one request to simulate, strictly; "unknown" where AWS says only what might be."""
    doubts = product((False, True), repeat=2)
    answers = [_evaluate(_Asked(request, doubt=doubt, strictly=strictly)) for doubt, strictly in doubts]
    if len({answer.decision for answer in answers}) > 1:
        return Answer("unknown", False)
    return Answer(answers[0].decision, all(answer.explicit for answer in answers))


def _evaluate(asked: _Asked) -> Answer:
    # GetCallerIdentity: "No permissions are required to perform this operation. If an administrator attaches a policy
    # to your identity that explicitly denies access to the sts:GetCallerIdentity action, you can still perform this
    # operation." GetSessionToken: "No permissions are required for users to perform this operation."
    name, kind = asked.action.lower(), asked.requester.kind
    if (name == "sts:getcalleridentity" and kind != "anonymous") or (
        name == "sts:getsessiontoken" and kind in ("user", "root")
    ):
        return Answer("allow", False)
    # "In all those policies, the enforcement code looks for a Deny statement that applies to the request. This is
    # called an explicit deny. If the code finds even one explicit deny that applies, the code returns a final decision
    # of Deny."
    if asked.denied():
        return Answer("deny", True)
    return Answer("allow", False) if asked.allowed() else Answer("deny", False)


class _Asked:
    def __init__(self, request: dict[str, Any], *, doubt: bool, strictly: bool) -> None:
        self.doubt = doubt
        self.strictly = strictly
        given = {key.lower(): value for key, value in (request.get("context") or {}).items()}
        self.requester = Requester.of(request["principal"]).identified(given.get("aws:userid"))
        self.action: str = request["action"]
        self.resource: str = request["resource"]
        # "Action": ["s3:ListAllMyBuckets"], "Resource": ["arn:aws:s3:::*"]: "The console should now list all the
        # buckets".
        if self.action.lower() == "s3:listallmybuckets" and self.resource == "*":
            partition = self.requester.text.split(":")[1] if self.requester.has_identity else "aws"
            self.resource = f"arn:{partition}:s3:::*"
        self.owner: str = request.get("resource_account") or _account_of(self.resource) or self.requester.account
        self.context: Context = {
            key.lower(): [text(one) for one in (value if isinstance(value, list) else [value])]
            for key, value in (request.get("context") or {}).items()
        }
        identity = self.requester.has_identity and self.requester.kind != "root"
        self.identity_policies: list[Policy] = (request.get("identity_policies") or []) if identity else []
        self.boundaries: list[Policy] = (request.get("permission_boundaries") or []) if identity else []
        # "If a session policy is present and does not allow the requested action, then the request is implicitly
        # denied", whoever the session is of: AssumeRoot makes one of the root user with a policy of its own.
        in_session = self.requester.has_identity
        self.session_policies: list[Policy] = (request.get("session_policies") or []) if in_session else []
        resource_policy = request.get("resource_policy")
        # "the root principal in a bucket owner's AWS account can perform the GetBucketPolicy, PutBucketPolicy, and
        # DeleteBucketPolicy API actions, even if their bucket policy explicitly denies the root principal's access."
        bucket_policies = ("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy")
        owner = self.requester.kind == "root" and self.owner == self.requester.account
        if owner and self.action.lower() in bucket_policies:
            resource_policy = None
        self.resource_policies: list[Policy] = [_with_principal(resource_policy)] if resource_policy else []
        # "It must contain a Principal element": a statement without one is taken for everyone.
        self.endpoint_policies: list[Policy] = request.get("endpoint_policies") or []
        settings = request.get("settings") or {}
        self.scp_levels: list[list[Policy]] = (
            deepcopy(request.get("service_control_policies") or []) if self._scps_apply(settings) else []
        )
        # "When you specify an incomplete ARN in an identity-based policy": of an SCP nothing says what completes it.
        self.incomplete: list[Statement] = [
            statement
            for level in self.scp_levels
            for policy in level
            for statement in _statements(policy)
            if any(map(_is_incomplete, _entries(statement.get("Resource", statement.get("NotResource", [])))))
        ]
        self.rcp_levels: list[list[Policy]] = (
            (request.get("resource_control_policies") or []) if self._rcps_apply(settings) else []
        )

    def _scps_apply(self, settings: dict[str, Any]) -> bool:
        """'SCPs affect only IAM users and roles that are managed by accounts that are part of the organization …
        including each AWS account root user.' 'SCPs do not affect users or roles in the management account.' 'SCPs do
        not affect any service-linked role.'"""
        return (
            self.requester.has_identity
            and not self.requester.is_service_linked
            and self.requester.account != settings.get("management_account")
        )

    def _rcps_apply(self, settings: dict[str, Any]) -> bool:
        """'RCPs apply to resources for a subset of AWS services.' 'They have no effect on resources in the management
        account.' 'RCPs do not apply to calls made by service-linked roles.' 'the service-linked role's trust policy is
        also not impacted by RCPs.' 'RCPs do not impact the kms:RetireGrant permission.'"""
        return (
            self.action.split(":")[0].lower() in RCP_SERVICES
            and self.action.lower() != "kms:retiregrant"
            and self.owner != settings.get("management_account")
            and not self.requester.is_service_linked
            and ":role/aws-service-role/" not in self.resource
        )

    def denied(self) -> bool:
        """Whether any statement of any policy explicitly denies."""
        everything = [
            *(policy for level in self.scp_levels for policy in level),
            *(policy for level in self.rcp_levels for policy in level),
            *self.resource_policies,
            *self.identity_policies,
            *self.boundaries,
            *self.session_policies,
            *self.endpoint_policies,
        ]
        return bool(self._applicable("Deny", everything))

    def allowed(self) -> bool:
        """Whether what must allow does, there being no explicit deny."""
        if self._is_kept_by_aws():
            return False
        # An RCP only denies: "RCPFullAWSAccess is … automatically attached to every entity in your organization … can't
        # be detached", so an Allow statement is always there.
        for level in self.scp_levels:
            # "For a permission to be allowed for a specific account, there must be an explicit Allow statement at every
            # level from the root through each OU in the direct path to the account (including the target account)."
            if not self._applicable("Allow", level):
                return False
        # "An endpoint policy does not override or replace identity-based policies or resource-based policies."
        if self.endpoint_policies and not self._applicable("Allow", self.endpoint_policies):
            return False
        named = {
            way for statement in self._applicable("Allow", self.resource_policies) for way in self._ways(statement)
        }
        if not self._crosses_accounts():
            return False
        if not self.requester.has_identity:
            return bool(named)
        # "You cannot use AWS account root user credentials to call AssumeRole." "You cannot call any AWS STS operations
        # except GetCallerIdentity" with the credentials of a federated user session.
        if self.action.lower() == "sts:assumerole" and self.requester.kind == "root":
            return False
        name, kind = self.action.lower(), self.requester.kind
        if name.startswith("sts:") and kind == "federated-user":
            return False
        # Of a role's session: "Cannot call GetFederationToken or GetSessionToken."
        if name in ("sts:getfederationtoken", "sts:getsessiontoken") and kind in ("role", "session"):
            return False
        # "You cannot call any IAM operations using the AWS CLI or the AWS API. This limitation does not apply to
        # console sessions."
        if name.startswith("iam:") and name != "iam:passrole" and kind == "federated-user" and not self.doubt:
            return False
        # "all requests are implicitly denied with the exception of the AWS account root user, which has full access"
        by_identity = self.requester.kind == "root" or bool(self._applicable("Allow", self.identity_policies))
        by_identity = by_identity and self._within_boundary() and self._within_session()
        if self.owner != self.requester.account:
            # "The request is allowed only if both evaluations return a decision of Allow."
            return by_identity and bool(named)
        return self._granted_directly(named) or (
            # "IAM role trust policies and KMS key policies are exceptions to this logic, because they must explicitly
            # allow access for principals."
            by_identity and (bool(named) or not self._resource_policy_decides())
        )

    def _crosses_accounts(self) -> bool:
        """Whether the resource is the requester's own account's, or the action one that others can take."""
        if self.requester.kind == "service" or self.requester.account == self.owner:
            return True
        action = self.action.lower()
        if action.startswith("kms:"):
            return any(fnmatchcase(action, effective.lower()) for effective in USED_ACROSS_ACCOUNTS)
        return action not in map(str.lower, NOT_ACROSS_ACCOUNTS)

    def _is_kept_by_aws(self) -> bool:
        """'You cannot change the permissions defined in AWS managed policies.' AWSReservedSSO roles 'can only be
        modified by the AWS SSO service'. 'The alias name cannot begin with alias/aws/. The alias/aws/ prefix is
        reserved for AWS managed keys.'"""
        name = self.action.lower()
        changes = any(
            verb in name for verb in ("attach", "delete", "put", "tag", "update", "detach", "create", "set", "pass")
        )
        return (
            changes
            and not self.requester.is_service_linked
            and self.requester.kind != "service"
            and (
                (name.startswith("iam:") and "role" in name and ":role/aws-reserved/" in self.resource)
                or (name.startswith("iam:") and "policy" in name and ":iam::aws:policy/" in self.resource)
                or (name.startswith("kms:") and name.endswith("alias") and ":alias/aws/" in self.resource)
            )
        )

    def _granted_directly(self, named: set[Named]) -> bool:
        """Whether the resource-based policy alone suffices, within one account."""
        # "If a resource-based policy grants permission directly to the IAM user or the session principal that is making
        # the request, then an implicit deny in an identity-based policy, a permissions boundary, or a session policy
        # does not impact the final decision." "Permissions boundaries and session policies do not limit permissions
        # granted using the aws:PrincipalArn condition key with a wildcard (*) in the Principal element."
        if Named.ITSELF in named or Named.ANYONE in named:
            return True
        # "Resource-based policies that grant permissions to an IAM role ARN are limited by an implicit deny in a
        # permissions boundary or session policy." "if a resource-based policy grants permission to the ARN of the IAM
        # user who federated, then requests made by the federated user during the session are limited by an implicit
        # deny in a permission boundary or session policy."
        if Named.ROLE in named or Named.FEDERATING_USER in named:
            return self._within_boundary() and self._within_session()
        return False

    def _within_boundary(self) -> bool:
        """If there is no permissions boundary, or if the permissions boundary allows the requested action, the code
        continues."""
        return not self.boundaries or bool(self._applicable("Allow", self.boundaries))

    def _within_session(self) -> bool:
        """If a session policy is present and does not allow the requested action, then the request is implicitly
        denied. If there is no session policy, the code checks whether the principal is a role session. If the principal
        is a role session, then the request is Allowed. Otherwise, the request is implicitly denied."""
        if self.session_policies:
            return bool(self._applicable("Allow", self.session_policies))
        return self.requester.kind != "federated-user"

    def _resource_policy_decides(self) -> bool:
        """Whether the resource is a role that is to be assumed, or a KMS key."""
        service, _, name = self.action.lower().partition(":")
        kind = self.resource.split(":", 5)[-1].split("/")[0]
        if service == "sts":
            return kind == "role" and (name.startswith("assumerole") or name in ("tagsession", "setsourceidentity"))
        return service == "kms" and kind == "key"

    def _applicable(self, effect: str, policies: list[Policy]) -> list[Statement]:
        found = []
        for policy in policies:
            statements = _statements(policy)
            # "If you do not include a Version element, the value defaults to 2008-10-17."
            version = policy.get("Version", "2008-10-17")
            found += [one for one in statements if one["Effect"] == effect and self._applies(one, version)]
        return found

    def _applies(self, statement: Statement, version: str) -> bool:
        if any(statement is one for one in self.incomplete) and self.strictly != (statement["Effect"] == "Deny"):
            return False
        return (
            bool(self._ways(statement))
            and self._action_matches(statement)
            and self._resource_matches(statement, version)
            and holds(statement.get("Condition") or {}, self.context, version, denies=statement["Effect"] == "Deny")
        )

    def _ways(self, statement: Statement) -> set[Named]:
        """How the statement names the requester; one without Principal names whom its policy is attached to."""
        # Who may be named counts as named to the effect of the statement, or of its exception, that is asked for.
        doubt = self.strictly == (statement["Effect"] == "Deny" or "NotPrincipal" in statement)
        if "NotPrincipal" in statement:
            excepted = excepted_by(
                statement["NotPrincipal"], statement["Effect"], self.requester, bool(self.boundaries), doubt=doubt
            )
            return set() if excepted or (excepted is None and self.doubt) else {Named.ANYONE}
        if "Principal" in statement:
            return named_by(statement["Principal"], self.requester, doubt=doubt)
        return {Named.ITSELF}

    def _action_matches(self, statement: Statement) -> bool:
        """'The prefix and the action name are case insensitive.' 'NotAction … explicitly matches everything except the
        specified list of actions.'"""
        element = "Action" if "Action" in statement else "NotAction"
        matched = any(
            like(tokens(entry.lower(), {}, ""), self.action.lower()) for entry in _entries(statement[element])
        )
        return matched == (element == "Action")

    def _resource_matches(self, statement: Statement, version: str) -> bool:
        """'NotResource … explicitly matches every resource except those specified.' A role trust policy has neither:
        the resource is the role that it is attached to."""
        if "Resource" not in statement and "NotResource" not in statement:
            return True
        element = "Resource" if "Resource" in statement else "NotResource"
        resolved, matched = True, False
        for entry in _entries(statement[element]):
            if _names_principals(statement) and _is_incomplete(entry):
                continue  # "When you specify an incomplete ARN in an identity-based policy": here nothing completes it.
            try:
                matched = resource_like(tokens(entry, self.context, version), self.resource) or matched
            except Unresolved:
                # "any attempt to match it fails and causes the statement to be invalid": an attempt is made where the
                # segments before the variable match.
                before = entry[: entry.index("${")].rpartition(":")[0] + ":*"
                resolved = resolved and not resource_like(tokens(before, {}, ""), self.resource)
        return matched if element == "Resource" else resolved and not matched


def _with_principal(policy: Policy) -> Policy:
    """'Use the Principal element in a resource-based JSON policy to specify the principal that is allowed or denied
    access to a resource': a statement without one names nobody."""
    return {**policy, "Statement": [one for one in _statements(policy) if _names_principals(one)]}


def _names_principals(statement: Statement) -> bool:
    return "Principal" in statement or "NotPrincipal" in statement


def _statements(policy: Policy) -> list[Statement]:
    return policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]


def _is_incomplete(entry: str) -> bool:
    return "*" not in entry and entry.count(":") < 5


def _entries(element: Any) -> list[str]:
    return element if isinstance(element, list) else [element]


def _account_of(resource: str) -> str:
    parts = resource.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4] != "aws" else ""
