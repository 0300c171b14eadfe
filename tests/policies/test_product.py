"""What this project's own components make breaks none of the rules."""

from collections.abc import Iterable

from policies.rules import RULES, Resource
from tests.components.eks_cluster.described import made, ordinary, with_balancers
from tests.engine import Noted, Secret

# What is told only, and on purpose, since it depends on the day.
OF_THE_DAY = {"eks-support-ends"}


def judged(resources: Iterable[Noted], stack: str) -> list[str]:
    """Name the rules that find something in what the note-taking engine was told."""
    seen = [
        Resource(
            type=each.type,
            name=each.name,
            urn=f"urn:pulumi:{stack}::linkmesh::{each.type}::{each.name}",
            props={
                key: value.value if isinstance(value, Secret) else value
                for key, value in each.inputs.items()
            },
            protected=each.protected,
        )
        for each in resources
    ]
    return [rule.name for rule in RULES if rule.name not in OF_THE_DAY if [*rule.check(seen)]]


def test_an_ordinary_cluster_keeps_every_rule() -> None:
    assert judged(ordinary().resources, "dev.west") == []
    assert judged(with_balancers().resources, "dev.west") == []


def test_a_protected_cluster_keeps_those_of_production() -> None:
    assert judged(made(deletion_protection=True).resources, "prod.west") == []


def test_an_unprotected_one_does_not() -> None:
    assert judged(ordinary().resources, "prod.west") == [
        "eks-prod-deletion-protection",
        "eks-prod-protected",
    ]
