"""A whole organization held in memory: who can assume which role, and who can do what, without any database.

Everything follows from a seed. Accounts stand in a tree of units with control policies at every level; their principals
hold AWS's own policies, copies of the organization's templates, and policies that name the account. Trust policies are
of every shape that people write.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random
from resource import RUSAGE_SELF, getrusage
from statistics import median

from muniment.analysis.iam.derive import derive_can_assume
from muniment.analysis.iam.estate import Account, Estate, Identity, IdentityKind, Level, Organization
from muniment.analysis.iam.statements import Document, Policy
from muniment.analysis.iam.who_can import Index
from muniment.schema import Edge

from . import account as made
from .estate import aws_policy
from .measure import Figure
from .roles import AWS_POLICIES, SERVICES, STAGES

ID = "o-exampleorgid"
UNITS = ("workloads-prod", "workloads-dev", "data", "security", "sandbox")
SUBUNITS = 4
TOOLING = 4
"""The first accounts hold the pipelines that others trust."""
GITHUB = "token.actions.githubusercontent.com"
OWN_POLICIES = 12
"""Policies of an account that its users and roles share; its others are inline."""
TEMPLATES = 400
COMMON = 450
"""Documents that all accounts share: the templates, AWS's own, control policies, those of groups."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How much there is. ``policies`` counts distinct documents other than trust policies."""

    accounts: int
    roles: int
    users: int
    policies: int

    @property
    def principals(self) -> int:
        return self.roles + self.users


LARGE = Shape(accounts=1_000, roles=180_000, users=20_000, policies=16_000)
SMALL = Shape(accounts=10, roles=1_800, users=200, policies=590)
ONE_ACCOUNT = Shape(accounts=1, roles=700, users=100, policies=550)


