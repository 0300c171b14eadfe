"""A link of an environment, on its source, from what its target granted."""

from dataclasses import replace

import pulumi

from ..environment import LinkMode, LinkPlan
from ..linkerd.installation.installed import MulticlusterInstallation
from ..linkerd.installation.multicluster import LinkerdMulticluster
from ..linkerd.links.grant import LinkGrant
from ..linkerd.links.link import Link, LinkArgs


def make_link(
    link: LinkPlan,
    source: LinkerdMulticluster | MulticlusterInstallation,
    grant: LinkGrant,
    parent: pulumi.Resource | None = None,
) -> Link:
    """Make one link."""
    return Link(
        f"{link.source}-{link.target}",
        LinkArgs(
            source=source,
            # Stacks export no domain: the description says it to both.
            grant=replace(grant, cluster_domain=link.target_domain),
            api_server=link.api_server,
            export_labels=link.labels[LinkMode.GATEWAY],
            discovery_labels=link.labels[LinkMode.FLAT],
            federated_labels=link.labels[LinkMode.FEDERATED],
        ),
        pulumi.ResourceOptions(parent=parent),
    )
