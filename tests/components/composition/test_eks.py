"""An EKS cluster as an environment describes it: the cluster, its protection, its controller."""

import functools
from dataclasses import dataclass, field

from linkmesh.composition.charts import ChartSources
from linkmesh.composition.eks import make_eks
from linkmesh.environment import chain
from tests import engine
from tests.components.environment.described import ADMINS, on_aws, planned

SOURCES = ChartSources(charts="/srv/charts", aws_charts="/srv/aws-charts", chart_values={})
CLUSTER = "aws:eks/cluster:Cluster"
DESCRIBED = planned(
    on_aws("west", block=10, protect=True, log_retention_days=30),
    on_aws("east", block=20),
    links=chain("west", "east"),
)


@dataclass(frozen=True)
class Known:
    """A network that is there."""

    vpc_id: str = "vpc-1"
    private_subnet_ids: list[str] = field(default_factory=lambda: ["subnet-1", "subnet-2"])
    control_plane_subnet_ids: list[str] = field(default_factory=lambda: ["subnet-3", "subnet-4"])


@functools.cache
def deployed(name: str) -> engine.Notes:
    """Make one cluster, called from a NAT gateway."""

    def program() -> None:
        make_eks(
            DESCRIBED.environment,
            DESCRIBED.clusters[name],
            Known(),
            SOURCES,
            lambda block: block if isinstance(block, str) else "203.0.113.7/32",
            {},
        )

    return engine.run(program)


def test_protection_is_for_pulumi_and_for_aws_and_only_where_asked() -> None:
    made = {name: deployed(name).one(CLUSTER) for name in DESCRIBED.names}

    assert (made["west"].protected, made["west"].inputs["deletionProtection"]) == (True, True)
    assert not made["east"].protected
    assert not made["east"].inputs.get("deletionProtection")


def test_administrators_of_the_environment_administer_the_cluster() -> None:
    entries = deployed("east").of("aws:eks/accessEntry:AccessEntry")

    assert [entry.inputs["principalArn"] for entry in entries] == ADMINS


def test_logs_are_stored_as_long_as_described() -> None:
    group = deployed("west").one("aws:cloudwatch/logGroup:LogGroup")

    assert group.inputs["retentionInDays"] == 30


def test_the_load_balancer_controller_comes_from_where_the_sources_say() -> None:
    release = deployed("east").one("kubernetes:helm.sh/v3:Release")

    assert release.inputs["chart"] == "/srv/aws-charts/aws-load-balancer-controller"
