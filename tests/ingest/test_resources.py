"""What is read of resources that hold data: from the emulated cloud, and from responses that it does not give."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from muniment.ingest import Entrance, LiveSource, Request, discover, listings
from muniment.ingest.encoding import encode
from muniment.schema import Edge, Listing, Node, Status

from .answers import Answers, edges, nodes, read
from .cloud import MANAGEMENT, Cloud

REGION = "us-east-1"
OTHER_REGION = "eu-west-1"
ACCOUNT = "222222222222"
COLLECTORS = (
    "s3",
    "kms",
    "secretsmanager",
    "parameters",
    "sqs",
    "sns",
    "dynamodb",
    "lambda",
    "ecr",
    "backup",
    "ebs-snapshots",
    "rds-snapshots",
)
SECRET = "hunter2-is-no-value-to-keep"


def policy(resource: str, action: str, principal: Any = "*") -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def read_cloud(entrance: Entrance, *collectors: str, regions: tuple[str, ...] = (REGION,)) -> dict[str, Listing]:
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=collectors, regions=regions))
    return {f"{one.scope.region}/{one.scope.collector}": one for one in listings(plan, source)}


def facts(listing: Listing) -> list[Node | Edge]:
    return [*listing.nodes, *listing.edges]


def stated(listing: Listing, kind: str) -> dict[str, dict[str, Any]]:
    """Properties of what the listing itself states, by name."""
    return {
        str(node.properties["name"]): dict(node.properties)
        for node in nodes(facts(listing), kind).values()
        if node.ownership == "scope"
    }


@pytest.fixture
def buckets(cloud: Cloud) -> Cloud:
    """A public bucket, a blocked one with a public ACL, one in another region; an access point."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="open")
    s3.put_bucket_policy(Bucket="open", Policy=policy("arn:aws:s3:::open/*", "s3:GetObject"))
    s3.create_bucket(Bucket="odd.name--1")
    s3.put_bucket_acl(Bucket="odd.name--1", ACL="public-read")
    blocks = {"BlockPublicAcls": True, "IgnorePublicAcls": False, "BlockPublicPolicy": False}
    s3.put_public_access_block(
        Bucket="odd.name--1", PublicAccessBlockConfiguration={**blocks, "RestrictPublicBuckets": False}
    )
    s3.put_bucket_tagging(Bucket="odd.name--1", Tagging={"TagSet": [{"Key": "owner", "Value": "Zoë"}]})
    s3.create_bucket(Bucket="abroad", CreateBucketConfiguration={"LocationConstraint": OTHER_REGION})
    return cloud


def test_buckets_are_read_where_they_are(buckets: Cloud, entrance: Entrance) -> None:
    found = read_cloud(entrance, "s3", regions=(REGION, OTHER_REGION))

    assert {one.status for one in found.values()} == {Status.COMPLETE}
    assert set(stated(found[f"{OTHER_REGION}/s3"], "Bucket")) == {"abroad"}
    here = stated(found[f"{REGION}/s3"], "Bucket")
    assert set(here) == {"open", "odd.name--1"}
    assert json.loads(here["open"]["policy"])["Statement"][0]["Principal"] == "*"
    assert (here["open"]["block_public_policy"], here["open"]["policy_unread"]) == (False, None)
    odd = here["odd.name--1"]
    assert odd.get("policy") is None
    assert (odd["block_public_acls"], odd["ignore_public_acls"]) == (True, False)
    assert json.loads(odd["acl"]) == [
        {"grantee": "http://acs.amazonaws.com/groups/global/AllUsers", "permission": "READ"}
    ]
    assert json.loads(odd["tags"]) == {"owner": "Zoë"}


def test_the_accounts_block_counts_for_every_bucket(buckets: Cloud, entrance: Entrance) -> None:
    answers = Answers("s3")
    _, found = read(answers, "s3", ACCOUNT, REGION)

    bucket = nodes(found, "Bucket")["arn:aws:s3:::payroll"].properties
    assert (bucket["ignore_public_acls"], bucket["restrict_public_buckets"]) == (True, True)
    assert (bucket["object_ownership"], bucket["acl"]) == ("BucketOwnerEnforced", "[]")
    assert bucket["owner_id"] == "0a1b"


