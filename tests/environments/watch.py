"""
A watch on clusters: what pods start with and which tokens are in use, all the time, in a thread.

Pods and trust are read from the API servers, twice a second or so; what is there for a shorter time
may be missed. All pods that exist at the same time must trust each other (`proxies`), and a target
must accept the token that its source has at that time.
"""

import base64
import threading
from collections.abc import Mapping
from typing import Any, Self

import yaml
from lightkube.resources.core_v1 import ConfigMap, Pod, Secret

from linkmesh import api_server
from tests.environments.proxies import Proxies, Trust

PAUSE_SECONDS = 0.5
TIMEOUT_SECONDS = 30

# Those of Linkerd itself all have a proxy; of others, those that ask for one.
MULTICLUSTER = "linkerd-multicluster"
MESHED = ("linkerd", MULTICLUSTER)
INJECT = "linkerd.io/inject"


class Watch:
    """Watches clusters, and lets their proxies call each other."""

    def __init__(self, kubeconfigs: Mapping[str, str], links: Mapping[str, str]) -> None:
        """Prepare to watch clusters, by name; `links` maps sources to targets."""
        self.proxies = Proxies()
        self.accepted: set[str] = set()
        """The tokens that targets accepted."""

        self.problems: list[str] = []
        """Failed reads, and tokens that were not accepted."""

        self._kubeconfigs, self._links = kubeconfigs, links
        self._clients = {
            name: api_server.client(text, timeout_seconds=TIMEOUT_SECONDS)
            for name, text in kubeconfigs.items()
        }
        self._with_token: dict[str, Any] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.end()

    def end(self) -> None:
        """End after the current round; a second call does nothing."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            try:
                self._look()
            except Exception as error:  # else the thread would end silently
                self.problems.append(repr(error))

    def _look(self) -> None:
        for cluster in self._clients:
            self.proxies.there_are(cluster, *self._read(cluster))
        self.proxies.meet()
        for source, target in self._links.items():
            self._ask(source, target)

    def _read(self, cluster: str) -> tuple[list[str], Trust]:
        """Read pods, and what they start with; again, if that has changed in between."""
        before = self._trust(cluster)
        while True:
            pods = [
                f"{pod.metadata.namespace}/{pod.metadata.name} {pod.metadata.uid}"
                for pod in self._clients[cluster].list(Pod, namespace="*")
                if pod.metadata.namespace in MESHED
                or (pod.metadata.annotations or {}).get(INJECT) == "enabled"
            ]
            if (after := self._trust(cluster)) == before:
                return pods, after
            before = after

    def _trust(self, cluster: str) -> Trust:
        """Read what a proxy that starts now gets."""
        client = self._clients[cluster]
        roots = client.get(ConfigMap, "linkerd-identity-trust-roots", namespace="linkerd")
        issuer = client.get(Secret, "linkerd-identity-issuer", namespace="linkerd").data
        return Trust(
            anchors=roots.data["ca-bundle.crt"],
            issuer=base64.b64decode(issuer["tls.crt"]).decode(),
            key=base64.b64decode(issuer["tls.key"]).decode(),
        )

    def _ask(self, source: str, target: str) -> None:
        """Ask a target with the token that a source holds for it."""
        held = self._clients[source].get(
            Secret, f"cluster-credentials-{target}", namespace=MULTICLUSTER
        )
        mine = yaml.safe_load(base64.b64decode(held.data["kubeconfig"]))
        token = mine["users"][0]["user"]["token"]
        if token not in self._with_token:
            config = yaml.safe_load(self._kubeconfigs[target])
            config["users"] = [{"name": config["users"][0]["name"], "user": {"token": token}}]
            self._with_token[token] = api_server.http(
                yaml.safe_dump(config), timeout_seconds=TIMEOUT_SECONDS
            )
        status = self._with_token[token].get("/api/v1/services?limit=1").status_code
        if status == 200:
            self.accepted.add(token)
        else:
            self.problems.append(f"{target} answered {status} to the token that {source} holds")
