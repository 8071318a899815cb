"""What of the graph the permission engine reads: one query for each kind of thing, each for all of it or for some.

``$ids`` names the things to read; a query for all has no parameter. Things that others only name are told apart by
their scope, ``reference``.
"""

from __future__ import annotations

SCOPES = """MATCH (s:Scope)
WHERE s.collector IN ['iam', 'organizations']
RETURN s.id AS id, s.status AS status, s.completed_at AS completed_at, s.refusals AS refusals"""

ACCOUNTS = """MATCH (a:Account)
RETURN a.id AS id, a.arn AS arn, a.partition AS partition, a.path AS path, a.management AS management,
       a.scope AS scope"""

ORGANIZATIONS = """MATCH (o:Organization)
RETURN o.id AS id, o.organization_id AS organization_id, o.feature_set AS feature_set,
       o.management_account_id AS management_account_id, o.scope AS scope"""

ROOTS = "MATCH (p:OrganizationRoot) RETURN p.id AS id, p.path AS path, p.policy_types AS policy_types"

UNITS = "MATCH (p:OrganizationalUnit) RETURN p.id AS id, p.path AS path"

CONTROLS = (
    "MATCH (p:ServiceControlPolicy)-[:ATTACHED_TO]->(t) RETURN p.id AS policy, t.id AS target, 'scp' AS kind",
    "MATCH (p:ResourceControlPolicy)-[:ATTACHED_TO]->(t) RETURN p.id AS policy, t.id AS target, 'rcp' AS kind",
)

_USER = """RETURN u.id AS id, u.account_id AS account, u.unique_id AS unique_id, u.tags AS tags, u.scope AS scope"""
USERS = f"MATCH (u:User) {_USER}"
USERS_BY_ID = f"UNWIND $ids AS wanted MATCH (u:User {{id: wanted}}) {_USER}"

_ROLE = """RETURN r.id AS id, r.account_id AS account, r.unique_id AS unique_id, r.tags AS tags, r.scope AS scope,
       r.trust_policy AS trust, r.trust_malformed AS malformed, r.service_linked AS service_linked"""
ROLES = f"MATCH (r:Role) {_ROLE}"
ROLES_BY_ID = f"UNWIND $ids AS wanted MATCH (r:Role {{id: wanted}}) {_ROLE}"

GROUPS = "MATCH (g:Group) RETURN g.id AS id"

ROOT_USERS = "MATCH (u:RootUser) RETURN u.id AS id, u.account_id AS account"

_MEMBER = "RETURN u.id AS member, g.id AS group_id"
MEMBERS = f"MATCH (u:User)-[:MEMBER_OF]->(g:Group) {_MEMBER}"
MEMBERS_BY_ID = f"UNWIND $ids AS wanted MATCH (u:User {{id: wanted}})-[:MEMBER_OF]->(g:Group) {_MEMBER}"

_ATTACHED = "RETURN p.id AS policy, h.id AS holder"
ATTACHED = tuple(
    f"MATCH (p:{policy})-[:ATTACHED_TO]->(h:{holder}) {_ATTACHED}"
    for policy in ("ManagedPolicy", "InlinePolicy")
    for holder in ("User", "Group", "Role")
)
ATTACHED_BY_ID = tuple(
    f"UNWIND $ids AS wanted MATCH (h:{holder} {{id: wanted}})<-[:ATTACHED_TO]-(p) {_ATTACHED}"
    for holder in ("User", "Group", "Role")
)

_BOUND = "RETURN h.id AS holder, p.id AS policy"
BOUNDARIES = tuple(f"MATCH (h:{holder})-[:BOUNDED_BY]->(p:ManagedPolicy) {_BOUND}" for holder in ("User", "Role"))
BOUNDARIES_BY_ID = tuple(
    f"UNWIND $ids AS wanted MATCH (h:{holder} {{id: wanted}})-[:BOUNDED_BY]->(p:ManagedPolicy) {_BOUND}"
    for holder in ("User", "Role")
)

_DOCUMENT = "RETURN p.id AS id, p.document AS document, p.document_hash AS hash, p.malformed AS malformed"
_POLICIES = ("ManagedPolicy", "InlinePolicy", "ServiceControlPolicy", "ResourceControlPolicy")
DOCUMENTS = {kind: f"MATCH (p:{kind}) {_DOCUMENT}" for kind in _POLICIES}
DOCUMENTS_BY_ID = {kind: f"UNWIND $ids AS wanted MATCH (p:{kind} {{id: wanted}}) {_DOCUMENT}" for kind in _POLICIES}

COUNTED_VERSIONS = """MATCH (p:ManagedPolicy)
WHERE p.versions > 1
RETURN p.id AS id, p.versions AS versions, p.aws_managed AS aws_managed"""

