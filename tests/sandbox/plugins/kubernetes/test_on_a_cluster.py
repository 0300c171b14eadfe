"""The plugin under a genuine Pulumi engine, on a genuine cluster with a genuine Helm."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.plugins.kubernetes.kinds import CLUSTER_SCOPED, is_built_in
from tests.sandbox.plugins.kubernetes.conftest import Bench, Project

pytestmark = pytest.mark.sandbox

CHART = Path(__file__).parent / "chart"

HEAD = """
import os
import pulumi
import pulumi_kubernetes as k8s

kubeconfig = pulumi.Output.secret(os.environ["TEST_KUBECONFIG"])
cluster = k8s.Provider("cluster", kubeconfig=kubeconfig, cluster_identifier="kube")


def on(*needed):
    return pulumi.ResourceOptions(provider=cluster, depends_on=list(needed))


"""


def everything(*, space: str, replicas: int, annotation: str) -> str:
    return (
        HEAD
        + f"""
space = k8s.core.v1.Namespace("space", metadata={{"name": "{space}"}}, opts=on())
name = space.metadata.name
labels = {{"app": "web"}}
web = k8s.apps.v1.Deployment(
    "web",
    metadata={{"namespace": name, "name": "web", "annotations": {annotation}}},
    spec={{
        "replicas": {replicas},
        "selector": {{"match_labels": labels}},
        "template": {{
            "metadata": {{"labels": labels}},
            "spec": {{"containers": [{{"name": "web", "image": "web:1",
                "resources": {{"requests": {{"cpu": "1000m"}}}}}}]}},
        }},
    }},
    opts=on(),
)
service = k8s.core.v1.Service(
    "web",
    metadata={{"namespace": name, "name": "web"}},
    spec={{"type": "LoadBalancer", "selector": labels, "ports": [{{"port": 80}}]}},
    opts=on(web),
)
password = pulumi.Output.secret("hunter{replicas}")
k8s.core.v1.Secret(
    "password", metadata={{"namespace": name}}, string_data={{"p": password}}, opts=on()
)
account = k8s.core.v1.ServiceAccount(
    "robot", metadata={{"namespace": name, "name": "robot"}}, opts=on()
)
token = k8s.core.v1.Secret(
    "token",
    metadata={{
        "namespace": name,
        "name": "robot-token",
        "annotations": {{"kubernetes.io/service-account.name": account.metadata.name}},
    }},
    type="kubernetes.io/service-account-token",
    opts=on(),
)
k8s.core.v1.ServicePatch(
    "exported",
    metadata={{
        "namespace": name,
        "name": service.metadata.name,
        "labels": {{"mirror.linkerd.io/exported": "true"}},
    }},
    opts=on(),
)
tiny = k8s.helm.v3.Release(
    "tiny", name="tiny", chart="{CHART}", namespace=name, timeout=300,
    values={{"replicas": {replicas}, "greeting": pulumi.Output.secret("sesame")}}, opts=on(),
)
k8s.apiextensions.CustomResource(
    "widget", api_version="example.com/v1", kind="Widget",
    metadata={{"namespace": name, "name": "w"}}, spec={{"size": {replicas}}}, opts=on(tiny),
)
pulumi.export("address", service.status.load_balancer.ingress[0].ip)
pulumi.export("token", pulumi.Output.secret(token.data["token"]))
pulumi.export("status", tiny.status.status)
pulumi.export("names", tiny.resource_names)
"""
    )


def test_a_stack_is_made_changed_refreshed_and_destroyed(bench: Bench, project: Project) -> None:
    project.program(everything(space="life", replicas=1, annotation="{'a': 'b'}"))
    assert "11 to create" in project.pulumi("preview")
    project.pulumi("up", "--yes", "--skip-preview")
    outputs = project.outputs()

    project.pulumi("preview", "--expect-no-changes")
    assert outputs["address"].startswith("192.0.2.")
    assert outputs["token"]
    assert outputs["status"] == "deployed"
    assert outputs["names"]["Deployment.apps/apps/v1"] == ["life/tiny-app"]
    state = project.pulumi("stack", "export")
    for secret in ("hunter1", "aHVudGVyMQ==", "sesame", "BEGIN", "client-key-data"):
        assert secret not in state

    project.program(everything(space="life", replicas=2, annotation="{}"))
    project.pulumi("up", "--yes", "--skip-preview")
    project.pulumi("preview", "--expect-no-changes")
    web = bench.kubectl("-n", "life", "get", "deployment", "web", "-o", "yaml")
    assert "readyReplicas: 2" in web
    assert "a: b" not in web

    # Behind Pulumi's back: one object changed by an editor, one deleted, one patched elsewhere.
    bench.kubectl(
        "-n", "life", "patch", "widget", "w", "--type", "merge", "-p", '{"spec":{"size":7}}'
    )
    bench.kubectl("-n", "life", "delete", "secret", "robot-token")
    bench.kubectl("-n", "life", "label", "service", "web", "theirs=yes")
    refreshed = project.pulumi("refresh", "--yes", "--skip-preview")
    assert "1 updated" in refreshed
    assert "1 deleted" in refreshed
    project.pulumi("up", "--yes", "--skip-preview")
    project.pulumi("preview", "--expect-no-changes", "--refresh")
    labels = bench.kubectl("-n", "life", "get", "service", "web", "--show-labels")
    assert "theirs=yes" in labels
    assert "mirror.linkerd.io/exported=true" in labels

    project.pulumi("destroy", "--yes", "--skip-preview")
    assert "life" not in bench.kubectl("get", "namespaces")


PAIR = """
k8s.core.v1.ConfigMap(
    "settings", metadata={{"name": "{name}", "namespace": "default"}}, data={{"a": "{a}"}},
    opts=on(),
)
"""


def test_a_changed_config_map_is_replaced_delete_first(project: Project) -> None:
    project.program(HEAD + PAIR.format(name="pair", a=1))
    project.pulumi("up", "--yes", "--skip-preview")
    project.program(HEAD + PAIR.format(name="pair", a=2))

    changed = project.pulumi("up", "--yes", "--skip-preview")
    project.pulumi("destroy", "--yes", "--skip-preview")

    assert changed.index("settings deleted") < changed.index("settings creating")


def test_a_conflict_names_its_owner_and_can_be_forced(bench: Bench, project: Project) -> None:
    deployment = """
