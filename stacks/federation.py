"""Which services of its own a cluster joins to federated ones: a value of Linkerd's chart; pure."""

from typing import Any

from components.linkerd.links.export_labels import EVERY_SOURCE, label_value, local_selector

from .environment import Environment, Mode


def local_mirror_values(environment: Environment, cluster: str) -> dict[str, Any]:
    """Make the chart's values for services that are federated for chosen sources; often none."""
    values = {
        label_value(Mode.FEDERATED, of=cluster, sources=environment.chosen_sources(export))
        for export in environment.exports
        if export.of == cluster and export.mode is Mode.FEDERATED
    }
    if values <= {EVERY_SOURCE[Mode.FEDERATED]}:
        return {}
    return {"localServiceMirror": {"federatedServiceSelector": local_selector(values)}}
