"""Words for what is owned, and the kinds that they mean."""

from __future__ import annotations

from collections.abc import Mapping

SORTS: Mapping[str, str] = {
    **dict.fromkeys(("role", "roles"), "Role"),
    **dict.fromkeys(("user", "users"), "User"),
    **dict.fromkeys(("account", "accounts"), "Account"),
    "compute": "Compute",
    **dict.fromkeys(("instance", "instances"), "Instance"),
    **dict.fromkeys(("function", "functions", "lambdas"), "LambdaFunction"),
    **dict.fromkeys(("resource", "resources"), "DataResource"),
    **dict.fromkeys(("bucket", "buckets"), "Bucket"),
    **dict.fromkeys(("secret", "secrets"), "Secret"),
    **dict.fromkeys(("key", "keys"), "KmsKey"),
    **dict.fromkeys(("queue", "queues"), "Queue"),
    **dict.fromkeys(("topic", "topics"), "Topic"),
    **dict.fromkeys(("table", "tables"), "Table"),
    **dict.fromkeys(("repository", "repositories"), "Repository"),
}
