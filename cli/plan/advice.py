"""
Advice about a valid description: names, limits that it is near to, and versions.

A cluster has the same name in AWS as in the description, and so do its key alias and its log group:
in one account and region a name is unique. So is the name of a kind cluster on one machine. The
description contains neither account nor machine, so this is advice and no validation. Changing the
name of a deployed cluster would replace it.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from linkmesh.environment import Eks, Existing, Plan
from linkmesh.environment.limits import LIMITS, Limit, Use
from linkmesh.environment.topology import Topology
from linkmesh.name_matrix import name_problems
from linkmesh.stacks import load, names
from linkmesh.stacks.errors import LoadError
from linkmesh.support import ENDING, support_end

# From which part of a limit on `mesh plan` warns, and how many that reach it are named.
NEAR = 0.8
NAMED = 3


def advice(name: str, plan: Plan) -> list[str]:
    """List everything that should be checked."""
    today = datetime.now(UTC).date()
    return [
        *long_names(plan),
        *near_limits(plan),
        *same_names(name, plan),
        *ending_support(plan, today),
    ]


def near_limits(plan: Plan) -> list[str]:
    """List limits of which something uses 80 % or more, each with what uses most of it."""
    topology = Topology(plan.environment)
    found = []
    for limit in LIMITS:
        near = [use for use in limit.uses(topology) if use.share >= NEAR]
        if near:
            found.append(_near(limit, sorted(near, key=lambda use: use.share, reverse=True)))
    return found


def _near(limit: Limit, uses: Sequence[Use]) -> str:
    named = ", ".join(f"{use.count} of {use.most} in {use.of}" for use in uses[:NAMED])
    more = f", and {len(uses) - NAMED} more" if len(uses) > NAMED else ""
    return f"{limit.name}: {named}{more}. {limit.beyond} It can be raised: {limit.raised}"


def long_names(plan: Plan) -> list[str]:
    """Find names that are too long, also those of services that may be exported later."""
    return name_problems(plan.derived_names)


def ending_support(plan: Plan, today: date) -> list[str]:
    """List EKS clusters with a Kubernetes whose standard support ends soon."""
    return [
        f"cluster {cluster.name!r}: AWS' standard support of Kubernetes {cluster.kubernetes} ends "
        f"on {end}, and then AWS upgrades the control plane on its own. Upgrade it before, one "
        "minor version at a time: Eks(kubernetes=...)"
        for cluster in plan.environment.eks
        if (end := support_end(cluster.kubernetes)) - today <= ENDING
    ]


def same_names(name: str, plan: Plan) -> list[str]:
    """
    Find clusters with the name of one in another environment, in one region or both of kind.

    Another environment that cannot be loaded is reported; it does not matter for this one.
    """
    ours = {*_places(plan)}
    found = []
    for other in (each for each in names() if ours and each != name):
        try:
            theirs = _places(load(other))
        except LoadError as error:
            problem = str(error).strip().splitlines()[-1].strip()
            found.append(f"environment {other!r} cannot be compared with this one: {problem}")
            continue
        found += [_same(*place, other) for place in theirs if place in ours]
    return found


def _places(plan: Plan) -> list[tuple[str, str]]:
    """List the clusters whose names are unique somewhere: region, or nothing for kind, and name."""
    clusters = plan.environment.clusters
    return [
        (each.region if isinstance(each, Eks) else "", each.name)
        for each in clusters
        if not isinstance(each, Existing)
    ]


def _same(region: str, name: str, other: str) -> str:
    if region:
        return (
            f"cluster {name!r} in {region} is in environment {other!r} too. In one account, AWS "
            "would treat them as one cluster. Deploy them to different accounts, or rename the one "
            "that is not deployed yet"
        )
    return (
        f"kind cluster {name!r} is in environment {other!r} too. On one machine kind has one "
        "cluster of a name, so the second up would fail. Deploy them on different machines or one "
        "after the other, or rename the one that is not deployed yet"
    )
