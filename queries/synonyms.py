"""Words and phrases that ask for the same, and those that say nothing of what is asked.

What is answered depends on them, so they are alike in every question: ``person`` and ``people`` are, ``user`` and
``person`` are not. ``not`` in front of a concept says that its words deny it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

NAME = "\ue001"
"""Stands for a name."""
DIRECTED = frozenset({"trust", "become", "assume", "use", "access", "reach", "administer", "delete", "share", NAME})
"""Concepts of which it matters what stands before and what behind: users that others take over, and users that take
over others."""
BY = " by"
"""Ends the concept of what is done to somebody: ``trusted by``."""
NOTHING = "nothing"
"""The concept of phrases that say nothing, though their words may."""
NOT = "not"
"""The concept of every word that denies. How many there are matters; where they stand does not."""

_CONCEPTS = """
access: accessed, accessing
accessanalyzer: access analyzer, iam access analyzer, analyzer, access analyser, analyser
account: accounts, aws account, aws accounts
action: actions
administer: administers, administering, run services for
administrator: admin, admins, administrators, administrative, superuser, superusers, admin rights, administrator
 rights, admin permissions, administrator permissions, admin privileges, administrator privileges, admin access,
 administrator access, full admin, full control, administrative rights, administrative privileges
assign: assigned, assignment, assignments
assume: assumed, assuming, assumable, enter, entered, sts assumerole, assumerole, sts:assumerole
attach: attached, attachment, attachments, hang, hanging, hung, linked
become: becoming, take over, hijack, takeover, turn into, make themselves, make themself, make itself
become by: taken over, hijacked
block public access: public access block, bpa, block on public access
bucket: buckets, s3 bucket, s3 buckets
change: changed, changes, modified, modification, modifications, altered, what is new, different
compute: workload, workloads
contact: contacts, alternate contact, alternate contacts, contact person, contact persons, contact details
control policy: control policies
credential: credentials, cred, creds
delegate: delegated, delegation
delete: deleted, removed, gone, vanished, nonexistent, no longer exist, no longer exists, no longer existing, do not
 exist anymore, don't exist anymore, that are gone
direct: directly, individually, one by one
disabled: deactivated, disabled in the directory, former, departed, left the company, have left, have left the company
enabled: enable, switched on, turned on
escalate: escalation, elevate privileges, elevate their privileges, elevation of privilege, escalations, privesc,
 privescs, privilege escalation, privilege escalations, escalate privileges, escalate their privileges, escalate
 rights, escalating, privilege escalation paths, escalation paths, privesc paths
external id: external ids, externalid, sts:externalid
federate: federated, federation, federation trust
finding: findings, found
function: functions, lambda, lambdas, lambda function, lambda functions
grant: grants, granted, granting
group: groups
identity: identities
imdsv2: imds v2, version 2 of the metadata service
ingest: ingestion, ingestions, ingested
inline: in line
instance: instances, ec2, ec2 instance, ec2 instances, server, servers, vm, vms, virtual machine, virtual machines,
 boxes
key: keys, access key, access keys, iam access key, iam access keys
know: known
leave: leaving
lock: locked
long lived: long-lived, longlived, permanent, static
machine: machines, bot, bots, non human, non-human, nonhuman, robot, robots
management account: master account, payer account, organization's management account, org management account,
 management accounts
member: members, membership
mfa: 2fa, totp, second factor, second factors, two factor, two-factor, multi factor, multi-factor, multifactor, mfa
 device, mfa devices, 2fa device, multi factor authentication, multi-factor authentication, multifactor authentication,
 two factor authentication, two-factor authentication
nonproduction: non production, non-production, nonprod, non-prod, non prod
not: no, without, lack, lacks, lacking, missing, never, none, nobody, nothing, cannot, can't, isn't, aren't, don't,
 doesn't, didn't, haven't, hasn't, wasn't, weren't, won't, couldn't, w/o, wo, no one, with no, not any, neither,
 nowhere, w/out, none of, failed to, unable to, kept from, keep from, keeps from, prevented from, prevents from,
 stopped from, blocked from, forbidden, prohibited
not assign: unassigned
not attach: unattached
not delegate: undelegated
not enabled: off, switched off, turned off
not imdsv2: imdsv1, imds v1
not know: unknown, unclear, unidentified, unexplained
not lock: unlocked
not member: empty
not parse: malformed, broken, unparseable, invalid
not read: unread, unreadable
not rotate: unrotated
not scp: unguarded, unrestricted
not use: unused, idle, stale, dormant, inactive, unneeded
nothing: in identity center, in iam identity center, inventory of, an inventory of, evidence of, the names of,
 muniment, in our estate, in our organization, in our organisation, in the organization, in the organisation, across
 the organization, in our org, in our aws environment, in aws, a list of, list of, an overview of, overview of, one of,
 i need, i want, we need, tell me