VERSIONS = """MATCH (p:ManagedPolicy)-[:HAS_VERSION]->(v:PolicyVersion)
RETURN p.id AS policy, v.id AS id, v.document AS document, v.document_hash AS hash, v.malformed AS malformed
ORDER BY id"""

PERMISSION_SETS = """MATCH (s:PermissionSet)
OPTIONAL MATCH (s)-[:PROVISIONED_IN]->(a:Account)
RETURN s.id AS id, s.name AS name, collect(a.id) AS accounts"""

ASSIGNMENTS = """MATCH (h)-[held:ASSIGNED_TO]->(s:PermissionSet)
RETURN h.id AS holder, s.id AS permission_set, held.account_id AS account"""

ROLES_BY_NAME = "MATCH (r:Role {name: $name}) WHERE r.account_id = $account RETURN r.id AS id"

INSTANCES = """MATCH (i:IdentityCenterInstance)
RETURN i.id AS id, i.account_id AS account, i.region AS region, i.identity_store_id AS store"""

SETS_OF_INSTANCES = """MATCH (i:IdentityCenterInstance)-[:CONTAINS]->(s:PermissionSet)
OPTIONAL MATCH (s)-[:PROVISIONED_IN]->(a:Account)
RETURN i.id AS instance, s.id AS id, s.name AS name, s.tags AS tags, s.customer_policies AS customer_policies,
       s.boundary_customer_policy AS customer_boundary, collect(a.id) AS accounts
ORDER BY id"""

POLICIES_OF_SETS = tuple(
    f"MATCH (p:{policy})-[:ATTACHED_TO]->(s:PermissionSet) RETURN p.id AS policy, s.id AS holder"
    for policy in ("ManagedPolicy", "InlinePolicy")
)

BOUNDARIES_OF_SETS = "MATCH (s:PermissionSet)-[:BOUNDED_BY]->(p:ManagedPolicy) RETURN s.id AS holder, p.id AS policy"

_HOLD = "MATCH (i:IdentityCenterInstance {id: $instance})-[:CONTAINS]->(s:PermissionSet)<-[:ASSIGNED_TO]-"
GROUPS_THAT_HOLD = f"{_HOLD}(g:IdentityCenterGroup) RETURN DISTINCT g.id AS id"
PEOPLE_THAT_HOLD = (
    f"{_HOLD}(u:IdentityCenterUser) RETURN DISTINCT u.id AS id",
    f"{_HOLD}(g:IdentityCenterGroup)<-[:MEMBER_OF]-(u:IdentityCenterUser) RETURN DISTINCT u.id AS id",
)
GROUPS_OF_INSTANCES = """MATCH (i:IdentityCenterInstance {id: $instance})-[:CONTAINS]->(g:IdentityCenterGroup)
RETURN g.id AS id"""

DELEGATES = """MATCH (o:Organization)-[d:DELEGATES_TO]->(a:Account)
WHERE d.service = $service
RETURN DISTINCT a.id AS account"""

COMPUTE = """MATCH (c:Compute)
WHERE c.scope <> 'reference'
RETURN c.id AS id, labels(c) AS labels, c.account_id AS account, c.region AS region, c.tags AS tags,
       c.policy AS policy, c.policy_unread AS policy_unread, c.ssm_managed AS ssm_managed,
       c.enable_execute_command AS enable_execute_command,
       c.batch_builds AS batch_builds, c.permission_model = 'SELF_MANAGED' AS self_managed,
       c.package_type = 'Zip' AS zip"""

RUNS_AS = "MATCH (c:Compute)-[a:RUNS_AS]->(r:Role) RETURN c.id AS id, r.id AS role, a.capacity AS capacity"

SCOPES_OF = """MATCH (s:Scope)
WHERE s.collector IN $collectors
RETURN s.id AS id, s.status AS status, s.completed_at AS completed_at, s.refusals AS refusals"""

USERS_WITH_KEYS = "MATCH (u:User)-[:HAS_ACCESS_KEY]->(k:AccessKey) RETURN u.id AS id, count(k) AS keys"

PASSWORDS = "MATCH (u:User) WHERE u.console_access IS NOT NULL RETURN u.id AS id, u.console_access AS password"

SECOND_FACTORS = "MATCH (u:User) WHERE u.mfa_active IS NOT NULL RETURN u.id AS id, u.mfa_active AS active"

SAML_PROVIDERS = """MATCH (p:SamlProvider)
WHERE p.scope <> 'reference'
RETURN p.id AS id, p.account_id AS account"""

PROFILED = "MATCH (p:InstanceProfile)-[:HAS_ROLE]->(r:Role) RETURN DISTINCT r.id AS id"
