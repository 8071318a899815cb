"""A small organization as facts, with one of everything that the questions are about.

acme (management)        carol
payments-prod            Admin, ProdAdmin, bob        (prod by name)
payments-nonprod         Admin                        (nonprod by name, though its unit is Prod)
checkout                 Deployer, OrganizationAccountAccessRole, open to *   (prod by unit)
shared-services          Deployer, alice, ci, gathered in one set
data-lake                AdministratorAccess of Identity Center               (prod by tag)
999999999999             an account that only policies name
"""

from .concluded import *  # noqa: F403 - to its users the estate is one
from .names import *  # noqa: F403
from .oddities import *  # noqa: F403
from .read import *  # noqa: F403
from .writing import *  # noqa: F403
