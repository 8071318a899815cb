/*
question = "Which buckets does nothing keep from becoming public?"
group = "data"
variations = [
  "(which|what|list|show|show me|find) [the|s3] buckets (without|with no|that lack|lack) [a] (public access block|block public access) [in {accounts}]",
  "(which|what|list|show|show me|find) buckets (could become|can become|could be made|can be made) public [in {accounts}]",
  "(which|what|list|show|show me|find) [s3] buckets {without} [a] (public access block|block public access) [in {accounts}]",
  "buckets [where] [the] block public access is (off|not enabled|not set|missing)",
  "buckets [that are] not (protected|kept|prevented|blocked|guarded) [from|against] [becoming|being|getting] public [access]",
]
collectors = ["s3"]
severity = "medium"
documentation = """
Buckets where S3 Block Public Access, of the bucket or its account, leaves one of its four settings off. They need not be
public: one policy makes them so.
"""
advice = """
Turn all four on for the account, and let a service control policy keep them on.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 2.1.4",
  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
bucket = "The bucket."
account = "Its account."
off = "The settings that are off."
*/
MATCH (b:Bucket)
WHERE (size($accounts) = 0 OR b.account_id IN $accounts)
WITH b, CASE WHEN b.block_public_acls = false THEN ['block_public_acls'] ELSE [] END
     + CASE WHEN b.ignore_public_acls = false THEN ['ignore_public_acls'] ELSE [] END
     + CASE WHEN b.block_public_policy = false THEN ['block_public_policy'] ELSE [] END
     + CASE WHEN b.restrict_public_buckets = false THEN ['restrict_public_buckets'] ELSE [] END AS off
WHERE size(off) > 0
RETURN b.id AS bucket, b.account_id AS account, off AS off
ORDER BY bucket
