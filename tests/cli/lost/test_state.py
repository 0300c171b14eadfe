"""What was on a cluster leaves a stack's state; what remains refers only to what remains."""

from typing import Any

from linkmesh.cli.lost.state import without

STACK = "urn:pulumi:demo.links::linkmesh::pulumi:pulumi:Stack::linkmesh-demo.links"


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:demo.links::linkmesh::{type_}::{name}"


def provider(cluster: str) -> dict[str, Any]:
    return {
        "urn": urn("pulumi:providers:kubernetes", f"{cluster}-kubernetes"),
        "id": f"id-of-{cluster}",
        "type": "pulumi:providers:kubernetes",
        "inputs": {"clusterIdentifier": f"linkmesh/{cluster}"},
    }


def on(cluster: str, type_: str, name: str, **more: Any) -> dict[str, Any]:
    of = provider(cluster)
    return {"urn": urn(type_, name), "type": type_, "provider": f"{of['urn']}::{of['id']}", **more}


LINK = {"urn": urn("linkmesh:index:Link", "local-west"), "type": "linkmesh:index:Link"}
SECRET = on("local", "kubernetes:core/v1:Secret", "local-west", parent=LINK["urn"])
CLEANUP_TYPE = "pulumi-python:dynamic/linkmesh:MirrorSweep"
CLEANUP = {"urn": urn(CLEANUP_TYPE, "local-west"), "type": CLEANUP_TYPE, "parent": LINK["urn"]}
OTHER_LINK = {"urn": urn("linkmesh:index:Link", "west-east"), "type": "linkmesh:index:Link"}
OTHER = on(
    "west",
    "kubernetes:core/v1:Secret",
    "west-east",
    parent=OTHER_LINK["urn"],
    dependencies=[SECRET["urn"], LINK["urn"]],
    propertyDependencies={"data": [SECRET["urn"]], "type": None},
    deletedWith=SECRET["urn"],
)
CHILD = on("west", "kubernetes:core/v1:ConfigMap", "child", parent=SECRET["urn"])
OTHER_CLEANUP = {
    "urn": urn(CLEANUP_TYPE, "west-east"),
    "type": CLEANUP_TYPE,
    "parent": OTHER_LINK["urn"],
}
KIND = {"urn": urn("kind:index/cluster:Cluster", "local"), "type": "kind:index/cluster:Cluster"}
ROOT: dict[str, Any] = {
    "urn": STACK,
    "type": "pulumi:pulumi:Stack",
    "outputs": {"cluster": {}, "kubeconfig": "", "description": {}},
}
EVERY: list[dict[str, Any]] = [
    *(ROOT, KIND, provider("local"), provider("west"), LINK, SECRET, CLEANUP),
    *(OTHER_LINK, OTHER, CHILD, OTHER_CLEANUP),
]


def state(pending: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "version": 3,
        "deployment": {"manifest": {}, "resources": EVERY, "pending_operations": pending},
    }


def left(cluster: str, *, is_its_own: bool = False) -> dict[str, dict[str, Any]]:
    remaining, _ = without(state(), cluster, is_its_own=is_its_own)
    return {each["urn"]: each for each in remaining["deployment"]["resources"]}


def test_what_was_on_the_cluster_and_the_cleanups_of_its_links_go() -> None:
    _, gone = without(state(), "local", is_its_own=False)

    assert gone == [SECRET["urn"], CLEANUP["urn"]]


def test_a_kind_cluster_goes_itself_from_its_own_stack() -> None:
    assert KIND["urn"] in left("local")
    assert KIND["urn"] not in left("local", is_its_own=True)


def test_outputs_that_lead_to_a_cluster_that_is_gone_are_removed() -> None:
    assert left("local", is_its_own=True)[STACK]["outputs"] == {"description": {}}
    assert left("local")[STACK] == ROOT


def test_what_stays_refers_only_to_what_stays() -> None:
    remaining = left("local")

    other = remaining[OTHER["urn"]]
    assert other["dependencies"] == [LINK["urn"]]
    assert other["propertyDependencies"] == {"data": [], "type": []}
    assert "deletedWith" not in other
    assert remaining[CHILD["urn"]]["parent"] == LINK["urn"], "that of its parent"


def test_nothing_else_of_the_state_changes() -> None:
    remaining, gone = without(state(), "another", is_its_own=False)

    assert gone == []
    assert remaining["version"] == 3
    assert remaining["deployment"]["resources"][:-3] == EVERY[:-3]


def test_an_operation_that_was_cut_off_goes_with_its_resource() -> None:
    pending = [{"resource": each, "type": "creating"} for each in (SECRET, OTHER)]
    remaining, _ = without(state(pending), "local", is_its_own=False)

    assert [each["resource"]["urn"] for each in remaining["deployment"]["pending_operations"]] == [
        OTHER["urn"]
    ]


def test_a_stack_without_resources_stays_as_it_is() -> None:
    assert without({"version": 3, "deployment": {}}, "local", is_its_own=True)[1] == []
