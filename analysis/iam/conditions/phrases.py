"""Conditions as a person would say them, with what the policy writes in brackets.

Only keys that people meet every day have words of their own; every other condition is said by ``sentences``.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping

from .comparisons import Operator
from .conditions import Quantifier, Test
from .formula import All, Formula, Holds
from .sentences import clause, describe, listed

_YES: Mapping[str, str] = {
    "aws:multifactorauthpresent": "the caller signed in with MFA",
    "aws:securetransport": "the request comes over TLS",
    "aws:viaawsservice": "an AWS service makes the request on the caller's behalf",
    "aws:principalisawsservice": "the caller is an AWS service",
}
"""Keys that are true or false, said as true."""

_NO: Mapping[str, str] = {
    "aws:multifactorauthpresent": "the caller signed in without MFA",
    "aws:securetransport": "the request comes without TLS",
    "aws:viaawsservice": "the caller makes the request itself",
    "aws:principalisawsservice": "the caller is not an AWS service",
}

_WORDS: Mapping[str, str] = {
    "sts:externalid": "the caller gives the external id {}",
    "sts:rolesessionname": "the session is named {}",
    "sts:sourceidentity": "the source identity is {}",
    "aws:sourceip": "the request comes from {}",
    "aws:sourcevpc": "the request comes from the VPC {}",
    "aws:sourcevpce": "the request comes through the VPC endpoint {}",
    "aws:requestedregion": "the request is to the region {}",
    "aws:principalorgid": "the caller is of the organization {}",
    "aws:principalaccount": "the caller is of the account {}",
    "aws:principalarn": "the caller is {}",
    "aws:sourceaccount": "it is for something of the account {}",
    "aws:sourcearn": "it is for {}",
    "saml:aud": "the SAML response is for {}",
    "saml:sub": "the SAML subject is {}",
}
"""Keys with values, said where a value is wanted."""

_CLAIMS: Mapping[str, str] = {
    "sub": "the token's subject is {}",
    "aud": "the token is for {}",
    "amr": "the token was got as {}",
}
"""Claims of web identities, by what follows the provider in their keys."""

_LIKE = {Operator.STRING_LIKE, Operator.ARN_LIKE, Operator.ARN_EQUALS}
_IS = {Operator.STRING_EQUALS, Operator.STRING_EQUALS_IGNORE_CASE, Operator.IP_ADDRESS}


def spoken(formula: Formula) -> tuple[str, ...]:
    """What must hold, one sentence each; all of them must."""
    parts = formula.parts if isinstance(formula, All) else (formula,)
    return tuple(_spoken(part) for part in parts)


def _spoken(formula: Formula) -> str:
    if isinstance(formula, Holds) and isinstance(formula.test, Test):
        words = _words(formula.test, negated=formula.negated)
        if words is not None:
            written = describe(formula.test, negated=formula.negated)
            return f"{words} ({written if formula.test.operator is Operator.BOOL else formula.test.key})"
    return clause(formula)


def _words(test: Test, *, negated: bool) -> str | None:
    key = test.key.lower()
    if test.quantifier is not Quantifier.NONE or test.operator is None or (test.if_exists and not negated):
        return None
    if test.operator is Operator.BOOL and len(test.values) == 1:
        wanted = (test.values[0].lower() == "true") is not negated
        # A negated test of a plain Bool is met by a missing key too, of which these words would say nothing.
        return None if negated and not test.if_exists else (_YES if wanted else _NO).get(key)
    if negated:
        return None
    template = _WORDS.get(key) or (_CLAIMS.get(key.rpartition(":")[2]) if "." in key else None)
    if template is None or test.operator not in _LIKE | _IS:
        return None
    values = listed(test.values)
    return template.format(f"like {values}" if test.operator in _LIKE and "*" in values else values)
