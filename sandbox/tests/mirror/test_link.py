"""What a controller reads: its link, the arguments of its pod, durations."""

import pytest

from sandbox.mirror.link import Arguments, Link, Object, RefusedError, seconds


def pod(*arguments: str) -> Object:
    return {"spec": {"containers": [{"args": ["service-mirror", *arguments]}]}}


def test_a_link_without_a_gateway_can_be_read() -> None:
    link = Link.of({"metadata": {"name": "east", "namespace": "mc"}, "spec": {"probeSpec": {}}})

    assert (link.gateway_address, link.probe_path, link.selector) == ("", "", None)
    assert not link.exports({"mirror.linkerd.io/exported": "true"})


def test_opaque_ports_are_copied_even_if_excluded() -> None:
    link = Link(name="e", namespace="mc", target="e", excluded_annotations=["config.linkerd.io/*"])

    copied = link.copied_annotations(
        {
            "config.linkerd.io/opaque-ports": "5432",
            "config.linkerd.io/other": "x",
            "service.kubernetes.io/topology-mode": "Auto",
        }
    )
    assert copied == {"config.linkerd.io/opaque-ports": "5432"}


def test_the_arguments_of_a_controller_are_read_from_its_pod() -> None:
    arguments = Arguments.of(
        pod("-namespace=mc", "-event-requeue-limit=5", "-probe-service=probe-east", "east")
    )

    assert arguments == Arguments(
        link="east", namespace="mc", probe_service="probe-east", requeue_limit=5
    )
    assert arguments is not None
    assert arguments.lease == "service-mirror-write-east"


def test_the_arguments_of_the_local_mirror_make_its_link() -> None:
    arguments = Arguments.of(
        pod(
            "-namespace=mc",
            "-local-mirror",
            "-federated-service-selector=mirror.linkerd.io/federated=member",
            "-excluded-labels=",
            "-excluded-annotations=a,b/*",
        )
    )

    assert arguments is not None
    assert arguments.lease == "local-service-mirror-write"
    link = arguments.local_link()
    assert link.federates({"mirror.linkerd.io/federated": "member"})
    assert (link.target, tuple(link.excluded_labels)) == ("", ())
    assert tuple(link.excluded_annotations) == ("a", "b/*")


@pytest.mark.parametrize(("text", "expected"), [("3s", 3.0), ("1m30s", 90.0), ("500ms", 0.5)])
def test_durations_are_read_as_go_writes_them(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "3", "3 s", "s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="a duration must look like"):
        seconds(text)
