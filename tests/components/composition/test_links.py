"""A link of an environment: what its source is told besides what the target granted."""

from linkmesh.cluster import Cluster
from linkmesh.composition.links import make_link
from linkmesh.environment import Existing, Kind, chain
from linkmesh.linkerd.installation.installed import MulticlusterInstallation
from linkmesh.linkerd.links.grant import LinkGrant
from tests.components.clusters import on_a_cluster
from tests.components.environment.described import planned

PLAN = planned(
    Kind("local"),
    Existing("onprem", cluster_domain="corp.local"),
    links=chain("local", "onprem"),
)


def test_a_source_is_told_the_domain_of_its_target() -> None:
    def make(local: Cluster) -> None:
        grant = LinkGrant(
            target="onprem",
            account="account",
            token="token",
            generation=1,
            api_server="https://onprem.test",
            certificate_authority_data="Q0E=",
            gateway=None,
        )
        make_link(PLAN.link("local", "onprem"), MulticlusterInstallation(cluster=local), grant)

    notes = on_a_cluster(make, name="local")
    link = notes.one("kubernetes:multicluster.linkerd.io/v1alpha3:Link", "local-onprem-link")

    assert link.inputs["spec"]["targetClusterDomain"] == "corp.local"
