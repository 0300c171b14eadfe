"""What this project's own components make breaks none of the rules."""

from collections.abc import Iterable

from policies.rules import RULES, Resource
from tests.components.eks_cluster.described import made, ordinary, with_balancers
from tests.engine import Noted, Secret

# Only a warning, on purpose, since it depends on the date.
OF_THE_DAY = {"eks-support-ends"}


def violated(resources: Iterable[Noted], stack: str) -> list[str]:
    """Return the names of the rules that the recorded resources violate."""
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
    assert violated(ordinary().resources, "dev.west") == []
    assert violated(with_balancers().resources, "dev.west") == []


def test_a_protected_cluster_keeps_those_of_production() -> None:
    assert violated(made(deletion_protection=True).resources, "prod.west") == []


def test_an_unprotected_one_does_not() -> None:
    assert violated(ordinary().resources, "prod.west") == [
        "eks-prod-deletion-protection",
        "eks-prod-protected",
    ]
