"""What a principal comes by once what keeps it from that is undone, by itself or by one who can act as it then.

Only who does not administer its account as it is gains anything by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ..iam.administering.administrators import Administrators
from ..iam.administering.undoing import SET_DEFAULT, Held, Step, settings, undone
from ..iam.administering.ways import OPEN, SHUT, all_ways, any_way
from ..iam.conditions.formula import ALWAYS, NEVER, doubts, settled
from ..iam.estates.estate import Identity, IdentityKind
from ..iam.evaluation.evaluate import Weighed
from .asker import Asker
from .changing import Changes
from .requesting import has_already
from .technique import Technique, Undoes


@dataclass
class Regaining:
    """Weighs the techniques that undo something."""

    changes: Changes
    administrators: Administrators
    _comes_by: dict[str, Weighed] = field(default_factory=dict)
    _those: dict[tuple[Undoes, str, IdentityKind], list[Identity]] = field(default_factory=dict)
    _after: dict[tuple[object, ...], Weighed] = field(default_factory=dict)

    def by_itself(self, who: Asker, technique: Technique) -> Weighed:
        """When the asker administers its account once it has undone what holds it itself."""
        assert who.identity is not None
        full = self.changes.requests.holdings.full
        if technique.undoes is Undoes.BOUNDARY:
            freed = self.changes.freed(who)
            return any_way(all_ways([way, full(free.identity or who.identity, free.policies)]) for free, way in freed)
        if technique.undoes is None or not self._may_gain(technique.undoes, who.identity):
            return SHUT
        held = self._held(who.identity)
        starts = [(who, held, OPEN)]
        starts += [(free, held.under(_boundary(free)), way) for free, way in self.changes.freed(who)]
        found = (
            (way, step, asked)
            for start, left, way in starts
            for step, asked in undone(left, partial(self._asked_as_left, start))
        )
        ways = (all_ways([way, asked, self._once_taken(step)]) for way, step, asked in found if _is_of(step, technique))
        return self._gained(who.identity, any_way(ways))

    def of(self, who: Asker, technique: Technique, target: Identity) -> Weighed:
        """When the target administers its account once the asker has undone what holds it."""
        held = self._held(target)
        lifts = [(held.under(boundary), way) for boundary, way in self.changes.lifts(who, target)]
        if technique.undoes is Undoes.BOUNDARY:
            return self._gained(target, any_way(all_ways([way, self._once(free)]) for free, way in lifts))
        ways = (
            all_ways([way, asked, self._once_taken(step)])
            for start, way in ((held, OPEN), *lifts)
            if way.formula is not NEVER
            for step, asked in undone(start, partial(self.changes.undoing, who))
            if _is_of(step, technique)
        )
        return self._gained(target, any_way(ways))

    def those(self, technique: Technique, targets: Sequence[Identity]) -> Sequence[Identity]:
        """Those of an account's users or roles that may gain something by what the technique undoes, if it does."""
        if technique.undoes is None or not targets:
            return targets
        key = technique.undoes, targets[0].account, targets[0].kind
        if key not in self._those:
            self._those[key] = [target for target in targets if self._may_gain(technique.undoes, target)]
        return self._those[key]

    def _may_gain(self, undoes: Undoes, target: Identity) -> bool:
        """Whether there is anything to undo by which it may gain something, whoever undoes it."""
        at_best = self._at_best(undoes, self._held(target))
        return any(way.formula is not NEVER for way in at_best) and self._now(target).formula is not ALWAYS

    def _at_best(self, undoes: Undoes, held: Held) -> Iterator[Weighed]:
        """What the target may come by where everything that holds it can be undone."""
        if undoes is Undoes.BOUNDARY and held.identity.boundary:
            yield self._once(held.under(None))
        elif undoes is Undoes.REFUSAL and any(map(held.denies, held.ids)):
            yield self._once(held.under(None).undenied)
        elif undoes is Undoes.VERSION and any(settings(held)):
            yield from (self._once_taken(step) for step in settings(held.under(None).undenied))

    def _gained(self, target: Identity, way: Weighed) -> Weighed:
        """The way, if it leads to more than there is; that something else is not known of what there is is no more."""
        now = self._now(target).formula
        if any(doubts(way.formula)):
            now = settled(now, ALWAYS)
        return SHUT if has_already(way.formula, now) else way

    def _now(self, target: Identity) -> Weighed:
        if target.arn not in self._comes_by:
            self._comes_by[target.arn] = self.administrators.comes_by(self._held(target))
        return self._comes_by[target.arn]

    def _once_taken(self, step: Step) -> Weighed:
        """What the identity comes by then."""
        return self._once(step.then) if step.doubt is None else Weighed(step.doubt, ())

    def _once(self, held: Held) -> Weighed:
        identity = held.identity
        changed = (*held.groups.items(), *((name, policy.id) for name, policy in held.versions.items()))
        key = identity.arn, identity.policies, identity.groups, identity.boundary, changed
        if key not in self._after:
            self._after[key] = self.administrators.comes_by(held)
        return self._after[key]

    def _held(self, identity: Identity) -> Held:
        return Held(self.changes.requests.estate, identity)

    def _asked_as_left(self, who: Asker, step: Step) -> Weighed:
        """What comes of a request about itself, with what of its policies applies to it by then."""
        left = set(step.before.ids)
        identity = tuple(policy for policy in who.policies.identity if policy.id in left)
        if len(identity) < len(who.policies.identity):
            who = replace(who, policies=replace(who.policies, identity=identity))
        return self.changes.undoing(who, step)


def _boundary(who: Asker) -> str | None:
    return who.identity.boundary if who.identity else None


def _is_of(step: Step, technique: Technique) -> bool:
    """Whether a way that ends with the step is one by the technique."""
    return (step.action == SET_DEFAULT) is (technique.undoes is Undoes.VERSION)
