"""What the principal chooses: whether some name of a new thing lets all be done on it that a technique does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..iam.conditions import Other
from ..iam.evaluate import Weighed
from ..iam.formula import Holds, Unsure
from ..iam.knowledge import Known
from ..iam.ways import OPEN, all_ways, any_way
from .asker import Asker, Requests
from .choices import ANY, names, patterns, regions

DOCUMENT = "{document}"
COMMANDS = (
    *("AWS-RunShellScript", "AWS-RunPowerShellScript", "AWS-RunRemoteScript", "AWS-RunDocument"),
    *("AWS-ApplyAnsiblePlaybooks", "AWS-RunAnsiblePlaybook", "AWS-RunSaltState", "AWS-ApplyChefRecipes"),
    *("AWS-ApplyDSCMofs", "AWS-InstallApplication", "AWS-InstallPowerShellModule"),
)
"""Documents of AWS that run what the caller gives them.

https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html
https://docs.aws.amazon.com/systems-manager/latest/userguide/run-remote-documents.html
"""
TOO_MANY = Weighed(Unsure("too many patterns of names are allowed to tell whether one name is for all"), ())
SOME_DOCUMENT = Weighed(Holds(Other("the document runs commands that the caller gives it")), ())


@dataclass
class Making:
    """Tries names of what an asker makes."""

    requests: Requests

    def chosen(
        self, who: Asker, template: str, actions: tuple[str, ...], region: str | None, beside: Known | None = None
    ) -> Weighed:
        """Whether some resource that the asker chooses lets all the actions be done on it.

        ``beside`` is what is known of the requests besides where they are made.
        """
        more = beside or {}
        return self.requests.once(
            (id(who.policies), template, actions, region, *more.items()),
            lambda: any_way(self._tries(who, template, actions, region, more)),
        )

    def named(
        self, who: Asker, action: str, template: str, beside: Iterable[str]
    ) -> Iterator[tuple[str | None, str, Weighed]]:
        """Each name that is tried of a new thing, with the region, any where it is None, and whether it may be made.

        ``beside`` are patterns of such names that something else is allowed on.
        """
        found = tuple(dict.fromkeys([*patterns(self.requests.cut(who, action.lower())), *beside]))
        partition = who.caller.partition
        every = regions(found, partition)
        for place in every:
            region = place if place != every[0] else None
            filled = template.replace("{partition}", partition).replace("{region}", place)
            tried = names(filled.replace("{account}", who.account), found)
            for name in tried.arns:
                yield region, name, self._does(who, action, name, in_region(region))
            if not tried.all:
                yield region, "", TOO_MANY

    def _tries(
        self, who: Asker, template: str, actions: tuple[str, ...], region: str | None, beside: Known
    ) -> Iterator[Weighed]:
        found = tuple(dict.fromkeys(p for a in actions for p in patterns(self.requests.cut(who, a.lower()))))
        partition = who.caller.partition
        every = regions(found, partition)
        for place in (region,) if region else every:
            known = {**in_region(place if region or place != every[0] else None), **beside}
            for open_template, if_so in _kinds_of(template, who.account):
                filled = open_template.replace("{partition}", partition).replace("{region}", place)
                tried = names(filled.replace("{account}", who.account), found)
                for name in tried.arns:
                    yield all_ways([*(self._does(who, action, name, known) for action in actions), if_so])
                if not tried.all and len(actions) > 1:
                    alone = (self.chosen(who, template, (action,), region, beside) for action in actions)
                    yield all_ways([TOO_MANY, *alone, if_so])

    def _does(self, who: Asker, action: str, name: str, known: Known) -> Weighed:
        named = self.requests.named(who, action, name)
        return any_way(all_ways([self.requests.ask(who, action, one, known), if_so]) for one, if_so in named)


def _kinds_of(template: str, account: str) -> Iterator[tuple[str, Weighed]]:
    """The template, or for documents each kind of them, with what must be so besides.

    Documents of AWS belong to no account. What another one runs, or whether there is one, is not known.
    """
    if DOCUMENT not in template:
        yield template, OPEN
        return
    for name in COMMANDS:
        yield template.replace("{owner}", "").replace(DOCUMENT, name), OPEN
    for owner in ("", account):
        yield template.replace("{owner}", owner).replace(DOCUMENT, ANY), SOME_DOCUMENT


def in_region(region: str | None) -> Known:
    """What is known of a request in a region."""
    return {"aws:requestedregion": (region,)} if region else {}
