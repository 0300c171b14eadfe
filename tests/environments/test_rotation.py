"""
The development environment through the genuine engine, and in it the rotation of anchor, issuers
and tokens.

One story, in order: two clusters in one region are linked, all that is secret is rotated, and
they go again. What each cluster believes, and who signed its issuer, is read from the
clusters after each step; every cluster must believe every other one, also one that is a step
behind, so that it does not matter when a call is made, nor where a step is interrupted. And all the
time a watch lets the proxies of all pods make handshakes with one another (`watch`, `proxies`).
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from linkmesh.linkerd.identity import certificates
from linkmesh.stacks import load
from tests.environments.conftest import Sandbox, eventually
from tests.environments.watch import Watch

pytestmark = pytest.mark.sandbox(long=True)

ENVIRONMENT = load("dev")
ACCOUNT = "linkerd-service-mirror-remote-access-front"


@pytest.fixture(scope="module", autouse=True)
def _up(sandbox: Sandbox) -> Iterator[None]:
    """Deploy it without viz, which restarts in each step as the rest does, and takes minutes."""
    path = sandbox.described("dev")
    was = path.read_text()
    links = '    links=chain("front", "back"),\n'
    assert links in was
    path.write_text(
        was.replace(links, f"{links}    linkerd=Linkerd(viz=False),\n").replace(
            "Injection, Nat", "Injection, Linkerd, Nat"
        )
    )
    sandbox.mesh("up", "dev")
    yield
    path.write_text(was)


def test_clusters_in_one_region_call_one_another(sandbox: Sandbox) -> None:
    assert len({cluster.region for cluster in ENVIRONMENT.environment.eks}) == 1

    sandbox.healthy("dev")


def test_each_cluster_has_one_load_balancer_controller_and_only_the_called_one_a_balancer(
    sandbox: Sandbox,
) -> None:
    balancers = {
        name: [
            service["metadata"]["name"]
            for service in sandbox.objects(name, "services", "-A")
            if service["spec"]["type"] == "LoadBalancer"
        ]
        for name in ENVIRONMENT.names
    }
    controllers = [
        sandbox.objects(name, "deployments", "-n", "kube-system") for name in ENVIRONMENT.names
    ]

    assert balancers == {"front": [], "back": ["linkerd-gateway"]}
    assert [[each["metadata"]["name"] for each in found] for found in controllers] == [
        ["aws-load-balancer-controller"]
    ] * 2


@pytest.fixture(scope="module", autouse=True)
def watch(sandbox: Sandbox, _up: None) -> Iterator[Watch]:
    """Watch the clusters from before the first step."""
    kubeconfigs = {
        name: (sandbox.home.cluster(name) / "kubeconfig").read_text() for name in ENVIRONMENT.names
    }
    links = {link.source: link.target for link in ENVIRONMENT.links}
    with Watch(kubeconfigs, links) as watching:
        yield watching


@pytest.fixture(scope="module")
def states() -> "list[dict[str, Trust]]":
    """Store the state before the first step, and after each."""
    return []


@dataclass(frozen=True)
class Trust:
    """What a cluster trusts, and its issuer."""

    anchors: tuple[x509.Certificate, ...]
    issuer: x509.Certificate
    control_plane: str
    """The annotation of the control plane's pods."""

    gateway_or_controller: str
    """That of the extension's."""

    def believes(self, other: "Trust") -> bool:
        """Return whether one of its anchors signed another's issuer."""
        return any(_signed(anchor, other.issuer) for anchor in self.anchors)


