"""
The examples in TypeScript, Go and YAML, on the genuine engine with Pulumi's own language hosts.

Each links the same two clusters, which exist, and is destroyed before the next begins. The tests
run in order for each language.
"""

import json
import shutil
import tomllib

import pytest

from linkmesh.package.provider import PackageProvider
from tests.environments.conftest import Sandbox, eventually
from tests.environments.languages import WRONG, Program, configure, prepared
from tests.project import PROJECT

pytestmark = pytest.mark.sandbox

VERSION = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]

# The Service of another program, which the example in TypeScript exports.
ORDERS = """
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: orders}}
  - apiVersion: v1
    kind: Service
    metadata: {name: orders, namespace: orders}
    spec: {selector: {app: orders}, ports: [{port: 80}]}
"""

NAMESPACE = {"yaml": "shop", "go": "shop", "typescript": "orders"}


@pytest.fixture(scope="module")
def kubeconfigs(sandbox: Sandbox) -> dict[str, str]:
    """Make the two clusters, and let Pulumi run the languages."""
    sandbox.with_languages("linkmesh", VERSION)
    found = {
        name: sandbox.create_cluster(name, [f"{name}-{number}" for number in range(3)]).read_text()
        for name in ("office", "cloud")
    }
    manifest = sandbox.home.root / "orders.yaml"
    manifest.write_text(ORDERS)
    sandbox.kubectl("cloud", "apply", "-f", str(manifest))
    return found


@pytest.fixture(scope="module", params=["yaml", "typescript", "go"])
def program(
    request: pytest.FixtureRequest, sandbox: Sandbox, kubeconfigs: dict[str, str]
) -> Program:
    schema = sandbox.home.root / "schema.json"
    schema.write_text(str(PackageProvider(VERSION).schema))
    made = prepared(request.param, sandbox, schema)
    configure(made, kubeconfigs)
    return made


def test_pulumi_starts_the_package_by_its_folder(sandbox: Sandbox) -> None:
    for name in ("pyproject.toml", "components/package/PulumiPlugin.yaml"):
        shutil.copy(PROJECT / name, sandbox.project / name)
    # They are the distribution itself, and all that it needs: of this environment here.
    (sandbox.project / "components" / "package" / "requirements.txt").unlink()

    read = "cd components/package && pulumi package get-schema ."
    found = json.loads(sandbox.run("sh", "-c", read).stdout)

    assert found["version"] == VERSION
    assert "linkmesh:index:Mesh" in found["resources"]


def test_a_wrong_property_is_named(program: Program) -> None:
    assert WRONG[program.language].message in program.preview_of_wrong()


def test_it_comes_up_though_its_anchor_is_unknown_in_the_preview(program: Program) -> None:
    namespace = NAMESPACE[program.language]

    program.pulumi("up", "--yes")

    url = f"http://orders-cloud.{namespace}.svc.cluster.local:80"
    assert url in program.outputs.values()


def test_no_secret_is_in_the_state(program: Program, kubeconfigs: dict[str, str]) -> None:
    state = program.pulumi("stack", "export")

    assert "ciphertext" in state
    assert "PRIVATE KEY" not in state
    for kubeconfig in kubeconfigs.values():
        assert json.dumps(kubeconfig)[1:-1] not in state
        assert "client-key-data" not in state
    assert "[secret]" in program.outputs.values()


def test_the_service_can_be_called_from_the_other_cluster(
    sandbox: Sandbox, program: Program
) -> None:
    namespace = NAMESPACE[program.language]

    def mirrored() -> bool:
        services = sandbox.objects("office", "services", "-n", namespace)
        return [each["metadata"]["name"] for each in services] == ["orders-cloud"]

    assert eventually(mirrored)


def test_a_second_preview_is_clean(program: Program) -> None:
    program.pulumi("preview", "--expect-no-changes")


def test_destroy_deletes_the_mirror_and_leaves_the_clusters(
    sandbox: Sandbox, program: Program
) -> None:
    program.pulumi("destroy", "--yes", "--skip-preview")

    mirrors = ("services", "-A", "-l", "mirror.linkerd.io/mirrored-service")
    assert sandbox.objects("office", *mirrors) == []
    assert sandbox.clusters == ["cloud", "office"]
