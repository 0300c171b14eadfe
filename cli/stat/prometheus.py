"""
Queries Prometheus: that of linkerd-viz through a cluster's API server, or another one by URL.

The way through the API server needs no forwarded port, and no rights beyond the kubeconfig's. But
Linkerd allows only viz's own metrics-api to call its Prometheus, so it rejects the API server (403)
until a policy allows it, which linkmesh creates on EKS: docs/guides/operate-metrics.md. Errors name
the component that rejected the request.
Source: linkerd2, viz/charts/linkerd-viz/templates/prometheus-policy.yaml
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx2

from linkmesh.linkerd.labels import VIZ_NAMESPACE

SERVICE = "prometheus"
PORT = 9090

THROUGH_API_SERVER = f"/api/v1/namespaces/{VIZ_NAMESPACE}/services/{SERVICE}:{PORT}/proxy"
"""Path by which an API server forwards requests to viz's Prometheus."""


@dataclass(frozen=True)
class Sample:
    """One value with its labels."""

    labels: Mapping[str, str]
    value: float


class QueryClient(Protocol):
    """A client that sends queries to Prometheus."""

    def query(self, text: str) -> list[Sample]:
        """Return the current values of an expression."""


class PrometheusError(Exception):
    """Prometheus did not answer; the message says why and what to do, without passwords."""


@dataclass(frozen=True)
class Prometheus:
    """A Prometheus, and how to reach it."""

    http: httpx2.Client
    """A client whose base URL is that of the API server, or of the Prometheus."""

    prefix: str = ""
    """Path before Prometheus' own paths."""

    def query(self, text: str) -> list[Sample]:
        """
        Return the current values of an expression.

        Raises: PrometheusError if there is no answer, or it is not from Prometheus.
        """
        try:
            # With GET, for which the right `get services/proxy` is enough.
            response = self.http.get(f"{self.prefix}/api/v1/query", params={"query": text})
        except Exception as error:  # the kubeconfig's exec plugin may fail in any way
            raise PrometheusError(self._no_answer(error)) from None
        return samples(response.status_code, response.text)

    def _no_answer(self, error: Exception) -> str:
        """Return who does not answer: after a read time-out of the API server, it is Prometheus."""
        is_reached = isinstance(error, httpx2.ReadTimeout)
        who = "Prometheus" if is_reached or not self.prefix else "the API server"
        through = " through the API server" if is_reached and self.prefix else ""
        return f"{who} does not answer{through} ({type(error).__name__})"


def samples(status: int, body: str) -> list[Sample]:
    """
    Parse Prometheus' answer to an instant query, without values that are not numbers.

    Raises: PrometheusError if the answer is something else.
    """
    try:
        answer: Any = json.loads(body)
    except ValueError:
        answer = None
    parsed = answer if isinstance(answer, dict) else {}
    if status != 200 or parsed.get("status") != "success":
        raise PrometheusError(_error_text(status, parsed))
    if parsed["data"]["resultType"] != "vector":
        raise PrometheusError(
            f"Prometheus must answer a vector (got {parsed['data']['resultType']})"
        )
    found = [Sample(one["metric"], float(one["value"][1])) for one in parsed["data"]["result"]]
    return [sample for sample in found if math.isfinite(sample.value)]


def _error_text(status: int, parsed: dict[str, Any]) -> str:
    """Return who rejected the query, and the remedy: API server, Linkerd's proxy, or Prometheus."""
    if parsed.get("kind") == "Status":
        if f'services "{SERVICE}" not found' in parsed.get("message", ""):
            return (
                f"linkerd-viz has no Prometheus here (no Service {SERVICE} in {VIZ_NAMESPACE}). "
                "Use: Linkerd(viz=True) in the description and mesh up ENV, or --prometheus URL"
            )
        return f"the API server does not reach Prometheus ({status}): {parsed.get('message', '')}"
    if status == 403:
        return (
            "Linkerd rejects the API server's calls to Prometheus (403): no policy allows them. "
            "Allow the API server, or forward a port: docs/guides/operate-metrics.md"
        )
    return f"Prometheus must answer (got {status} {parsed.get('error', '')}".rstrip() + ")"