def _signed(anchor: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        issuer.verify_directly_issued_by(anchor)
    except (InvalidSignature, ValueError):
        return False
    return True


def decoded(sandbox: Sandbox, cluster: str, namespace: str, secret: str) -> dict[str, str]:
    """Read a Secret."""
    read = json.loads(
        sandbox.kubectl(cluster, "-n", namespace, "get", "secret", secret, "-o", "json")
    )
    return {key: base64.b64decode(value).decode() for key, value in read["data"].items()}


def annotation(sandbox: Sandbox, cluster: str, namespace: str, deployment: str, key: str) -> str:
    """Read an annotation of a Deployment's pods."""
    read = json.loads(
        sandbox.kubectl(cluster, "-n", namespace, "get", "deployment", deployment, "-o", "json")
    )
    return str(read["spec"]["template"]["metadata"]["annotations"].get(key, ""))


def trust(sandbox: Sandbox, cluster: str) -> Trust:
    """Read what a cluster trusts, and its issuer."""
    roots = json.loads(
        sandbox.kubectl(
            *(cluster, "-n", "linkerd", "get", "configmap", "linkerd-identity-trust-roots"),
            *("-o", "json"),
        )
    )["data"]["ca-bundle.crt"]
    issuer = decoded(sandbox, cluster, "linkerd", "linkerd-identity-issuer")["tls.crt"]
    key = "linkmesh.io/trust"
    extension = {"front": "controller-back", "back": "linkerd-gateway"}[cluster]
    return Trust(
        anchors=tuple(
            x509.load_pem_x509_certificate(one.encode()) for one in certificates.split(roots)
        ),
        issuer=x509.load_pem_x509_certificate(issuer.encode()),
        control_plane=annotation(sandbox, cluster, "linkerd", "linkerd-identity", key),
        gateway_or_controller=annotation(sandbox, cluster, "linkerd-multicluster", extension, key),
    )


def all_trust(sandbox: Sandbox) -> dict[str, Trust]:
    """Read it from every cluster."""
    return {name: trust(sandbox, name) for name in ENVIRONMENT.names}


def mirrors(sandbox: Sandbox) -> dict[str, str]:
    """List the mirrors, each with its identity: one that came again has another."""
    found = sandbox.objects(
        "front", "services", "-A", "-l", "mirror.linkerd.io/mirrored-service=true"
    )
    return {item["metadata"]["name"]: item["metadata"]["uid"] for item in found}


def credentials(sandbox: Sandbox) -> str:
    """Read the token that the source uses; it only calls the gateway, so there is no second one."""
    secret = decoded(sandbox, "front", "linkerd-multicluster", "cluster-credentials-back")
    return str(yaml.safe_load(secret["kubeconfig"])["users"][0]["user"]["token"])


def is_accepted(sandbox: Sandbox, token: str) -> bool:
    """Ask the target whether it takes a token."""
    config: dict[str, Any] = yaml.safe_load(
        (sandbox.home.cluster("back") / "kubeconfig").read_text()
    )
    config["users"] = [{"name": config["users"][0]["name"], "user": {"token": token}}]
    path = sandbox.home.state / "token.kubeconfig"
    path.write_text(yaml.safe_dump(config))
    done = sandbox.run("kubectl", f"--kubeconfig={path}", "get", "services", "-A", check=False)
    path.unlink()
    assert done.returncode == 0 or "Unauthorized" in done.stderr + done.stdout
    return done.returncode == 0


def noted(sandbox: Sandbox, part: str) -> dict[str, str]:
    """Read the configuration of a stack."""
    path = sandbox.project / f"Pulumi.dev.{part}.yaml"
    return dict(yaml.safe_load(path.read_text()).get("config") or {})


@pytest.mark.parametrize("step", [1, 2, 3])
def test_each_step_of_a_new_anchor_succeeds_and_no_mirror_disappears(
    step: int, sandbox: Sandbox, states: list[dict[str, Trust]]
) -> None:
    assert eventually(lambda: bool(mirrors(sandbox)))
    before = mirrors(sandbox)
    if not states:
        states.append(all_trust(sandbox))
    sandbox.mesh("rotate", "dev", "anchor", "--yes", "--step", str(step))
    states.append(all_trust(sandbox))

    assert mirrors(sandbox) == before


def test_all_clusters_trust_each_other_at_each_step_and_one_step_apart(
    states: list[dict[str, Trust]],
) -> None:
    for earlier, later in pairwise(states):
        every = [*earlier.values(), *later.values()]
        assert all(one.believes(other) for one, other in product(every, every))
    assert [[len(one.anchors) for one in state.values()] for state in states] == [
        [1, 1],
        [2, 2],
        [2, 2],
        [1, 1],
    ]
    assert not states[-1]["front"].believes(states[0]["back"])


def test_control_plane_and_extensions_restart_in_each_step(
    states: list[dict[str, Trust]],
) -> None:
    for state in states:
        assert len({one.control_plane for one in state.values()}) == 1
        assert all(one.control_plane == one.gateway_or_controller for one in state.values())
    assert len({state["front"].control_plane for state in states}) == 4


def test_workloads_were_restarted_with_the_new_anchor(sandbox: Sandbox) -> None:
    output = annotation(sandbox, "front", "yelb", "yelb-ui", "linkmesh.io/trust")

    assert output == "anchors-2-signing-2"


def test_the_state_is_stored_for_review_and_the_rotation_has_ended(sandbox: Sandbox) -> None:
    config = noted(sandbox, "trust")

    assert json.loads(config["linkmesh:trustState"]) == {
        "anchors": [2],
        "signing": 2,
        "issuers": 2,
    }
    assert "linkmesh:rotation" not in config


def test_issuers_get_new_keys_below_the_same_anchor(sandbox: Sandbox) -> None:
    before = all_trust(sandbox)
    output = sandbox.mesh("rotate", "dev", "issuers", "--yes").stdout
    after = all_trust(sandbox)

    assert "issuers 2 -> 3" in output
    for name in ENVIRONMENT.names:
        assert after[name].anchors == before[name].anchors
        assert after[name].issuer.public_key() != before[name].issuer.public_key()
        assert annotation(
            sandbox, name, "linkerd", "linkerd-identity", "linkmesh.io/issuers"
        ).endswith("-3")


def test_a_token_is_renewed_and_the_old_one_rejected_while_mirrors_stay(sandbox: Sandbox) -> None:
    before = mirrors(sandbox)
    old = credentials(sandbox)
    sandbox.mesh("rotate", "dev", "tokens", "--yes", "--step", "1")
    new = credentials(sandbox)
    both = is_accepted(sandbox, old), is_accepted(sandbox, new)
    sandbox.mesh("rotate", "dev", "tokens", "--yes")

    assert old != new
    assert both == (True, True)
    assert eventually(lambda: not is_accepted(sandbox, old))
    assert is_accepted(sandbox, new)
    assert mirrors(sandbox) == before
    assert json.loads(noted(sandbox, "back")["linkmesh:tokenGenerations"]) == [2]
    sandbox.healthy("dev")


def test_after_all_that_an_up_changes_nothing(sandbox: Sandbox) -> None:
    output = sandbox.mesh("up", "dev", "--all-stacks").stdout

    assert output.splitlines()[-1].endswith("no changes.")


def test_at_no_time_did_a_proxy_reject_another_or_a_target_its_source(watch: Watch) -> None:
    watch.end()

    assert watch.problems == []
    assert watch.proxies.rejections == []
    # Pods that believed one anchor met pods that believed two, in both directions.
    assert watch.proxies.anchors_that_met == {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert len(watch.accepted) == 2


def test_destroy_leaves_no_cluster_and_an_empty_account(sandbox: Sandbox) -> None:
    sandbox.mesh("destroy", "dev")

    assert sandbox.clusters == []
    assert sandbox.left_in(["eu-west-1"]) == []
