"""An environment as resources of the Pulumi Kubernetes Operator."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from linkmesh.cli.errors import PreconditionError
from linkmesh.cli.fleet.backend import Backend
from linkmesh.cli.fleet.resources import NAME_LIMIT, Place, Resource, check, files
from linkmesh.cli.fleet.source import Source
from linkmesh.cli.runs.waves import upstream
from linkmesh.environment import Existing, Kind, Plan, chain
from linkmesh.stacks import load
from tests.cli.fleet.documented import faults
from tests.components.environment.described import on_aws, planned, plans

SOURCE = Source(repository="https://git.example/acme/mesh", commit="0" * 40, secret="git")
S3 = Backend(
    url="s3://states?region=eu-west-1", secrets_provider="awskms://alias/mesh?region=eu-west-1"
)
PLACE = Place(namespace="fleet", role_arn="arn:aws:iam::000000000000:role/mesh")
HYBRID = load("hybrid")


def written(
    plan: Plan = HYBRID, name: str = "hybrid", backend: Backend = S3, **more: Any
) -> Mapping[str, Resource]:
    """Write the resources of an environment with a state in S3."""
    return files(name, plan, **{"source": SOURCE, "backend": backend, "place": PLACE, **more})


def stacks(resources: Mapping[str, Resource]) -> dict[str, dict[str, Any]]:
    """Return the specs of all stacks, by the names of their resources."""
    return {
        each["metadata"]["name"]: each["spec"]
        for each in resources.values()
        if each["kind"] == "Stack"
    }


@pytest.mark.parametrize("backend", [S3, Backend(), Backend(url="s3://states")])
@pytest.mark.parametrize(
    "source", [SOURCE, Source(repository="https://git.example/acme/mesh", branch="main")]
)
def test_an_api_server_with_strict_validation_accepts_each_stack(
    backend: Backend, source: Source
) -> None:
    found = stacks(written(backend=backend, source=source))

    assert [fault for spec in found.values() for fault in faults(spec)] == []


def test_strict_validation_rejects_what_is_not_documented() -> None:
    wrong = {"stak": "x", "refresh": "yes", "envRefs": {"A": {"type": "File"}}}

    assert list(faults(wrong)) == [
        "spec.stack: missing",
        "spec.stak: unknown",
        "spec.refresh: 'yes' is no boolean",
        "spec.envRefs.A.type: 'File' is none of Env | FS | Secret | Literal",
    ]


def test_a_stack_names_the_folder_of_a_project_that_is_not_at_the_top() -> None:
    found = stacks(written(source=replace(SOURCE, directory="infra/mesh")))

    assert {spec["repoDir"] for spec in found.values()} == {"infra/mesh"}
    assert [fault for spec in found.values() for fault in faults(spec)] == []
    assert not any("repoDir" in spec for spec in stacks(written()).values())


@given(plans())
def test_each_stack_has_what_it_waits_for_as_prerequisites(plan: Plan) -> None:
    found = stacks(written(plan, "any"))

    assert {
        spec["stack"].removeprefix("any."): {
            found[each["name"]]["stack"].removeprefix("any.") for each in spec["prerequisites"]
        }
        for spec in found.values()
    } == upstream(plan)


def test_the_kustomization_lists_every_other_file_upstream_first() -> None:
    resources = written()
    kustomization = resources["kustomization.yaml"]

    assert [*kustomization["resources"], "kustomization.yaml"] == [*resources]
    assert kustomization["resources"][-8:] == [
        "stack-trust.yaml",
        "stack-network.yaml",
        "stack-onprem.yaml",
        "stack-cloud.yaml",
        "stack-links.onprem.yaml",
        "stack-apps.onprem.yaml",
        "stack-apps.cloud.yaml",
        "stack-routes.onprem.yaml",
    ]
    assert kustomization["sortOptions"] == {"order": "fifo"}


def test_drift_is_detected_and_repaired_each_hour() -> None:
    for spec in stacks(written()).values():
        assert spec["refresh"]
        assert spec["continueResyncOnCommitMatch"]
        assert spec["resyncFrequencySeconds"] == 3600


def test_deleting_a_resource_destroys_nothing() -> None:
    assert not any(spec["destroyOnFinalize"] for spec in stacks(written()).values())


def test_all_stacks_are_of_one_commit() -> None:
    found = stacks(written()).values()

    assert {spec["commit"] for spec in found} == {"0" * 40}
    assert not any("branch" in spec for spec in found)


def test_secrets_are_references_and_never_values() -> None:
    onprem = stacks(written(backend=Backend(url="s3://states")))["hybrid-onprem"]

    assert onprem["secretsRef"]["linkmesh:kubeconfig"] == {
        "type": "Secret",
        "secret": {"name": "hybrid-onprem-kubeconfig", "key": "kubeconfig"},
    }
    assert onprem["envRefs"]["PULUMI_CONFIG_PASSPHRASE"] == {
        "type": "Secret",
        "secret": {"name": "linkmesh", "key": "PULUMI_CONFIG_PASSPHRASE"},
    }
    assert onprem["gitAuth"]["accessToken"]["secret"]["name"] == "git"
    assert "secrets" not in onprem


def test_only_the_stack_of_an_existing_cluster_gets_its_kubeconfig() -> None:
    assert [name for name, spec in stacks(written()).items() if "secretsRef" in spec] == [
        "hybrid-onprem"
    ]


def test_a_state_in_s3_with_a_key_of_kms_needs_no_secret() -> None:
    spec = stacks(written())["hybrid-cloud"]

    assert (spec["backend"], spec["secretsProvider"]) == (S3.url, S3.secrets_provider)
    assert not any("secret" in each for each in spec["envRefs"].values())


def test_pulumi_cloud_needs_an_access_token() -> None:
    spec = stacks(written(backend=Backend()))["hybrid-cloud"]

    assert "backend" not in spec
    assert "PULUMI_ACCESS_TOKEN" in spec["envRefs"]


def test_the_pods_assume_the_role_and_may_check_their_callers() -> None:
    resources = written()
    account = resources["service-account.yaml"]["metadata"]

    assert account["annotations"] == {"eks.amazonaws.com/role-arn": PLACE.role_arn}
    assert resources["role-binding.yaml"]["roleRef"]["name"] == "system:auth-delegator"
    assert {spec["serviceAccountName"] for spec in stacks(resources).values()} == {account["name"]}


def test_with_pod_identity_the_service_account_has_no_annotation() -> None:
    account = written(place=Place(namespace="fleet"))["service-account.yaml"]

    assert "annotations" not in account["metadata"]


def test_a_pod_has_memory_for_the_provider_of_the_cluster_that_it_deploys_to() -> None:
    memory = {
        name: spec["workspaceTemplate"]["spec"]["resources"]["limits"]["memory"]
        for name, spec in stacks(written()).items()
    }

    assert memory == {
        "hybrid-trust": "512Mi",
        "hybrid-network": "512Mi",
        "hybrid-onprem": "622Mi",
        "hybrid-cloud": "622Mi",
        "hybrid-links-onprem": "622Mi",
        "hybrid-apps-onprem": "622Mi",
        "hybrid-apps-cloud": "622Mi",
        "hybrid-routes-onprem": "622Mi",
    }


def test_names_are_dns_labels() -> None:
    assert "blue-green-west" in stacks(written(planned(on_aws("west")), "Blue_green"))


def test_a_kind_cluster_cannot_be_run_by_an_operator() -> None:
    with pytest.raises(PreconditionError) as error:
        check("demo", load("demo"))

    assert str(error.value) == (
        "cluster 'local' must be reachable from the operator's pods (got a kind cluster, which "
        "only its machine reaches). Use: mesh up on that machine"
    )


def test_a_name_that_the_operator_rejects_is_an_error() -> None:
    name = "e" * (NAME_LIMIT - len("-network"))
    plan = planned(on_aws("west"))

    check(name, plan)
    with pytest.raises(PreconditionError) as error:
        check(f"{name}e", plan)

    assert str(error.value) == (
        f"name of the Stack of {name}e.network must have at most 42 characters (got 43: "
        f"{name}e-network). The operator rejects it. Shorten the name of the environment"
    )


def test_two_stacks_that_the_operator_would_take_for_one_are_an_error() -> None:
    plan = planned(
        on_aws("west", block=10),
        on_aws("links-west", block=20),
        links=chain("west", "links-west"),
    )

    with pytest.raises(PreconditionError) as error:
        check("any", plan)

    assert str(error.value) == (
        "Stacks of any.links-west and any.links.west must have different names (both would be "
        "any-links-west). Rename the cluster 'links-west'"
    )


def test_clusters_that_exist_and_on_aws_are_reachable() -> None:
    existing = Existing("onprem", egress=["198.51.100.20/32"])

    check("hybrid", planned(existing, on_aws("west"), links=chain("onprem", "west")))
    with pytest.raises(PreconditionError):
        check("laptop", planned(Kind("local")))
