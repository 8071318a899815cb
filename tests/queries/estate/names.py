"""What things of the estate are called."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
READ_AT = "2026-01-31T09:00:00Z"
ACME, PAY, PAYDEV, CHECKOUT, SHARED, LAKE, OUTSIDE = (digit * 12 for digit in "1234569")
PLACES = {
    ACME: ("acme", (), {}),
    PAY: ("payments-prod", ("Workloads", "Prod"), {}),
    PAYDEV: ("payments-nonprod", ("Workloads", "Prod"), {}),
    CHECKOUT: ("checkout", ("Workloads", "Prod"), {}),
    SHARED: ("shared-services", ("Infrastructure",), {}),
    LAKE: ("data-lake", ("Data",), {"Environment": "Production"}),
}
MFA = "the caller signed in with MFA (aws:MultiFactorAuthPresent is true)"


def role_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def user_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


ADMIN, PROD_ADMIN = role_arn(PAY, "Admin"), role_arn(PAY, "ProdAdmin")
DEV_ADMIN = role_arn(PAYDEV, "Admin")
OPEN, CHECKOUT_DEPLOYER = role_arn(CHECKOUT, "OrganizationAccountAccessRole"), role_arn(CHECKOUT, "Deployer")
DEPLOYER, ALICE, CI = role_arn(SHARED, "Deployer"), user_arn(SHARED, "alice"), user_arn(SHARED, "ci")
SSO = role_arn(LAKE, "aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef")
BOB, CAROL = user_arn(PAY, "bob"), user_arn(ACME, "carol")
DANA, PLATFORM = "arn:aws:identitystore:::user/d-1", "arn:aws:identitystore:::group/g-1"
NOBODY_KNOWN = "arn:aws:identitystore:::group/g-2"
SET = f"principal-set/{SHARED}/abc"
GITHUB = f"arn:aws:iam::{CHECKOUT}:oidc-provider/token.actions.githubusercontent.com"
BASTION = f"arn:aws:ec2:eu-west-1:{PAY}:instance/i-0123456789abcdef0"
FUNCTION = f"arn:aws:lambda:eu-west-1:{CHECKOUT}:function:orders"
POLICY, SCP = f"arn:aws:iam::{PAY}:policy/Everything", "arn:aws:organizations::111111111111:policy/o-a/scp/p-1"
PERMISSION_SET = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"
INSTANCE = "arn:aws:sso:::instance/ssoins-1"
DELETED = "AIDAEXAMPLEDELETED000"