QUESTIONS = (
    ("s3:GetObject", "arn:aws:s3:::payments-api/report.csv"),
    ("s3:PutObject", "arn:aws:s3:::home/payments/x"),
    ("iam:CreateUser", "*"),
    ("iam:PassRole", "arn:aws:iam::{account}:role/pipeline"),
    ("sts:AssumeRole", "arn:aws:iam::{account}:role/break-glass"),
    ("ec2:RunInstances", "*"),
    ("ec2:StopInstances", "arn:aws:ec2:eu-west-1:{account}:instance/i-0123456789abcdef0"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:{account}:key/01234567-89ab-cdef-0123-456789abcdef"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:{account}:secret:payments-api-3/db"),
    ("dynamodb:DeleteTable", "arn:aws:dynamodb:eu-west-1:{account}:table/payments-api-3"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:{account}:orders-worker"),
    ("logs:PutLogEvents", "*"),
    ("cloudtrail:StopLogging", "*"),
    ("organizations:LeaveOrganization", "*"),
    ("quantum:Entangle", "*"),
)
"""Requests of every kind, the last one of a service that nobody's policies name."""


def figures() -> Iterator[Figure]:
    """CAN_ASSUME of three sizes, each in a process of its own; then questions to the largest."""
    seconds: dict[str, float] = {}
    for name, shape, targets in (
        ("one account", ONE_ACCOUNT, (1.0, None)),
        ("small organization", SMALL, (None, None)),
        ("large organization", LARGE, (60.0, 4_000.0)),
    ):
        measured = _in_a_process(_can_assume, shape)
        seconds[name] = measured["seconds"]
        yield Figure(f"{name}: principals", shape.principals, "")
        yield Figure(f"{name}: CAN_ASSUME", measured["seconds"], "s", targets[0])
        yield Figure(f"{name}: relationships", measured["relationships"], "")
        yield Figure(f"{name}: memory, the estate with it", measured["mb"], "MB", targets[1])
    growth = (seconds["large organization"] / LARGE.principals) / (seconds["small organization"] / SMALL.principals)
    yield Figure("seconds for each principal, large over small", growth, "", 1.2)
    measured = _in_a_process(_who_can, LARGE)
    yield Figure("making the index", measured["index"], "s")
    yield Figure("who-can, median", measured["median"], "ms", 50)
    yield Figure("who-can, slowest", measured["slowest"], "ms")
    yield Figure("a changed policy, and asking again", measured["replaced"], "ms")
    yield Figure("memory, the estate with it", measured["mb"], "MB")


def _in_a_process(measure: Callable[[Shape], dict[str, float]], shape: Shape) -> dict[str, float]:
    """The figures of one measurement, with the most memory that its process held."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, shape).result()


def _can_assume(shape: Shape) -> dict[str, float]:
    estate = organization(shape)
    started = time.perf_counter()
    relationships = sum(isinstance(fact, Edge) for fact in derive_can_assume(estate))
    return {"seconds": time.perf_counter() - started, "relationships": relationships, "mb": _peak_mb()}


def _who_can(shape: Shape) -> dict[str, float]:
    estate = organization(shape)
    started = time.perf_counter()
    index = Index(estate)
    made_in = time.perf_counter() - started
    taken = [_milliseconds(index, *question) for question in _questions()]
    policy = index.estate.policies[made.aws_managed("AmazonS3ReadOnlyAccess")]
    started = time.perf_counter()
    changed = index.replace(Policy(policy.id, Document(policy.document.statements[:-1])))
    changed.who_can(*next(_questions()))
    replaced = (time.perf_counter() - started) * 1000
    return {
        "index": made_in,
        "median": median(taken),
        "slowest": max(taken),
        "replaced": replaced,
        "mb": _peak_mb(),
    }


def _questions() -> Iterator[tuple[str, str]]:
    for number, (action, resource) in enumerate(QUESTIONS):
        yield action, resource.format(account=account_id(number * 7 + 3))


def _milliseconds(index: Index, action: str, resource: str) -> float:
    """How long a question takes that was not asked before."""
    started = time.perf_counter()
    index.who_can(action, resource)
    return (time.perf_counter() - started) * 1000


def _peak_mb() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


@dataclass
class Making:
    """The organization in the making. Equal documents are parsed once, as they are when read from a graph."""

    shape: Shape
    random: Random
    estate_accounts: dict[str, Account] = field(default_factory=dict)
    users: dict[str, Identity] = field(default_factory=dict)
    roles: dict[str, Identity] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    templates: list[str] = field(default_factory=list)

    def policy(self, id_: str, document: made.Document) -> Policy:
        """A policy of that document, given or known."""
        text = json.dumps(document)
        if text not in self.documents:
            self.documents[text] = Document.parse(text)
        return Policy(id_, self.documents[text])

    def attach(self, id_: str, document: made.Document) -> str:
        """The id of a policy, which is in the estate from now on."""
        self.policies[id_] = self.policy(id_, document)
        return id_


def account_id(number: int) -> str:
    return f"{110_000_000_000 + number:012}"


def organization(shape: Shape, seed: int = 1) -> Estate:
    """The estate of that shape, the same for the same arguments."""
    making = Making(shape, Random(f"organization/{seed}"))
    attached = _control_policies(making)
    for number in range(shape.accounts):
        id_ = account_id(number)
        unit = UNITS[number % len(UNITS)]
        subunit = f"{unit}-{number // len(UNITS) % SUBUNITS}"
        nodes = ("r-root", f"ou-{unit}", f"ou-{subunit}", id_)
        making.estate_accounts[id_] = Account(
            id_,
            organization=ID,
            path=f"{ID}/r-root/ou-{unit}/ou-{subunit}/",
            management=number == 0 and shape.accounts > 1,
            levels=tuple(Level(node, *attached(node, number)) for node in nodes),
        )
    for name in (*AWS_POLICIES, made.ADMINISTRATOR, "PowerUserAccess"):
        arn = made.aws_managed(name)
        making.attach(arn, aws_policy(arn)["PolicyVersionList"][0]["Document"])
    templates = [_template(making.random, number) for number in range(TEMPLATES)]
    for number in range(shape.accounts):
        Filling(making, number, templates).fill()
    return Estate(
        making.estate_accounts,
        {ID: Organization(ID, account_id(0) if shape.accounts > 1 else "")},
        making.users,
        making.roles,
        making.groups,
        making.policies,
        root_users={f"arn:aws:iam::{id_}:root": id_ for id_ in making.estate_accounts},
    )


def _control_policies(making: Making) -> Callable[[str, int], tuple[tuple[str, ...], tuple[str, ...]]]:
    """Which SCPs and RCPs are attached to a node of the tree."""
    everything = made.policy_document(made.allow("*", "*"))
    making.attach("p-FullAWSAccess", everything)
    making.attach("p-RCPFullAWSAccess", made.policy_document(made.allow("*", "*", Principal="*")))
    rescue = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/OrganizationAccountAccessRole"}}
    making.attach("p-stay", made.policy_document(_deny("organizations:LeaveOrganization")))
    making.attach(
        "p-no-root", made.policy_document(_deny("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}))
    )
    making.attach(
        "p-guardrails",
        made.policy_document(
            _deny(["cloudtrail:StopLogging", "config:DeleteConfigRule"], rescue),
            {**_deny("iam:*", rescue), "Resource": "arn:aws:iam::*:role/security-*"},
            {**_deny("sts:AssumeRole", rescue), "Resource": "arn:aws:iam::*:role/security-*"},
        ),
    )
    for unit in UNITS:
        regions = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", f"eu-{unit[-4:]}-1"]}}
        exempt = ["iam:*", "sts:*", "organizations:*", "route53:*", "support:*", "cloudfront:*"]
        deny = {"Effect": "Deny", "NotAction": exempt, "Resource": "*", "Condition": regions}
        making.attach(f"p-regions-{unit}", made.policy_document(deny))
    making.attach(
        "p-perimeter",
        made.policy_document(
            {
                **_deny(["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:*"]),
                "Principal": "*",
                "Condition": {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ID},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            }
        ),
    )

    def attached(node: str, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        resource = ("p-RCPFullAWSAccess",)
        if node == "r-root":
            return ("p-FullAWSAccess", "p-stay", "p-no-root"), (*resource, "p-perimeter")
        if node == f"ou-{UNITS[number % len(UNITS)]}":
            return ("p-FullAWSAccess", f"p-regions-{node.removeprefix('ou-')}"), resource
        if node.startswith("ou-"):
            return ("p-FullAWSAccess", "p-guardrails"), resource
        return ("p-FullAWSAccess",), resource

    return attached


def _deny(actions: str | list[str], condition: made.Document | None = None) -> made.Document:
    statement = {"Effect": "Deny", "Action": actions, "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})


def _template(random: Random, number: int) -> made.Document:
    """A policy that the organization rolls out to its accounts; it names none of them."""
    team = made.TEAMS[number % len(made.TEAMS)]
    component = made.COMPONENTS[number // len(made.TEAMS) % len(made.COMPONENTS)]
    by_tag = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    choices = [
        made.allow(["s3:GetObject", "s3:ListBucket"], [f"arn:aws:s3:::{team}-*", f"arn:aws:s3:::{team}-*/*"]),
        made.allow(["dynamodb:*"], f"arn:aws:dynamodb:*:*:table/{team}-{component}*"),
        made.allow(["ec2:Describe*", "ec2:Get*", "cloudwatch:Get*", "logs:Get*", "logs:Describe*"], "*"),
        made.allow(["ec2:StartInstances", "ec2:StopInstances"], "*", Condition=by_tag),
        made.allow("sts:AssumeRole", f"arn:aws:iam::*:role/{team}-{component}-*"),
        made.allow("sts:AssumeRole", "arn:aws:iam::*:role/*-people-*", Condition=by_tag),
        made.allow("sqs:SendMessage", f"arn:aws:sqs:*:*:{team}-{component}"),
        made.allow("s3:*", "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"),
        {"Effect": "Deny", "NotAction": ["iam:ChangePassword", "sts:GetCallerIdentity"], "Resource": "*",
         "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
        {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*", "sts:*"], "Resource": "*"},
    ]  # fmt: skip
    weights = (8, 6, 4, 3, 2, 1, 5, 2, 0.3, 0.3)
    statements = random.choices(choices, weights, k=random.choice((1, 1, 2, 3)))
    return made.policy_document({**statements[0], "Sid": f"Template{number}"}, *statements[1:])


@dataclass
class Filling:
    """One account being filled with policies, users and roles."""

    making: Making
    number: int
    templates: list[made.Document]

    def __post_init__(self) -> None:
        making, shape = self.making, self.making.shape
        self.id = account_id(self.number)
        self.peers = [account_id(number) for number in range(shape.accounts)]
        self.maker = made.Account(self.id, self.peers, making.random)
        self.random = making.random
        self.own: list[str] = []
        self.inline: list[made.Document] = []
        self.named: list[str] = []

    def fill(self) -> None:
        """Policies first, then users, then roles."""
        shape = self.making.shape
        share = max(OWN_POLICIES + 2, round((shape.policies - COMMON) / shape.accounts))
        for number in range(OWN_POLICIES):
            document = self._document(number)
            self.own.append(self.making.attach(self.maker.arn(f"policy/own-{number}"), document))
        self.inline = [self._document(number) for number in range(OWN_POLICIES, share)]
        boundary = made.policy_document(
            made.allow("*", "*"), _deny(["iam:CreateUser", "iam:*Boundary", "organizations:*"])
        )
        self.boundary = self.making.attach(self.maker.arn("policy/team-boundary"), boundary)
        for team in made.TEAMS:
            assume = made.allow("sts:AssumeRole", f"arn:aws:iam::*:role/{team}-*")
            group = self.maker.arn(f"group/{team}")
            inline = self.making.attach(f"{group}/inline-policy/assume-own-roles", made.policy_document(assume))
            self.making.groups[group] = (inline,)
        for number in range(_share(shape.users, shape.accounts, self.number)):
            self._add_user(number)
        total = _share(shape.roles, shape.accounts, self.number)
        self._administrators()
        weights, makers = zip(*TRUSTS, strict=True)
        for number in range(total - 5):
            self._add_role(number, self.random.choices(makers, weights)[0])

    def _document(self, number: int) -> made.Document:
        subject = f"{self.random.choice(made.TEAMS)}-{self.random.choice(made.COMPONENTS)}-{number}"
        return made.permissions(self.maker, subject)

    def _add_user(self, number: int) -> None:
        team = self.random.choice(made.TEAMS)
        name = f"{team}.person{number}"
        groups = (self.maker.arn(f"group/{team}"),) if number % 3 else ()
        policies = (self.random.choice(self.own),) if not number % 4 else ()
        arn = self.maker.arn(f"user/{name}")
        tags = {"team": team} if number % 2 else {}
        self.making.users[arn] = Identity(
            arn, IdentityKind.USER, self.id, self.maker.unique_id("AIDA"), policies, groups, None, tags
        )

    def _administrators(self) -> None:
        admin = (made.aws_managed(made.ADMINISTRATOR),)
        management = {"AWS": f"arn:aws:iam::{account_id(0)}:root"}
        self._put("OrganizationAccountAccessRole", _trust(management), admin)
        by_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
        self._put("break-glass", _trust({"AWS": self.maker.arn("root")}, condition=by_mfa), admin)
        self._put("AWSReservedSSO_Admin_0a1b2c3d4e5f6071", self._sso(), admin, "/aws-reserved/sso.amazonaws.com/")
        power = (made.aws_managed("PowerUserAccess"),)
        self._put("AWSReservedSSO_Power_0a1b2c3d4e5f6072", self._sso(), power, "/aws-reserved/sso.amazonaws.com/")
        pipelines = {"AWS": f"arn:aws:iam::{account_id(self.number % TOOLING)}:role/pipeline"}
        self._put("pipeline", _trust(pipelines), (self.own[0], self.own[1]))

    def _add_role(self, number: int, trust: Callable[[Filling, str], made.Document]) -> None:
        random = self.random
        team = random.choice(made.TEAMS)
        purpose = "people" if trust in (_root, _by_tag) else "app"
        name = f"{team}-{random.choice(made.COMPONENTS)}-{purpose}-{random.choice(STAGES)}-{number}"
        policies: list[str] = [made.aws_managed(p) for p in random.sample(AWS_POLICIES, random.choice((0, 0, 1, 1, 2)))]
        if random.random() < 0.3:
            policies.append(random.choice(self.own))
        if random.random() < 0.25:
            chosen = random.randrange(len(self.templates))
            id_ = self.maker.arn(f"policy/template-{chosen}")
            policies.append(id_ if id_ in self.making.policies else self.making.attach(id_, self.templates[chosen]))
        if random.random() < 0.5:
            inline = f"{self.maker.arn(f'role/{name}')}/inline-policy/inline"
            policies.append(self.making.attach(inline, random.choice(self.inline)))
        tags = {"team": team, "environment": name.split("-")[-2]} if random.random() < 0.7 else {}
        boundary = self.boundary if random.random() < 0.2 else None
        if trust is _service_linked:
            name = f"AWSServiceRoleFor{number}"
            self._put(name, trust(self, team), policies[:1], "/aws-service-role/example.amazonaws.com/", linked=True)
            return
        self._put(name, trust(self, team), policies, tags=tags, boundary=boundary)

    def _put(
        self,
        name: str,
        trust: made.Document,
        policies: tuple[str, ...] | list[str],
        path: str = "/",
        *,
        tags: dict[str, str] | None = None,
        boundary: str | None = None,
        linked: bool = False,
    ) -> None:
        arn = self.maker.arn(f"role{path}{name}")
        self.making.roles[arn] = Identity(
            arn,
            IdentityKind.ROLE,
            self.id,
            self.maker.unique_id("AROA"),
            tuple(policies),
            (),
            boundary,
            tags or {},
            linked,
            self.making.policy(f"{arn}#trust", trust),
        )
        self.named.append(arn)

    def _sso(self) -> made.Document:
        provider = {"Federated": self.maker.arn("saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE")}
        audience = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
        return _trust(provider, ["sts:AssumeRoleWithSAML", "sts:TagSession"], audience)


def _share(whole: int, parts: int, number: int) -> int:
    return whole // parts + (number < whole % parts)


def _trust(
    principal: object, action: str | list[str] = "sts:AssumeRole", condition: made.Document | None = None
) -> made.Document:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return made.policy_document(statement | ({"Condition": condition} if condition else {}))


def _service(filling: Filling, _: str) -> made.Document:
    own = {"StringEquals": {"aws:SourceAccount": filling.id}} if filling.random.random() < 0.1 else None
    return _trust({"Service": f"{filling.random.choice(SERVICES)}.amazonaws.com"}, condition=own)


def _service_linked(filling: Filling, _: str) -> made.Document:
    return _trust({"Service": f"{filling.random.choice(SERVICES)}.amazonaws.com"})


def _saml(filling: Filling, _: str) -> made.Document:
    return filling._sso()


def _root(filling: Filling, _: str) -> made.Document:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}} if filling.random.random() < 0.5 else None
    return _trust({"AWS": filling.maker.arn("root")}, condition=mfa)


def _by_tag(filling: Filling, team: str) -> made.Document:
    return _trust({"AWS": filling.maker.arn("root")}, condition={"StringEquals": {"aws:PrincipalTag/team": team}})


def _other_account(filling: Filling, team: str) -> made.Document:
    condition = filling.random.choice(
        (
            {"StringEquals": {"sts:ExternalId": f"{filling.random.getrandbits(64):016x}"}},
            {"StringEquals": {"aws:PrincipalOrgID": ID}},
            {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{team}-*"}},
            None,
        )
    )
    return _trust({"AWS": f"arn:aws:iam::{filling.maker.peer()}:root"}, condition=condition)


def _vendor(filling: Filling, _: str) -> made.Document:
    condition = {"StringEquals": {"sts:ExternalId": f"{filling.random.getrandbits(64):016x}"}}
    return _trust({"AWS": f"arn:aws:iam::{900_000_000_000 + filling.random.randrange(40)}:root"}, condition=condition)


def _named(filling: Filling, _: str) -> made.Document:
    """Roles of its own account, and now and then one that was deleted."""
    trusted = filling.random.choices(filling.named, k=filling.random.choice((1, 1, 2)))
    gone = [filling.maker.unique_id("AROA")] if filling.random.random() < 0.1 else []
    return _trust({"AWS": [*trusted, *gone]})


def _pipeline(filling: Filling, _: str) -> made.Document:
    return _trust({"AWS": f"arn:aws:iam::{account_id(filling.random.randrange(TOOLING))}:role/pipeline"})


def _github(filling: Filling, team: str) -> made.Document:
    subject = filling.random.choice((f"repo:example/{team}:*", f"repo:example/{team}:environment:prod"))
    condition = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}, "StringLike": {f"{GITHUB}:sub": subject}}
    provider = {"Federated": filling.maker.arn(f"oidc-provider/{GITHUB}")}
    return _trust(provider, "sts:AssumeRoleWithWebIdentity", condition)


def _workload(filling: Filling, team: str) -> made.Document:
    host = f"oidc.eks.eu-west-1.amazonaws.com/id/{filling.random.choice('ABC') * 32}"
    account = f"system:serviceaccount:{team}:{filling.random.choice(made.COMPONENTS)}"
    condition = {"StringEquals": {f"{host}:sub": account, f"{host}:aud": "sts.amazonaws.com"}}
    provider = {"Federated": filling.maker.arn(f"oidc-provider/{host}")}
    return _trust(provider, "sts:AssumeRoleWithWebIdentity", condition)


def _anyone_of_the_organization(_: Filling, __: str) -> made.Document:
    return _trust({"AWS": "*"}, condition={"StringEquals": {"aws:PrincipalOrgID": ID}})


def _anyone_by_name(_: Filling, team: str) -> made.Document:
    names = [f"arn:aws:iam::*:role/{team}-*-prod-*", "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*Admin*"]
    condition = {"StringEquals": {"aws:PrincipalOrgID": ID}, "ArnLike": {"aws:PrincipalArn": names}}
    return _trust("*", condition=condition)


def _with_deny(filling: Filling, _: str) -> made.Document:
    allowed = _trust({"AWS": filling.maker.arn("root")})["Statement"][0]
    denied = {
        "Effect": "Deny",
        "Principal": {"AWS": [filling.random.choice(filling.named)]},
        "Action": "sts:AssumeRole",
    }
    return made.policy_document(allowed, denied)


TRUSTS: tuple[tuple[float, Callable[[Filling, str], made.Document]], ...] = (
    (42, _service),
    (5, _service_linked),
    (6, _saml),
    (5, _root),
    (1.5, _by_tag),
    (8, _other_account),
    (3, _vendor),
    (9, _named),
    (7, _pipeline),
    (6, _github),
    (6, _workload),
    (0.01, _anyone_of_the_organization),
    (0.005, _anyone_by_name),
    (0.4, _with_deny),
)
"""How many of a hundred roles have which sort of trust policy."""