def test_access_points_lead_to_buckets_also_of_other_accounts() -> None:
    reader, found = read(Answers("s3"), "s3", ACCOUNT, REGION)

    assert reader.status is Status.COMPLETE
    points = nodes(found, "AccessPoint")
    inside = points[f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/finance"].properties
    assert (inside["network_origin"], inside["vpc_id"], inside["bucket"]) == ("VPC", "vpc-0a1b2c3d", "payroll")
    assert json.loads(str(inside["policy"]))["Statement"][0]["Action"] == "s3:GetObject"
    outside = points[f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/partner"].properties
    assert (outside.get("policy"), outside["policy_unread"]) == (None, None)
    assert edges(found, "ACCESS_POINT_OF") == {
        (f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/finance", "arn:aws:s3:::payroll"),
        (f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/partner", "arn:aws:s3:::of-a-partner"),
    }
    assert nodes(found, "Bucket")["arn:aws:s3:::of-a-partner"].ownership == "reference"


def test_a_bucket_deleted_between_two_calls_is_none() -> None:
    _, found = read(Answers("s3"), "s3", ACCOUNT, REGION)

    assert "arn:aws:s3:::just-deleted" not in nodes(found, "Bucket")


def test_one_bucket_that_refuses_is_not_taken_for_one_without_policy() -> None:
    reader, found = read(Answers("s3", GetBucketPolicy="AccessDenied"), "s3", ACCOUNT, REGION)

    assert reader.status is Status.PARTIAL
    assert nodes(found, "Bucket")["arn:aws:s3:::payroll"].properties["policy_unread"] == "AccessDenied"


def test_an_accounts_block_that_is_unread_is_not_taken_for_none() -> None:
    reader, found = read(Answers("s3", GetPublicAccessBlock="AccessDenied"), "s3", ACCOUNT, REGION)

    bucket = nodes(found, "Bucket")["arn:aws:s3:::payroll"].properties
    assert reader.status is Status.PARTIAL
    assert (bucket["ignore_public_acls"], bucket["policy_unread"]) == (None, "AccessDenied")


def test_access_points_that_could_not_be_listed_are_not_taken_for_none() -> None:
    reader, found = read(Answers("s3", ListAccessPoints="AccessDenied"), "s3", ACCOUNT, REGION)

    assert reader.status is Status.PARTIAL
    assert nodes(found, "Bucket")["arn:aws:s3:::payroll"].properties["access_points_unread"] == "AccessDenied"
    assert not nodes(found, "AccessPoint")
    _, read_all = read(Answers("s3"), "s3", ACCOUNT, REGION)
    assert nodes(read_all, "Bucket")["arn:aws:s3:::payroll"].properties["access_points_unread"] is None


@pytest.fixture
def keys(cloud: Cloud) -> str:
    """A key with an alias and a grant; its ARN."""
    kms = cloud.client("kms")
    key = kms.create_key(Tags=[{"TagKey": "owner", "TagValue": "payments"}])["KeyMetadata"]
    kms.create_alias(AliasName="alias/payments", TargetKeyId=key["KeyId"])
    grantee = f"arn:aws:iam::{MANAGEMENT}:role/app"
    kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=grantee, Operations=["Decrypt"])
    return str(key["Arn"])


def test_a_key_has_its_policy_grants_and_alias(keys: str, entrance: Entrance) -> None:
    (listing,) = read_cloud(entrance, "kms").values()

    key = nodes(facts(listing), "KmsKey")[keys].properties
    assert listing.status is Status.COMPLETE
    assert (key["name"], key["manager"], key["state"]) == ("payments", "CUSTOMER", "Enabled")
    (grant,) = json.loads(str(key["grants"]))
    assert (grant["grantee"], grant["operations"]) == (f"arn:aws:iam::{MANAGEMENT}:role/app", ["Decrypt"])
    assert "kms:*" in str(key["policy"])
    assert json.loads(str(key["tags"])) == {"owner": "payments"}


def test_nothing_is_asked_of_keys_that_aws_manages() -> None:
    source = Answers("kms")
    reader, found = read(source, "kms", ACCOUNT, REGION)

    assert reader.status is Status.COMPLETE
    keys = {str(key.properties["name"]): key.properties for key in nodes(found, "KmsKey").values()}
    assert (keys["aws/s3"]["manager"], keys["aws/s3"]["policy_unread"]) == ("AWS", "NotAsked")
    assert keys["payments"]["grants"] == "[]"
    assert source.asked.count("DescribeKey") == 2  # not of the key with the alias of AWS's own


def test_grants_that_are_refused_are_unknown() -> None:
    reader, found = read(Answers("kms", ListGrants="AccessDeniedException"), "kms", ACCOUNT, REGION)

    payments = next(key for key in nodes(found, "KmsKey").values() if key.properties["name"] == "payments").properties
    assert reader.status is Status.PARTIAL
    assert (payments["grants"], payments["policy_unread"]) == (None, "AccessDeniedException")


def test_values_of_secrets_never_enter(cloud: Cloud, entrance: Entrance) -> None:
    cloud.client("secretsmanager").create_secret(Name="db/password+1", SecretString=SECRET)
    cloud.client("secretsmanager").put_resource_policy(
        SecretId="db/password+1", ResourcePolicy=policy("*", "secretsmanager:GetSecretValue", {"AWS": ACCOUNT})
    )
    cloud.client("ssm").put_parameter(Name="/app/key", Value=SECRET, Type="SecureString")
    cloud.client("ssm").put_parameter(Name="plain", Value=SECRET, Type="String", Tier="Advanced")

    found = read_cloud(entrance, "secretsmanager", "parameters")

    assert SECRET not in repr(found)
    secret = stated(found[f"{REGION}/secretsmanager"], "Secret")["db/password+1"]
    assert (secret["rotation_enabled"], ACCOUNT in secret["policy"]) == (False, True)
    parameters = nodes(facts(found[f"{REGION}/parameters"]), "Parameter")
    path = f"arn:aws:ssm:{REGION}:{MANAGEMENT}:parameter"
    assert parameters[f"{path}/app/key"].properties["type"] == "SecureString"
    assert f"{path}/plain" in parameters


def test_queues_topics_tables_and_repositories_are_read(cloud: Cloud, entrance: Entrance) -> None:
    queue = f"arn:aws:sqs:{REGION}:{MANAGEMENT}:jobs"
    attributes = {"Policy": policy(queue, "sqs:SendMessage")}
    cloud.client("sqs").create_queue(QueueName="jobs", Attributes=attributes, tags={"owner": "batch"})
    cloud.client("sns").create_topic(Name="news.fifo", Attributes={"FifoTopic": "true"})
    keys = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
    types = [{"AttributeName": "id", "AttributeType": "S"}]
    cloud.client("dynamodb").create_table(TableName="orders", AttributeDefinitions=types, **keys)
    cloud.client("ecr").create_repository(repositoryName="team/app")
    cloud.client("ecr").set_repository_policy(
        repositoryName="team/app", policyText=policy("*", "ecr:BatchGetImage").replace(', "Resource": "*"', "")
    )

    found = read_cloud(entrance, "sqs", "sns", "dynamodb", "ecr")

    assert {one.status for one in found.values()} == {Status.COMPLETE}
    jobs = stated(found[f"{REGION}/sqs"], "Queue")["jobs"]
    assert json.loads(jobs["tags"]) == {"owner": "batch"}
    assert "sqs:SendMessage" in jobs["policy"]
    assert "news.fifo" in stated(found[f"{REGION}/sns"], "Topic")
    assert stated(found[f"{REGION}/dynamodb"], "Table")["orders"].get("policy") is None
    assert "ecr:BatchGetImage" in stated(found[f"{REGION}/ecr"], "Repository")["team/app"]["policy"]


def test_a_function_runs_as_its_role_and_keeps_its_environment_to_itself(cloud: Cloud, entrance: Entrance) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = cloud.client("iam").create_role(RoleName="fn", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    code = io.BytesIO()
    zipfile.ZipFile(code, "w").writestr("app.py", "")
    cloud.client("lambda").create_function(
        FunctionName="fn",
        Runtime="python3.13",
        Role=role,
        Handler="app.handle",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": {"DB_PASSWORD": SECRET}},
    )
    cloud.client("lambda").add_permission(
        FunctionName="fn", StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )

    (listing,) = read_cloud(entrance, "lambda").values()

    function = stated(listing, "LambdaFunction")["fn"]
    assert listing.status is Status.COMPLETE
    assert SECRET not in repr(listing)
    assert function["environment_names"] == ["DB_PASSWORD"]
    assert "s3.amazonaws.com" in function["policy"]
    assert edges(facts(listing), "RUNS_AS") == {(f"arn:aws:lambda:{REGION}:{MANAGEMENT}:function:fn", role)}


def test_a_recording_keeps_names_of_variables_alone() -> None:
    kept = encode({"Functions": [{"Environment": {"Variables": {"DB_PASSWORD": SECRET}}}]})

    assert SECRET not in repr(kept)
    assert "DB_PASSWORD" in repr(kept)


def test_snapshots_tell_with_whom_they_are_shared(cloud: Cloud, entrance: Entrance) -> None:
    ec2 = cloud.client("ec2")
    volume = ec2.create_volume(Size=1, AvailabilityZone=f"{REGION}a")["VolumeId"]
    public, private = (ec2.create_snapshot(VolumeId=volume)["SnapshotId"] for _ in range(2))
    attribute = {"Attribute": "createVolumePermission", "OperationType": "add"}
    ec2.modify_snapshot_attribute(SnapshotId=public, GroupNames=["all"], **attribute)
    ec2.modify_snapshot_attribute(SnapshotId=private, UserIds=[ACCOUNT], **attribute)
    rds = cloud.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="x", Engine="mysql", MasterUsername="a", MasterUserPassword=SECRET
    )
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="monthly")
    rds.modify_db_snapshot_attribute(
        DBSnapshotIdentifier="monthly", AttributeName="restore", ValuesToAdd=[ACCOUNT, "all"]
    )

    found = read_cloud(entrance, "ebs-snapshots", "rds-snapshots")

    volumes = stated(found[f"{REGION}/ebs-snapshots"], "Snapshot")
    assert (volumes[public]["public"], volumes[private]["public"]) == (True, False)
    assert volumes[private]["shared_with"] == [ACCOUNT]
    monthly = stated(found[f"{REGION}/rds-snapshots"], "Snapshot")["monthly"]
    assert (monthly["public"], monthly["shared_with"]) == (True, [ACCOUNT])


def test_vaults_are_read_with_their_locks() -> None:
    reader, found = read(Answers("backup"), "backup", ACCOUNT, REGION)

    vaults = nodes(found, "BackupVault")
    locked = vaults[f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:locked"].properties
    assert reader.status is Status.COMPLETE
    assert (locked["locked"], locked["minimum_days"], locked["recovery_points"]) == (True, 35, 12)
    assert "backup:CopyIntoBackupVault" in str(locked["policy"])
    default = vaults[f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:Default"].properties
    assert (default.get("policy"), default["policy_unread"]) == (None, None)
    assert json.loads(str(default["tags"])) == {}


def test_a_policy_that_cannot_be_understood_says_so() -> None:
    _, found = read(Answers("backup"), "backup", ACCOUNT, REGION)

    broken = nodes(found, "BackupVault")[f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:broken"].properties
    assert "Principal" in str(broken["policy_malformed"])


def test_an_empty_region_costs_one_call_for_each_listing(cloud: Cloud, entrance: Entrance) -> None:
    found = read_cloud(entrance, *COLLECTORS, regions=("ap-south-1",))

    assert len(found) == len(COLLECTORS)
    for listing in found.values():
        assert (listing.status, list(listing.nodes)) == (Status.COMPLETE, [])
        assert listing.calls == (2 if listing.scope.collector == "rds-snapshots" else 1)


def test_a_region_that_refuses_is_denied_and_not_empty(cloud: Cloud, entrance: Entrance) -> None:
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=COLLECTORS, regions=(REGION,)))
    cloud.front.answer("AccessDenied")

    for listing in listings(plan, source):
        assert (listing.status, list(listing.nodes)) == (Status.DENIED, [])
