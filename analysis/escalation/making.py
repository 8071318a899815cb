"""What the principal chooses: whether some name of a new thing lets all be done on it that a technique does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..iam.administering.ways import OPEN, all_ways, any_way
from ..iam.conditions.conditions import Other
from ..iam.conditions.formula import Holds, Unsure
from ..iam.estates.knowledge import Known
from ..iam.evaluation.evaluate import Weighed
from .asker import Asker, Requests
from .choices import ANY, names, patterns, regions, told

DOCUMENT, NOTHING = "{document}", "*"
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


class Doing(NamedTuple):
    """An action on what the asker chooses; or, with a ``key``, on no resource, where that key tells what is chosen."""

    action: str
    key: str = ""


@dataclass
class Making:
    """Tries names of what an asker makes."""

    requests: Requests

    def chosen(self, who: Asker, template: str, actions: tuple[str, ...]) -> Weighed:
        """Whether some resource that the asker chooses, wherever, lets all the actions be done on it."""
        return self.together(who, {template: tuple(map(Doing, actions))}, None)

    def together(
        self, who: Asker, wanted: Mapping[str, tuple[Doing, ...]], region: str | None, beside: Known | None = None
    ) -> Weighed:
        """Whether in some region, or the one given, the asker can choose a resource of each template for all of its.

        ``beside`` is what is known of the requests besides where they are made; the template ``*`` is no resource.
        """
        more = beside or {}
        key = (id(who.policies), "together", *wanted.items(), region, *more.items())
        return self.requests.once(key, lambda: any_way(self._regions(who, wanted, region, more)))

    def _regions(
        self, who: Asker, wanted: Mapping[str, tuple[Doing, ...]], region: str | None, more: Known
    ) -> Iterator[Weighed]:
        found = [p for template, all_ in wanted.items() if template != NOTHING for p in self._patterns(who, all_)]
        every = regions(found, who.caller.partition)
        for place in (region,) if region else every:
            known = {**in_region(place if region or place != every[0] else None), **more}
            yield all_ways(self._chosen(who, template, all_, place, known) for template, all_ in wanted.items())

    def _patterns(self, who: Asker, doings: Iterable[Doing]) -> tuple[str, ...]:
        """The patterns of what the asker may choose for all of them."""
        cuts = ((self.requests.cut(who, one.action.lower()), one.key) for one in doings)
        return tuple(dict.fromkeys(p for cut, key in cuts for p in (told(cut, key) if key else patterns(cut))))

    def _chosen(self, who: Asker, template: str, doings: tuple[Doing, ...], place: str, known: Known) -> Weighed:
        return self.requests.once(
            (id(who.policies), template, doings, place, *known.items()),
            lambda: any_way(self._tries(who, template, doings, place, known)),
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
                yield region, name, self._does(who, Doing(action), name, in_region(region))
            if not tried.all:
                yield region, "", TOO_MANY

    def _tries(
        self, who: Asker, template: str, doings: tuple[Doing, ...], place: str, known: Known
    ) -> Iterator[Weighed]:
        if template == NOTHING:
            yield all_ways(self.requests.ask(who, one.action, NOTHING, known) for one in doings)
            return
        found = self._patterns(who, doings)
        for open_template, if_so in _kinds_of(template, who.account):
            filled = open_template.replace("{partition}", who.caller.partition).replace("{region}", place)
            tried = names(filled.replace("{account}", who.account), found)
            for name in tried.arns:
                yield all_ways([*(self._does(who, one, name, known) for one in doings), if_so])
            if not tried.all and len(doings) > 1:
                alone = (self._chosen(who, template, (one,), place, known) for one in doings)
                yield all_ways([TOO_MANY, *alone, if_so])

    def _does(self, who: Asker, doing: Doing, name: str, known: Known) -> Weighed:
        return any_way(
            all_ways([self._asks(who, doing, one, known), if_so])
            for one, if_so in self.requests.named(who, doing.action, name)
        )

    def _asks(self, who: Asker, doing: Doing, name: str, known: Known) -> Weighed:
        on, more = (NOTHING, {doing.key: (name,)}) if doing.key else (name, {})
        return self.requests.ask(who, doing.action, on, {**known, **more})


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
