"""Reading both ends of an export, from simulated API servers."""

from typing import Any, cast

import pytest
from httpx2 import Request, Response
from lightkube import ApiError, Client
from lightkube.models.apps_v1 import DeploymentSpec, DeploymentStatus
from lightkube.models.core_v1 import EndpointAddress, EndpointSubset, PodTemplateSpec, ServiceSpec
from lightkube.models.meta_v1 import LabelSelector, ObjectMeta
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import Endpoints, Namespace, Service

from linkmesh.cli.mirrors.collect import joined, messages, observe
from linkmesh.cli.mirrors.evaluate import ExportObservation, problem_text
from linkmesh.linkerd.links.cleanup import LinkObject
from linkmesh.linkerd.mode import LinkMode

EXPORT = ExportObservation(service="db", namespace="app", source="west", target="east")
LABEL = {"mirror.linkerd.io/exported": "true"}
MIRROR_LABELS = {
    "mirror.linkerd.io/mirrored-service": "true",
    "mirror.linkerd.io/cluster-name": "east",
}


class Api:
    """An API server with a few objects."""

    def __init__(self, *objects: Any, code: int = 404) -> None:
        self.objects = {(type(each), each.metadata.name): each for each in objects}
        self.code = code

    def get(self, kind: Any, name: str, **_: Any) -> Any:
        if (kind, name) in self.objects:
            return self.objects[kind, name]
        body = {"kind": "Status", "code": self.code, "message": "no"}
        raise ApiError(
            request=Request("GET", "https://west.test"), response=Response(self.code, json=body)
        )


def service(name: str, labels: dict[str, str]) -> Service:
    """Make a Service."""
    return Service(metadata=ObjectMeta(name=name, labels=labels), spec=ServiceSpec())


def endpoints(name: str) -> Endpoints:
    """Make Endpoints with one ready address."""
    subset = EndpointSubset(addresses=[EndpointAddress(ip="192.0.2.1")])
    return Endpoints(metadata=ObjectMeta(name=name), subsets=[subset])


TARGET = Api(service("db", LABEL), endpoints("db"))
SOURCE = [
    Namespace(metadata=ObjectMeta(name="app")),
    LinkObject(metadata=ObjectMeta(name="east")),
    Deployment(
        metadata=ObjectMeta(name="controller-east"),
        spec=DeploymentSpec(selector=LabelSelector(), template=PodTemplateSpec()),
        status=DeploymentStatus(availableReplicas=3),
    ),
    service("db-east", MIRROR_LABELS),
    endpoints("db-east"),
]


def observed(source: Api, target: Api = TARGET) -> ExportObservation:
    """Read the export from two simulated clusters."""
    return observe(cast(Client, source), cast(Client, target), EXPORT, label=LABEL)


def test_an_export_with_a_mirror_that_can_be_called_is_healthy() -> None:
    assert problem_text(observed(Api(*SOURCE))) == ""


@pytest.mark.parametrize(
    ("missing", "cause"),
    [
        (0, "'west' has no namespace 'app'"),
        (1, "'west' has no Link to 'east'"),
        (2, "no mirror controller of 'east' runs on 'west'"),
        (3, "app/db-east does not exist yet"),
        (4, "app/db-east has no ready endpoints although the service has"),
    ],
)
def test_each_missing_object_is_reported(missing: int, cause: str) -> None:
    there = [each for index, each in enumerate(SOURCE) if index != missing]

    assert problem_text(observed(Api(*there))).startswith(cause)


def test_pods_that_are_missing_on_the_target_are_reported() -> None:
    without_pods = observed(Api(*SOURCE[:-1]), Api(service("db", LABEL)))

    assert "has no ready endpoints on 'east'" in problem_text(without_pods)


def test_a_forbidden_request_does_not_count_as_a_missing_object() -> None:
    with pytest.raises(ApiError):
        observed(Api(code=403))


def test_messages_of_a_link_are_those_about_this_service_only() -> None:
    def about(name: str, status: str, message: str) -> dict[str, Any]:
        conditions = [{"type": "Mirrored", "status": status, "message": message}]
        return {"remoteRef": {"name": name, "namespace": "app"}, "conditions": conditions}

    link = {
        "status": {
            "mirrorServices": [about("db", "False", "why"), about("web", "False", "other")],
            "federatedServices": [about("db", "False", "federated")],
        }
    }

    assert [*messages(link, "db", "app")] == ["why"]
    assert [*messages(link, "db", "app", LinkMode.FEDERATED)] == ["federated"]
    assert [*messages({}, "db", "app")] == []


def test_a_mirror_is_of_the_version_that_its_annotation_says() -> None:
    """Its own version is that of another API server."""
    original, copy = service("db", LABEL), service("db-east", MIRROR_LABELS)
    original.metadata.resourceVersion, copy.metadata.resourceVersion = "8", "99"
    copy.metadata.annotations = {"mirror.linkerd.io/remote-resource-version": "7"}
    others = SOURCE[:-2]

    cause = problem_text(
        observed(Api(*others, copy, endpoints("db-east")), Api(original, endpoints("db")))
    )

    assert "is the mirror of an earlier version of the service" in cause


def test_a_link_says_who_joined() -> None:
    remote = {"name": "db", "namespace": "app"}
    entry = {"remoteRef": remote, "conditions": [{"type": "Mirrored", "status": "True"}]}

    assert joined({"status": {"federatedServices": [entry]}}, "db", "app")
    assert not joined({"status": {"mirrorServices": [entry]}}, "db", "app")
    assert not joined({}, "db", "app")


def test_what_linkerd_says_of_headless_mirrors_that_it_makes_is_no_failure() -> None:
    condition = {"status": "False", "message": "Headless mirror services are disabled"}
    entry = {"remoteRef": {"name": "db", "namespace": "app"}, "conditions": [condition]}

    assert [*messages({"status": {"mirrorServices": [entry]}}, "db", "app")] == []
