"""A request: who wants to do what to which resource, and what is known of its context."""

from __future__ import annotations

from dataclasses import field

from ..conditions.context import Context
from ..immutable import immutable
from ..policies.principals import Caller

LISTS_BUCKETS = "s3:listallmybuckets"


def asked_about(action: str, resource: str, partition: str) -> str:
    """The resource that policies are asked about: for the list of all buckets, which names none, every bucket.

    ``arn:aws:s3:::*`` is what AWS has a group be allowed it on, after which "the console should now list all the
    buckets".

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html
    """
    return f"arn:{partition}:s3:::*" if resource == "*" and action == LISTS_BUCKETS else resource


@immutable()
class Request:
    """What is asked: ``resource`` is an ARN, or ``*`` for an action that acts on no one resource.

    ``folded`` is the action in lower case, which every stage of an evaluation asks for.
    """

    caller: Caller
    action: str
    resource: str = "*"
    resource_account: str | None = None
    context: Context = field(default_factory=Context)
    folded: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        folded = self.action.lower()
        object.__setattr__(self, "folded", folded)
        if self.resource == "*":
            object.__setattr__(self, "resource", asked_about(folded, "*", self.caller.partition))
