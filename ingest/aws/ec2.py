"""Amazon EC2: instances, launch templates and the roles that their instance profiles hand out.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html

Two calls for a region that has neither. User data of instances is never asked for, that of templates never looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Page, Reader
from .compute import GET_ROLE, compute, names_in, role_arns, runs_as
from .references import instance_profile_reference
from .values import tags, text, timestamp

GONE = ("shutting-down", "terminated")
"""States of instances that nobody can use any more; EC2 lists them for about an hour."""

TEMPLATE_TAG = "aws:ec2launchtemplate:"
"""How the tags begin that say which launch template an instance was launched from."""

IN_EC2 = [{"Key": "ResourceType", "Values": ["EC2Instance"]}]

PROFILE_ID = "AIPA"
"""How the immutable ids of instance profiles begin."""

INSTANCES, TEMPLATES, VERSIONS = "DescribeInstances", "DescribeLaunchTemplates", "DescribeLaunchTemplateVersions"
MANAGED, PROFILES = "DescribeInstanceInformation", "ListInstanceProfiles"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's launch templates and instances."""
    profiles = _Profiles(reader)
    templates = _listed(reader.pages(TEMPLATES, MaxResults=200), "LaunchTemplates")
    versions = _versions(reader) if templates else {}
    for template in templates:
        yield from _template(reader, profiles, template, versions.get(template["LaunchTemplateId"], ()))
    known = {template["LaunchTemplateId"] for template in templates}
    reservations = _listed(reader.pages(INSTANCES, MaxResults=1000), "Reservations")
    listed = (instance for reservation in reservations for instance in reservation.get("Instances") or ())
    instances = [instance for instance in listed if (instance.get("State") or {}).get("Name") not in GONE]
    managed = _managed(reader) if instances else {}
    roles = role_arns(reader, (agent.get("IamRole") for agent in (managed or {}).values()))
    for instance in instances:
        agent = (managed or {}).get(instance["InstanceId"], {})
        yield from _instance(reader, instance, _is_managed(instance, managed), text(agent.get("PingStatus")))
        arn = _arn(reader, "instance", instance["InstanceId"])
        yield from profiles.facts(arn, instance.get("IamInstanceProfile"))
        # Default Host Management hands a role to instances whose profile, if any, does not let them be managed.
        yield from runs_as(arn, roles.get(str(agent.get("IamRole"))), "node", credentials=True)
        yield from _launched_from(reader, instance, known)


@dataclass
class _Profiles:
    """The account's instance profiles, listed once something names one."""

    reader: Reader

    def facts(self, thing: str, stated: Mapping[str, Any] | None, version: str | None = None) -> Iterator[Node | Edge]:
        """The profile that a thing was given, and the role in it.

        An instance keeps the id of a profile that was deleted; one made anew under its name gives it nothing.
        """
        if not stated:
            return
        named = self._by_name.get(str(stated.get("Arn") or stated.get("Name")))
        arn = text(stated.get("Arn")) or (named or {}).get("Arn")
        if not arn:
            return
        yield instance_profile_reference(arn)
        yield Edge("HAS_PROFILE", thing, arn)
        if named and not _is_another(stated.get("Id"), named.get("InstanceProfileId")):
            for role in named.get("Roles") or ():
                yield from runs_as(thing, role.get("Arn"), "instance", credentials=True, version=version)

    @cached_property
    def _by_name(self) -> dict[str, Page]:
        """Profiles by ARN and by name, which is unique in an account."""
        listed = _listed(self.reader.pages(PROFILES, MaxItems=1000), "InstanceProfiles")
        return {str(key): one for one in listed for key in (one.get("InstanceProfileName"), one["Arn"])}


def _is_another(stated: object, listed: object) -> bool:
    """Whether two ids are those of different instance profiles."""
    return stated != listed and all(str(one).startswith(PROFILE_ID) for one in (stated, listed))


def _listed(pages: Iterator[Page], member: str) -> list[Page]:
    return [entry for page in pages for entry in page.get(member) or ()]


def _arn(reader: Reader, kind: str, identifier: str) -> str:
    return f"arn:{reader.partition}:ec2:{reader.region}:{reader.account}:{kind}/{identifier}"


def _managed(reader: Reader) -> dict[str, Page] | None:
    """What Systems Manager says of EC2's instances, by id; None where it does not say."""
    pages = reader.pages(MANAGED, Filters=IN_EC2, MaxResults=50)
    found = {one["InstanceId"]: one for one in _listed(pages, "InstanceInformationList")}
    return None if reader.refused(MANAGED) else found


def _is_managed(stated: Page, managed: Mapping[str, Page] | None) -> bool | None:
    """Whether Systems Manager manages an instance; it says nothing of those that do not run."""
    if managed is None or stated["InstanceId"] in managed:
        return None if managed is None else True
    return False if (stated.get("State") or {}).get("Name") == "running" else None


