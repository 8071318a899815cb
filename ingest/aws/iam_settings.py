"""What IAM holds for an account as a whole: identity providers, the password policy, the summary of counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...schema import Node
from .collector import Call, Reader
from .values import json_text, tags, timestamp

SETTINGS_CALLS = (
    Call("iam", "ListSAMLProviders", ("iam:ListSAMLProviders",)),
    Call("iam", "ListOpenIDConnectProviders", ("iam:ListOpenIDConnectProviders",)),
    Call("iam", "GetOpenIDConnectProvider", ("iam:GetOpenIDConnectProvider",), absent=("NoSuchEntity",)),
    Call("iam", "GetAccountPasswordPolicy", ("iam:GetAccountPasswordPolicy",), absent=("NoSuchEntity",)),
    Call("iam", "GetAccountSummary", ("iam:GetAccountSummary",)),
    Call("iam", "ListAccountAliases", ("iam:ListAccountAliases",)),
)

_PASSWORD_POLICY = {
    "minimum_length": "MinimumPasswordLength",
    "require_symbols": "RequireSymbols",
    "require_numbers": "RequireNumbers",
    "require_uppercase": "RequireUppercaseCharacters",
    "require_lowercase": "RequireLowercaseCharacters",
    "users_may_change": "AllowUsersToChangePassword",
    "max_age_days": "MaxPasswordAge",
    "reuse_prevention": "PasswordReusePrevention",
}


def account_settings(reader: Reader, summary: dict[str, Any]) -> Iterator[Node]:
    """Providers, password policy and summary; fills ``summary`` with IAM's counts."""
    yield from _saml_providers(reader)
    yield from _oidc_providers(reader)
    yield from _password_policy(reader)
    answer = reader.one("GetAccountSummary")
    if answer is not None:
        summary.update(answer.get("SummaryMap") or {})
    aliases = [alias for page in reader.pages("ListAccountAliases") for alias in page.get("AccountAliases", ())]
    if answer is not None:
        name = aliases[0] if aliases else None
        properties = {**_common(reader, name), "counts": json_text(summary, ordered=False)}
        yield Node("AccountSummary", f"account-summary/{reader.account}", properties)


def _saml_providers(reader: Reader) -> Iterator[Node]:
    for page in reader.pages("ListSAMLProviders"):
        for provider in page.get("SAMLProviderList", ()):
            arn = provider["Arn"]
            properties = {
                "created_at": timestamp(provider.get("CreateDate")),
                "valid_until": timestamp(provider.get("ValidUntil")),
            }
            yield Node("SamlProvider", arn, {**_common(reader, arn.rpartition("/")[2]), **properties})


def _oidc_providers(reader: Reader) -> Iterator[Node]:
    listed = [
        provider["Arn"]
        for page in reader.pages("ListOpenIDConnectProviders")
        for provider in page.get("OpenIDConnectProviderList", ())
    ]
    asked = ({"OpenIDConnectProviderArn": arn} for arn in listed)
    for params, pages in reader.many("GetOpenIDConnectProvider", asked):
        arn = params["OpenIDConnectProviderArn"]
        detail = pages[0] if pages else {}
        url = detail.get("Url") or arn.partition(":oidc-provider/")[2]
        url = url.removeprefix("https://")
        properties = {
            "url": url,
            "client_ids": list(detail["ClientIDList"]) if "ClientIDList" in detail else None,
            "created_at": timestamp(detail.get("CreateDate")),
            "tags": tags(detail.get("Tags")) if detail else None,
        }
        yield Node("OidcProvider", arn, {**_common(reader, url), **properties})


def _password_policy(reader: Reader) -> Iterator[Node]:
    answer = reader.one("GetAccountPasswordPolicy")
    if answer is not None:
        policy = answer.get("PasswordPolicy") or {}
        stated = {name: policy.get(member) for name, member in _PASSWORD_POLICY.items()}
        yield Node("PasswordPolicy", f"password-policy/{reader.account}", {**_common(reader, None), **stated})


def _common(reader: Reader, name: str | None) -> dict[str, Any]:
    return {"name": name, "provider": "aws", "account_id": reader.account}
