"""An EKS cluster as an environment describes it: the cluster, its protection, its controller."""

import functools

from stacks import eks
from stacks.environment import Eks, chain
from stacks.outputs import Stacks
from stacks.settings import Settings
from tests import engine
from tests.stacks.contracts import exported
from tests.stacks.described import ADMINS, environment, on_aws

SETTINGS = Settings(charts="/srv/charts", aws_charts="/srv/aws-charts", chart_values={})
CLUSTER = "aws:eks/cluster:Cluster"
DESCRIBED = environment(
    on_aws("west", block=10, protect=True, log_retention_days=30),
    on_aws("east", block=20),
    links=chain("west", "east"),
)


@functools.cache
def deployed(name: str) -> engine.Notes:
    """Deploy one cluster, called from a NAT gateway."""

    def program() -> None:
        described = DESCRIBED.cluster(name)
        assert isinstance(described, Eks)
        nats = {"west": ["203.0.113.7/32"]}
        eks.deploy(DESCRIBED, described, Stacks.of("test"), SETTINGS, nats, {})

    return engine.run(program, stack=f"test.{name}", stacks=exported("test", DESCRIBED))


def test_protection_is_for_pulumi_and_for_aws_and_only_where_asked() -> None:
    made = {name: deployed(name).one(CLUSTER) for name in DESCRIBED.names}

    assert (made["west"].protected, made["west"].inputs["deletionProtection"]) == (True, True)
    assert not made["east"].protected
    assert not made["east"].inputs.get("deletionProtection")


def test_administrators_of_the_environment_administer_the_cluster() -> None:
    entries = deployed("east").of("aws:eks/accessEntry:AccessEntry")

    assert [entry.inputs["principalArn"] for entry in entries] == ADMINS


def test_logs_are_kept_as_long_as_described() -> None:
    group = deployed("west").one("aws:cloudwatch/logGroup:LogGroup")

    assert group.inputs["retentionInDays"] == 30


def test_the_load_balancer_controller_comes_from_where_the_settings_say() -> None:
    release = deployed("east").one("kubernetes:helm.sh/v3:Release")

    assert release.inputs["chart"] == "/srv/aws-charts/aws-load-balancer-controller"
