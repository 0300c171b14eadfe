"""Where charts are, and extra values of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..linkerd.installation.charts import NAMES


@dataclass(frozen=True, kw_only=True)
class ChartSources:
    """Where the charts of an environment are, and extra values of them."""

    charts: str
    """Where Linkerd's charts are: URL of a Helm repository, `oci://` registry, or a folder."""

    aws_charts: str
    """Where the chart of the AWS Load Balancer Controller is: likewise."""

    chart_values: Mapping[str, Mapping[str, Any]]
    """Extra Helm values by chart name, merged last."""

    def values(self, chart: str) -> Mapping[str, Any]:
        """Extra values of one chart."""
        return self.chart_values.get(chart, {})


def values_problems(values: object, where: str) -> list[str]:
    """List why extra values are not maps, each under the name of one of our charts."""
    if not isinstance(values, Mapping):
        return [
            f"{where} must map names of charts to values (got {type(values).__name__}). "
            "Use, e.g.: {linkerd-viz: {prometheus: {enabled: false}}}"
        ]
    if unknown := sorted(set(values) - set(NAMES)):
        return [f"{where} must name only the charts {', '.join(NAMES)} (got {', '.join(unknown)})."]
    return [
        f"{where} must have a map of values under {chart} (got {type(given).__name__})."
        for chart, given in values.items()
        if not isinstance(given, Mapping)
    ]