k8s.apps.v1.Deployment(
    "web",
    metadata={{"name": "conflict", "namespace": "default", "annotations": {annotations}}},
    spec={{
        "replicas": {replicas},
        "selector": {{"match_labels": {{"app": "c"}}}},
        "template": {{
            "metadata": {{"labels": {{"app": "c"}}}},
            "spec": {{"containers": [{{"name": "c", "image": "c:1"}}]}},
        }},
    }},
    opts=on(),
)
"""
    project.program(HEAD + deployment.format(replicas=1, annotations="{}"))
    project.pulumi("up", "--yes", "--skip-preview")
    bench.kubectl("scale", "deployment", "conflict", "--replicas", "3")
    project.program(HEAD + deployment.format(replicas=2, annotations="{}"))

    refused = project.pulumi("up", "--yes", "--skip-preview", fails=True)
    force = "{'pulumi.com/patchForce': 'true'}"
    project.program(HEAD + deployment.format(replicas=2, annotations=force))
    project.pulumi("up", "--yes", "--skip-preview")
    project.pulumi("preview", "--expect-no-changes")
    project.pulumi("destroy", "--yes", "--skip-preview")

    assert 'conflict with "kubectl" with subresource "scale"' in refused
    assert "server-side apply field conflict detected" in refused


def test_what_does_not_become_ready_is_kept_and_mended(bench: Bench, project: Project) -> None:
    release = """
k8s.helm.v3.Release(
    "slow", name="slow", chart="{chart}", namespace="default", timeout={seconds}, skip_crds=True,
    values={{"replicas": 1, "node": "{node}"}}, opts=on(),
)
k8s.core.v1.Pod(
    "lonely",
    metadata={{"name": "lonely", "namespace": "default",
        "annotations": {{"pulumi.com/timeoutSeconds": "{seconds}"}}}},
    spec={{"nodeSelector": {{"kubernetes.io/hostname": "{node}"}},
        "containers": [{{"name": "c", "image": "c:1"}}]}},
    opts=on(),
)
"""
    project.program(HEAD + release.format(chart=CHART, node="nowhere", seconds=2))
    failed = project.pulumi("up", "--yes", "--skip-preview", fails=True)
    resources = project.pulumi("stack", "export")
    project.program(HEAD + release.format(chart=CHART, node="one", seconds=60))
    project.pulumi("up", "--yes", "--skip-preview")
    project.pulumi("preview", "--expect-no-changes")
    project.pulumi("destroy", "--yes", "--skip-preview")

    assert "'lonely' timed out waiting to be Ready" in failed
    assert 'Helm release "default/slow" was created, but failed to initialize completely' in failed
    assert "initErrors" in resources


def test_a_preview_survives_a_cluster_that_is_down(project: Project) -> None:
    program = (
        HEAD
        + PAIR.format(name="down", a=1)
        + f"""
k8s.helm.v3.Release(
    "tiny", name="down", chart="{CHART}", namespace="default", values={{"replicas": 1}}, opts=on(),
)
"""
    )
    project.program(program)
    kubeconfig = project.bench.kubeconfig
    port = kubeconfig.partition("https://127.0.0.1:")[2].partition("\n")[0].strip()
    down = kubeconfig.replace(f":{port}", ":1")

    previewed = project.pulumi("preview", TEST_KUBECONFIG=down)
    refused = project.pulumi("up", "--yes", "--skip-preview", fails=True, TEST_KUBECONFIG=down)

    assert "4 to create" in previewed
    assert "configured Kubernetes cluster is unreachable" in refused
    assert "can't create Helm Release with unreachable cluster" in refused


def test_a_missing_chart_fails_the_preview(project: Project) -> None:
    project.program(HEAD + 'k8s.helm.v3.Release("tiny", name="m", chart="./missing", opts=on())\n')

    refused = project.pulumi("preview", fails=True)

    assert 'path "./missing" not found; check the chart name and repository' in refused


def test_kinds_known_by_heart_are_those_of_the_cluster(bench: Bench) -> None:
    listed = bench.kubectl("api-resources", "--namespaced=false", "--no-headers")
    rows = [line.split() for line in listed.splitlines()]
    # Reviews are answers, not objects; the sandbox's own KWOK kinds are no part of Kubernetes.
    kinds = {row[-1] for row in rows if not row[-1].endswith("Review") and is_built_in(row[-3])}

    assert kinds <= CLUSTER_SCOPED
