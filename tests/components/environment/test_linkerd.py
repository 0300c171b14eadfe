"""How Linkerd is described: one version everywhere but where another is named."""

from linkmesh.environment import InstallProfile, Linkerd
from linkmesh.versions import LINKERD_CHART


def test_an_upgrade_goes_cluster_by_cluster() -> None:
    described = Linkerd(version="2026.6.3", versions={"west": "2026.7.1"})

    assert described.version_on("west") == "2026.7.1"
    assert described.version_on("east") == "2026.6.3"


def test_what_is_not_said_is_highly_available_of_the_pinned_version_and_with_metrics() -> None:
    described = Linkerd()

    assert described.profile is InstallProfile.HIGH_AVAILABILITY
    assert described.version_on("west") == LINKERD_CHART
    assert described.viz
