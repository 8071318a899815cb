"""Trust policies of every shape that people write, each as often as it is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from . import account as made
from .roles import SERVICES

ORGANIZATION = "o-exampleorgid"
TOOLING = 4
"""The first accounts hold the pipelines that others trust."""
GITHUB = "token.actions.githubusercontent.com"


def account_id(number: int) -> str:
    """The account of that number."""
    return f"{110_000_000_000 + number:012}"


@dataclass(frozen=True, slots=True)
class Around:
    """What a trust policy is made from: the account that it stands in, and the roles there so far."""

    maker: made.Account
    named: Sequence[str]

    @property
    def random(self) -> Random:
        """Of the account."""
        return self.maker.random


def sign_on(maker: made.Account) -> made.Document:
    """That of a role of Identity Center."""
    provider = {"Federated": maker.arn("saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE")}
    audience = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    return trust(provider, ["sts:AssumeRoleWithSAML", "sts:TagSession"], audience)


def trust(
    principal: object, action: str | list[str] = "sts:AssumeRole", condition: made.Document | None = None
) -> made.Document:
    """One that lets a principal in by one statement."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return made.policy_document(statement | ({"Condition": condition} if condition else {}))


def service(around: Around, _: str) -> made.Document:
    own = {"StringEquals": {"aws:SourceAccount": around.maker.id}} if around.random.random() < 0.1 else None
    return trust({"Service": f"{around.random.choice(SERVICES)}.amazonaws.com"}, condition=own)


def service_linked(around: Around, _: str) -> made.Document:
    return trust({"Service": f"{around.random.choice(SERVICES)}.amazonaws.com"})


def saml(around: Around, _: str) -> made.Document:
    return sign_on(around.maker)


def root(around: Around, _: str) -> made.Document:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}} if around.random.random() < 0.5 else None
    return trust({"AWS": around.maker.arn("root")}, condition=mfa)


def by_tag(around: Around, team: str) -> made.Document:
    return trust({"AWS": around.maker.arn("root")}, condition={"StringEquals": {"aws:PrincipalTag/team": team}})


def _other_account(around: Around, team: str) -> made.Document:
    condition = around.random.choice(
        (
            {"StringEquals": {"sts:ExternalId": f"{around.random.getrandbits(64):016x}"}},
            {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
            {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{team}-*"}},
            None,
        )
    )
    return trust({"AWS": f"arn:aws:iam::{around.maker.peer()}:root"}, condition=condition)


def _vendor(around: Around, _: str) -> made.Document:
    condition = {"StringEquals": {"sts:ExternalId": f"{around.random.getrandbits(64):016x}"}}
    return trust({"AWS": f"arn:aws:iam::{900_000_000_000 + around.random.randrange(40)}:root"}, condition=condition)


def _named(around: Around, _: str) -> made.Document:
    """Roles of its own account, and now and then one that was deleted."""
    trusted = around.random.choices(around.named, k=around.random.choice((1, 1, 2)))
    gone = [around.maker.unique_id("AROA")] if around.random.random() < 0.1 else []
    return trust({"AWS": [*trusted, *gone]})


def _pipeline(around: Around, _: str) -> made.Document:
    return trust({"AWS": f"arn:aws:iam::{account_id(around.random.randrange(TOOLING))}:role/pipeline"})


def _github(around: Around, team: str) -> made.Document:
    subject = around.random.choice((f"repo:example/{team}:*", f"repo:example/{team}:environment:prod"))
    condition = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}, "StringLike": {f"{GITHUB}:sub": subject}}
    provider = {"Federated": around.maker.arn(f"oidc-provider/{GITHUB}")}
    return trust(provider, "sts:AssumeRoleWithWebIdentity", condition)


def _workload(around: Around, team: str) -> made.Document:
    host = f"oidc.eks.eu-west-1.amazonaws.com/id/{around.random.choice('ABC') * 32}"
    account = f"system:serviceaccount:{team}:{around.random.choice(made.COMPONENTS)}"
    condition = {"StringEquals": {f"{host}:sub": account, f"{host}:aud": "sts.amazonaws.com"}}
    provider = {"Federated": around.maker.arn(f"oidc-provider/{host}")}
    return trust(provider, "sts:AssumeRoleWithWebIdentity", condition)


def _anyone_of_the_organization(_: Around, __: str) -> made.Document:
    return trust({"AWS": "*"}, condition={"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}})


def _anyone_by_name(_: Around, team: str) -> made.Document:
    names = [f"arn:aws:iam::*:role/{team}-*-prod-*", "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*Admin*"]
    condition = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}, "ArnLike": {"aws:PrincipalArn": names}}
    return trust("*", condition=condition)


def _with_deny(around: Around, _: str) -> made.Document:
    allowed = trust({"AWS": around.maker.arn("root")})["Statement"][0]
    denied = {
        "Effect": "Deny",
        "Principal": {"AWS": [around.random.choice(around.named)]},
        "Action": "sts:AssumeRole",
    }
    return made.policy_document(allowed, denied)


TRUSTS: tuple[tuple[float, Callable[[Around, str], made.Document]], ...] = (
    (42, service),
    (5, service_linked),
    (6, saml),
    (5, root),
    (1.5, by_tag),
    (8, _other_account),
    (3, _vendor),
    (9, _named),
    (7, _pipeline),
    (6, _github),
    (6, _workload),
    (0.05, _anyone_of_the_organization),
    (0.02, _anyone_by_name),
    (0.4, _with_deny),
)
"""How many of a hundred roles have which sort of trust policy."""