old: older, age, aged
organization: organisation, org
other: others, another, somebody else, someone else, anyone else, anybody else, other people, other principals, other
 users
outside: external, externally, outsider, outsiders, third party, third parties, third-party, vendor, vendors, foreign,
 outside the organization, outside our organization, outside the organisation, outside our organisation, other
 organization, other organizations, supplier, suppliers, not in our organization, not in our organisation, not part of
 our organization, that do not belong to our organization, which do not belong to our organization, external party,
 external parties, outside of the organization, outside of our organization
parse: parsed, understood, parseable
password policy: password policies, passwords policy, password rules
people: person, persons, individual, individuals, human, humans, employee, employees, staff, human being, human beings,
 colleagues, colleague
permission set: permission sets
policy: policies, iam policy, iam policies
principal: principals
production: prod, prd
provider: providers, identity provider, identity providers, idp, idps, saml provider, saml providers, oidc provider,
 oidc providers
public: internet, anyone, anybody, everyone, everybody, the world, the whole world, stranger, strangers, internet
 facing, internet-facing, publicly, publicly accessible, public internet, the public, anyone in the world, anyone at
 all, whole world
rcp: rcps, resource control policy, resource control policies
read: reads, reading, readable
repository: repositories, repo, repos
resource: resources, ressource, ressources
role: roles, iam role, iam roles
root: root user, root users, root account, root accounts
rotate: rotated, rotation, rotating, renewed, renewal
run: runs, running, ran
scp: scps, service control policy, service control policies, guardrail, guardrails, guard rail, guard rails
secret: secrets, secrets manager secret, secrets manager secrets
service: services
share: shared, sharing
snapshot: snapshots, ebs snapshot, ebs snapshots, rds snapshot, rds snapshots
star: wildcard, wildcards, *, stars, asterisk
statement: statements
support: aws support, support case, support cases, support tickets
suspend: suspended, closed, being closed, closing
systems manager: ssm, session manager
technique: techniques
trust: trusts, trusted, trusting
two: 2, several, multiple, more than one, at least two
unit: units, ou, ous, organizational unit, organizational units, organisational unit, organisational units
use: uses, used, using, usage
user: users, iam user, iam users
vault: vaults, backup vault, backup vaults
weak: insufficient, lax, poor, too short, too weak
"""

_SILENT = """
a able about actually all allowed also am an and/or any anything anywhere are as at aws be been being by can configured
could currently defined did display do does each effective effectively estate ever every everything exist existing
exists find for from give given had has have having help here hold holding holds i in incl including into is it its let
lets list listing may me might must now of on or our ours out overview per permitted please pointing possible present
print provide real really recorded registered report see should show so some still such tell that the their them there
these they thing things this those to today us via was we were what where which who whom whose will with within would
you
"""


@lru_cache(maxsize=1)
def silent() -> frozenset[str]:
    """Words that say nothing of what is asked."""
    return frozenset(_SILENT.split())


@lru_cache(maxsize=1)
def concepts() -> Mapping[str, tuple[str, ...]]:
    """For each word or phrase, what it speaks of: ``unused`` of ``not`` and ``use``."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _CONCEPTS.strip().replace("\n ", " ").splitlines():
        name, _, ways = line.partition(":")
        denied = name.startswith(f"{NOT} ")
        concept = (NOT, name.removeprefix(f"{NOT} ")) if denied else (name,) if name != NOTHING else ()
        for way in [*ways.split(","), *([] if denied or name == NOTHING else [name])]:
            found[way.strip()] = concept
    return found


def denials() -> frozenset[str]:
    """Single words that deny and nothing else."""
    return frozenset(way for way, concept in concepts().items() if concept == (NOT,) and " " not in way)


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The words and phrases of concepts by their first word, the longest first."""
    found = defaultdict(list)
    for way in sorted((tuple(way.split()) for way in concepts()), key=len, reverse=True):
        found[way[0]].append(way)
    return {first: tuple(ways) for first, ways in found.items()}


def spoken(words: Sequence[str]) -> Iterator[str]:
    """The concepts that words speak of, in their order; a word of none stands for itself, unless it says nothing."""
    at = 0
    while at < len(words):
        ways = _phrases().get(words[at], ())
        if way := next((way for way in ways if tuple(words[at : at + len(way)]) == way), None):
            at += len(way)
            meant = concepts()[" ".join(way)]
            if words[at : at + 1] == ["by"] and meant[-1:] and meant[-1] in DIRECTED:
                meant = (*meant[:-1], f"{meant[-1]}{BY}")
            yield from meant
        else:
            if words[at] not in silent():
                yield words[at]
            at += 1
