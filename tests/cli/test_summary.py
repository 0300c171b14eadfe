"""What runs: when a link or a mirror is well, and how it is told."""

import io
from types import SimpleNamespace
from typing import Any, cast

import pytest
from lightkube import ApiError
from rich.console import Console

from cli import summary
from cli.runs import Project
from cli.summary import Found, LinkState, MirrorState, link_problem, ready_addresses, text
from stacks.environment import Export, Kind
from stacks.topology import LinkSpec
from tests.engine import KUBECONFIG
from tests.stacks.described import environment, on_aws

LINK = LinkSpec("local", "west")
DESCRIBED = environment(
    Kind("local"),
    on_aws("west"),
    links=[LINK],
    exports=[Export("api", namespace="shop", of="west")],
)
RUNNING = SimpleNamespace(status=SimpleNamespace(availableReplicas=3))
MADE = {"spec": {"gatewayAddress": "192.0.2.10"}}


def found(*, problem: str = "", expiry: str = "2036-11-20") -> Found:
    """Make what was found on a well environment."""
    return Found(
        name="demo",
        links=[LinkState(link=LINK, problem="", gateway="192.0.2.10")],
        mirrors=[
            MirrorState(
                cluster="local",
                name="api-west.shop",
                problem=problem,
                endpoints=["192.0.2.10:4143"],
            )
        ],
        anchors_expiry=expiry,
    )


def shown(state: Found) -> list[str]:
    """Read what a person sees, with single spaces."""
    console = Console(file=io.StringIO(), width=100, highlight=False)
    console.print(text(state))
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


class FakeProject:
    """A project whose stacks have these outputs."""

    def __init__(self, outputs: dict[str, dict[str, Any]]) -> None:
        self.given = outputs

    def outputs(self, stack: str) -> dict[str, Any]:
        """Read a stack's outputs."""
        return self.given.get(stack, {})


class FakeClient:
    """A cluster that has these objects, by name."""

    def __init__(self, objects: dict[str, Any]) -> None:
        self.objects = objects

    def get(self, kind: Any, name: str, *, namespace: str) -> Any:
        """Read one object."""
        if isinstance(self.objects.get(name), Exception):
            raise self.objects[name]
        if name not in self.objects:
            raise api_error(404, "not found")
        return self.objects[name]


def api_error(code: int, message: str) -> ApiError:
    """Make the API server's refusal."""
    response = SimpleNamespace(json=lambda: {"code": code, "message": message})
    return ApiError(request=cast(Any, None), response=cast(Any, response))


def endpoints(*addresses: str) -> Any:
    """Make an Endpoints object."""
    subset = SimpleNamespace(
        addresses=[SimpleNamespace(ip=address) for address in addresses],
        ports=[SimpleNamespace(port=4143)],
    )
    return SimpleNamespace(subsets=[subset])


def collected(objects: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Found:
    """Look at an environment whose source has these objects."""
    outputs: dict[str, dict[str, Any]] = {
        "demo.local": {"kubeconfig": KUBECONFIG},
        "demo.west": {"kubeconfig": KUBECONFIG},
        "demo.trust": {"trust": {"version": 1, "anchorsExpiry": "2036-11-20"}},
    }
    monkeypatch.setattr(summary, "_client", lambda _: FakeClient(objects))
    return summary.collect("demo", DESCRIBED, cast(Project, FakeProject(outputs)))


def test_a_link_with_a_running_controller_is_well() -> None:
    assert link_problem(MADE, RUNNING) == ""


@pytest.mark.parametrize(
    ("made", "controller", "problem"),
    [
        ("missing", RUNNING, "Link: missing"),
        (MADE, "missing", "mirror controller: missing"),
        (
            MADE,
            SimpleNamespace(status=SimpleNamespace(availableReplicas=None)),
            "mirror controller: no replica is available",
        ),
        (MADE, SimpleNamespace(status=None), "mirror controller: no replica is available"),
    ],
    ids=["no link", "no controller", "no replica", "no status"],
)
def test_a_link_without_object_or_running_controller_is_not_well(
    made: Any, controller: Any, problem: str
) -> None:
    assert link_problem(made, controller) == problem


def test_a_link_tells_the_services_that_it_could_not_mirror() -> None:
    conditions = [
        {"status": "True", "message": "mirrored"},
        {"status": "False", "message": "namespace does not exist"},
    ]
    made = {**MADE, "status": {"mirrorServices": [{"conditions": conditions}]}}

    assert link_problem(made, RUNNING) == "namespace does not exist"


def test_only_ready_addresses_are_told() -> None:
    assert ready_addresses(endpoints("192.0.2.10", "192.0.2.11")) == [
        "192.0.2.10:4143",
        "192.0.2.11:4143",
    ]
    assert ready_addresses(SimpleNamespace(subsets=None)) == []
    assert (
        ready_addresses(SimpleNamespace(subsets=[SimpleNamespace(addresses=None, ports=None)]))
        == []
    )


def test_an_environment_is_well_if_nothing_is_wrong_and_it_is_deployed() -> None:
    assert found().is_well
    assert not found(problem="missing").is_well
    assert not found(expiry="").is_well


def test_what_is_there_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    state = collected(
        {"west": MADE, "controller-west": RUNNING, "api-west": endpoints("192.0.2.10")},
        monkeypatch,
    )

    assert state == found()
    assert state.is_well


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    state = collected({"west": MADE, "controller-west": RUNNING}, monkeypatch)

    assert [mirror.problem for mirror in state.mirrors] == ["missing"]
    assert not state.is_well


def test_a_mirror_without_ready_endpoints_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    objects = {"west": MADE, "controller-west": RUNNING, "api-west": endpoints()}

    [mirror] = collected(objects, monkeypatch).mirrors

    assert mirror.problem == "no endpoint is ready"


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (api_error(403, "forbidden"), "Link: forbidden"),
        (OSError("refused"), "Link: the API server does not answer (OSError)"),
    ],
)
def test_a_cluster_that_refuses_or_does_not_answer_is_said(
    error: Exception, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [link] = collected({"west": error, "controller-west": RUNNING}, monkeypatch).links

    assert link.problem == problem


def test_what_is_not_deployed_is_said_and_not_looked_for() -> None:
    state = summary.collect("demo", DESCRIBED, cast(Project, FakeProject({})))

    assert [link.problem for link in state.links] == ["local is not deployed"]
    assert [mirror.problem for mirror in state.mirrors] == ["local is not deployed"]
    assert shown(state)[-1] == "trust anchor expires (not deployed)"


def test_a_person_sees_links_mirrors_and_the_anchors_expiry() -> None:
    told = shown(found())

    assert told[0] == "environment demo: local -> west (source calls target)"
    assert "local west 192.0.2.10 ok" in told
    assert "api-west.shop local 192.0.2.10:4143 ok" in told
    assert told[-1] == "trust anchor expires 2036-11-20"


def test_a_problem_stands_where_ok_would() -> None:
    assert "api-west.shop local 192.0.2.10:4143 missing" in shown(found(problem="missing"))
