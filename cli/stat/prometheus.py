"""
Asking Prometheus: that of linkerd-viz through a cluster's API server, or one of one's own by URL.

The way through the API server needs no forwarded port, and no right beyond the kubeconfig's. Trap:
Linkerd lets only viz's own metrics-api call its Prometheus, so that the API server is refused (403)
until a policy lets it in, which linkmesh makes on EKS: docs/guides/operate-metrics.md. What is
refused says by whom.
Source: linkerd2, viz/charts/linkerd-viz/templates/prometheus-policy.yaml
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx2

from components.linkerd.labels import VIZ_NAMESPACE

SERVICE = "prometheus"
PORT = 9090

THROUGH_API_SERVER = f"/api/v1/namespaces/{VIZ_NAMESPACE}/services/{SERVICE}:{PORT}/proxy"
"""Where an API server hands requests on to viz's Prometheus."""


@dataclass(frozen=True)
class Sample:
    """One value, and the labels it is of."""

    labels: Mapping[str, str]
    value: float


class Asked(Protocol):
    """Whatever answers queries."""

    def query(self, text: str) -> list[Sample]:
        """Ask for the present values of an expression."""


class UnansweredError(Exception):
    """Prometheus did not answer; says why and what to do, and never a password."""


@dataclass(frozen=True)
class Prometheus:
    """A Prometheus, and the way to it."""

    http: httpx2.Client
    """A client whose base is where the API server, or the Prometheus, is."""

    prefix: str = ""
    """What stands before Prometheus' own paths."""

    def query(self, text: str) -> list[Sample]:
        """
        Ask for the present values of an expression.

        Raises: UnansweredError if there is no answer, or it is not one of Prometheus.
        """
        try:
            # By GET, which the right `get services/proxy` is enough for.
            response = self.http.get(f"{self.prefix}/api/v1/query", params={"query": text})
        except Exception as error:  # the kubeconfig's program for tokens may fail in any way
            raise UnansweredError(self._silence(error)) from None
        return samples(response.status_code, response.text)

    def _silence(self, error: Exception) -> str:
        """Say who is silent: an API server that was reached waits for Prometheus itself."""
        is_reached = isinstance(error, httpx2.ReadTimeout)
        who = "Prometheus" if is_reached or not self.prefix else "the API server"
        through = " through the API server" if is_reached and self.prefix else ""
        return f"{who} does not answer{through} ({type(error).__name__})"


def samples(status: int, body: str) -> list[Sample]:
    """
    Read Prometheus' answer to an instant query; values that are no numbers are left out.

    Raises: UnansweredError if it is something else.
    """
    try:
        answer: Any = json.loads(body)
    except ValueError:
        answer = None
    said = answer if isinstance(answer, dict) else {}
    if status != 200 or said.get("status") != "success":
        raise UnansweredError(_refusal(status, said))
    if said["data"]["resultType"] != "vector":
        raise UnansweredError(f"Prometheus must answer a vector (got {said['data']['resultType']})")
    found = [Sample(one["metric"], float(one["value"][1])) for one in said["data"]["result"]]
    return [sample for sample in found if math.isfinite(sample.value)]


def _refusal(status: int, said: dict[str, Any]) -> str:
    """Say who refused, and what to do: the API server, Linkerd's proxy, or Prometheus."""
    if said.get("kind") == "Status":
        if f'services "{SERVICE}" not found' in said.get("message", ""):
            return (
                f"linkerd-viz brings no Prometheus here (no Service {SERVICE} in {VIZ_NAMESPACE}). "
                "Say Linkerd(viz=True) in the environment's description, and: mesh up ENV. One of "
                "your own: --prometheus URL"
            )
        return f"the API server does not reach Prometheus ({status}): {said.get('message', '')}"
    if status == 403:
        return (
            "Linkerd refuses the API server's calls to Prometheus (403): no policy lets it in. "
            "Let the API server in, or forward a port: docs/guides/operate-metrics.md"
        )
    return f"Prometheus must answer (got {status} {said.get('error', '')}".rstrip() + ")"