def _instance(reader: Reader, stated: Page, managed: bool | None, agent: str | None) -> Iterator[Node | Edge]:
    identifier = stated["InstanceId"]
    tagged = {tag["Key"]: tag["Value"] for tag in stated.get("Tags") or () if "Key" in tag and "Value" in tag}
    interfaces: Sequence[Page] = stated.get("NetworkInterfaces") or ()
    groups = [group for one in interfaces for group in one.get("Groups") or ()] + (stated.get("SecurityGroups") or [])
    yield from compute(
        reader,
        "Instance",
        _arn(reader, "instance", identifier),
        tagged.get("Name") or identifier,
        {
            "instance_id": identifier,
            "tags": tags(stated.get("Tags")),
            "state": text((stated.get("State") or {}).get("Name")),
            "created_at": timestamp(stated.get("LaunchTime")),
            "instance_type": text(stated.get("InstanceType")),
            "image_id": text(stated.get("ImageId")),
            "platform": text(stated.get("PlatformDetails")) or text(stated.get("Platform")),
            "vpc_id": text(stated.get("VpcId")),
            "subnet_id": text(stated.get("SubnetId")),
            "security_groups": names_in(groups, "GroupId"),
            "private_ip": text(stated.get("PrivateIpAddress")),
            "public_ip": text(stated.get("PublicIpAddress")),
            "public": _is_public(stated, interfaces),
            "key_name": text(stated.get("KeyName")),
            "imds_required": _imds_required(stated),
            "ssm_managed": managed,
            "ssm_status": agent,
        },
    )


def _is_public(stated: Page, interfaces: Sequence[Page]) -> bool:
    """Whether any interface has an address of the internet: a public IPv4 one, or any of IPv6."""
    if stated.get("PublicIpAddress") or stated.get("Ipv6Address"):
        return True
    return any((one.get("Association") or {}).get("PublicIp") or one.get("Ipv6Addresses") for one in interfaces)


def _imds_required(stated: Mapping[str, Any]) -> bool | None:
    """Whether nobody gets metadata without a token: it is asked for, or there is no metadata to be got."""
    options = stated.get("MetadataOptions") or {}
    if options.get("HttpEndpoint") == "disabled":
        return True
    tokens = options.get("HttpTokens")
    return tokens == "required" if tokens else None


def _launched_from(reader: Reader, stated: Page, known: set[str]) -> Iterator[Node | Edge]:
    """The launch template, where it is still there and EC2's own tags name it."""
    tagged = {tag.get("Key"): tag.get("Value") for tag in stated.get("Tags") or ()}
    template = tagged.get(f"{TEMPLATE_TAG}id")
    if template in known:
        version = {"version": text(tagged.get(f"{TEMPLATE_TAG}version"))}
        ends = _arn(reader, "instance", stated["InstanceId"]), _arn(reader, "launch-template", template)
        yield Edge("LAUNCHED_FROM", *ends, version)


def _versions(reader: Reader) -> dict[str, list[Page]]:
    """The default and the latest version of every launch template, the default first."""
    found: dict[str, dict[int, Page]] = {}
    for version in _listed(reader.pages(VERSIONS, Versions=["$Default", "$Latest"]), "LaunchTemplateVersions"):
        found.setdefault(version["LaunchTemplateId"], {})[version["VersionNumber"]] = version
    return {
        template: sorted(versions.values(), key=lambda one: (not one.get("DefaultVersion"), one["VersionNumber"]))
        for template, versions in found.items()
    }


def _template(reader: Reader, profiles: _Profiles, stated: Page, versions: Sequence[Page]) -> Iterator[Node | Edge]:
    identifier = stated["LaunchTemplateId"]
    arn = _arn(reader, "launch-template", identifier)
    default = next((one for one in versions if one.get("DefaultVersion")), {}).get("LaunchTemplateData") or {}
    yield from compute(
        reader,
        "LaunchTemplate",
        arn,
        stated.get("LaunchTemplateName"),
        {
            "template_id": identifier,
            "tags": tags(stated.get("Tags")),
            "created_at": timestamp(stated.get("CreateTime")),
            "default_version": stated.get("DefaultVersionNumber"),
            "latest_version": stated.get("LatestVersionNumber"),
            "image_id": text(default.get("ImageId")),
            "instance_type": text(default.get("InstanceType")),
            "imds_required": _imds_required(default),
        },
    )
    # The default version comes last: what it says of a role that both name is what holds.
    for version in reversed(versions):
        which = "default" if version.get("DefaultVersion") else "latest"
        data = version.get("LaunchTemplateData") or {}
        yield from profiles.facts(arn, data.get("IamInstanceProfile"), which)


COLLECTOR = Collector(
    name="ec2",
    level=Level.REGION,
    calls=(
        Call("ec2", INSTANCES, (f"ec2:{INSTANCES}",)),
        Call("ec2", TEMPLATES, (f"ec2:{TEMPLATES}",)),
        Call("ec2", VERSIONS, (f"ec2:{VERSIONS}",)),
        Call("ssm", MANAGED, (f"ssm:{MANAGED}",)),
        Call("iam", PROFILES, (f"iam:{PROFILES}",)),
        GET_ROLE,
    ),
    collect=collect,
    description="Instances and launch templates, with the roles that their instance profiles hand out.",
)
