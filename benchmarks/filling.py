"""One account of an organization being filled with policies, users and roles."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from muniment.analysis.iam.estates.estate import Account, Identity, IdentityKind
from muniment.analysis.iam.policies.statements import Document, Policy

from . import account as made
from .roles import AWS_POLICIES, STAGES
from .trust_policies import TOOLING, TRUSTS, Around, account_id, by_tag, root, service_linked, sign_on, trust

OWN_POLICIES = 12
"""Policies of an account that its users and roles share; its others are inline."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How much there is: documents of each account that no other has, and templates that accounts have in common."""

    accounts: int
    roles: int
    users: int
    own: int
    templates: int

    @property
    def principals(self) -> int:
        """Users and roles."""
        return self.roles + self.users


@dataclass
class Making:
    """The organization in the making. Equal documents are parsed once, as they are when read from a graph."""

    shape: Shape
    random: Random
    accounts: dict[str, Account] = field(default_factory=dict)
    users: dict[str, Identity] = field(default_factory=dict)
    roles: dict[str, Identity] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)

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


@dataclass
class Filling:
    """One account being filled with policies, users and roles."""

    making: Making
    number: int
    templates: Sequence[made.Document]
    peers: Sequence[str]

    def __post_init__(self) -> None:
        making = self.making
        self.id = account_id(self.number)
        self.maker = made.Account(self.id, self.peers, making.random)
        self.random = making.random
        self.own: list[str] = []
        self.inline: list[made.Document] = []
        self.named: list[str] = []
        self.around = Around(self.maker, self.named)

    def fill(self) -> None:
        """Policies first, then users, then roles."""
        shape = self.making.shape
        for number in range(OWN_POLICIES):
            document = self._document(number)
            self.own.append(self.making.attach(self.maker.arn(f"policy/own-{number}"), document))
        self.inline = [self._document(number) for number in range(OWN_POLICIES, shape.own)]
        boundary = made.policy_document(
            made.allow("*", "*"), made.deny(["iam:CreateUser", "iam:*Boundary", "organizations:*"])
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
        """One that no other account has."""
        while True:
            subject = f"{self.random.choice(made.TEAMS)}-{self.random.choice(made.COMPONENTS)}-{number}"
            document = made.permissions(self.maker, subject)
            if json.dumps(document) not in self.making.documents:
                self.making.policy("", document)
                return document

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
        self._put("OrganizationAccountAccessRole", trust(management), admin)
        by_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
        self._put("break-glass", trust({"AWS": self.maker.arn("root")}, condition=by_mfa), admin)
        self._put(
            "AWSReservedSSO_Admin_0a1b2c3d4e5f6071", sign_on(self.maker), admin, "/aws-reserved/sso.amazonaws.com/"
        )
        power = (made.aws_managed("PowerUserAccess"),)
        self._put(
            "AWSReservedSSO_Power_0a1b2c3d4e5f6072", sign_on(self.maker), power, "/aws-reserved/sso.amazonaws.com/"
        )
        pipelines = {"AWS": f"arn:aws:iam::{account_id(self.number % TOOLING)}:role/pipeline"}
        self._put("pipeline", trust(pipelines), (self.own[0], self.own[1]))

    def _add_role(self, number: int, make: Callable[[Around, str], made.Document]) -> None:
        random = self.random
        team = random.choice(made.TEAMS)
        purpose = "people" if make in (root, by_tag) else "app"
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
        if make is service_linked:
            name = f"AWSServiceRoleFor{number}"
            self._put(
                name, make(self.around, team), policies[:1], "/aws-service-role/example.amazonaws.com/", linked=True
            )
            return
        self._put(name, make(self.around, team), policies, tags=tags, boundary=boundary)

    def _put(
        self,
        name: str,
        trusting: made.Document,
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
            self.making.policy(f"{arn}#trust", trusting),
        )
        self.named.append(arn)


def _share(whole: int, parts: int, number: int) -> int:
    return whole // parts + (number < whole % parts)


def template(random: Random, number: int) -> made.Document:
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
