"""A cluster that something else made: what is read from its kubeconfig, and what stays secret."""

import functools
import re

import pulumi
import pytest
import yaml

from linkmesh.existing_cluster import ExistingCluster, ExistingClusterArgs, current_cluster
from tests import engine

NO_CONTEXT = (
    "kubeconfig must have a current context that names one of its clusters (got a secret). "
    "Use: kubectl config view --minify --flatten --raw"
)
NO_YAML = (
    "kubeconfig must be the YAML of a kubeconfig (got a secret of another form). "
    "Use: kubectl config view --minify --flatten --raw"
)


@functools.cache
def reached() -> engine.Notes:
    """Take a cluster by its kubeconfig, and export what is known of it."""

    def program() -> None:
        cluster = ExistingCluster("west", ExistingClusterArgs(kubeconfig=engine.KUBECONFIG))
        pulumi.export("api_server", cluster.api_server)
        pulumi.export("authority", cluster.certificate_authority_data)
        pulumi.export("kubeconfig", cluster.kubeconfig)

    return engine.run(program)


def test_its_kubeconfig_is_a_secret_wherever_it_goes() -> None:
    provider = reached().one("pulumi:providers:kubernetes")

    assert provider.inputs["kubeconfig"] == engine.Secret(engine.KUBECONFIG)
    assert reached().outputs["kubeconfig"] == engine.Secret(engine.KUBECONFIG)


def test_its_address_and_authority_are_known_and_no_secrets() -> None:
    assert reached().outputs["api_server"] == "https://127.0.0.1:6443"
    assert reached().outputs["authority"] == "Q0E="


def test_the_identity_of_its_provider_does_not_depend_on_the_kubeconfig() -> None:
    provider = reached().one("pulumi:providers:kubernetes")

    assert provider.name == "west-kubernetes"
    assert provider.inputs["clusterIdentifier"] == "linkmesh/west"


def test_nothing_is_made_on_it() -> None:
    assert [noted.type for noted in reached().resources] == [
        "linkmesh:index:ExistingCluster",
        "pulumi:providers:kubernetes",
    ]


def test_the_cluster_of_the_current_context_is_read() -> None:
    config = yaml.safe_dump(
        {
            "current-context": "two",
            "contexts": [
                {"name": "one", "context": {"cluster": "first"}},
                {"name": "two", "context": {"cluster": "second"}},
            ],
            "clusters": [
                {"name": "first", "cluster": {"server": "https://first.test"}},
                {"name": "second", "cluster": {"server": "https://second.test"}},
            ],
        }
    )

    assert current_cluster(config) == {"server": "https://second.test"}


def test_a_public_ca_may_have_signed_the_api_servers_certificate() -> None:
    def program() -> None:
        plain = re.sub(", certificate-authority-data: Q0E=", "", engine.KUBECONFIG)
        cluster = ExistingCluster("west", ExistingClusterArgs(kubeconfig=plain))
        pulumi.export("authority", cluster.certificate_authority_data)

    assert engine.run(program).outputs == {"authority": ""}


@pytest.mark.parametrize(
    "config",
    [
        "{}",
        "current-context: c",
        "{current-context: c, contexts: [{name: c, context: {cluster: x}}], clusters: null}",
    ],
)
def test_a_kubeconfig_without_a_current_cluster_is_an_error(config: str) -> None:
    with pytest.raises(ValueError, match="kubeconfig") as error:
        current_cluster(config)

    assert str(error.value) == NO_CONTEXT


@pytest.mark.parametrize("config", ["users: [{token: 'hush", "hush", "", "[hush]"])
def test_what_is_no_kubeconfig_is_an_error_without_being_quoted(config: str) -> None:
    with pytest.raises(ValueError, match="kubeconfig") as error:
        current_cluster(config)

    assert str(error.value) == NO_YAML
    assert error.value.__suppress_context__ or error.value.__context__ is None


@pytest.mark.parametrize(
    "entry", [{"certificate-authority": "/home/ada/ca.crt"}, {"insecure-skip-tls-verify": True}]
)
def test_an_authority_that_pods_of_sources_do_not_have_is_not_valid(
    entry: dict[str, object],
) -> None:
    """Their controllers would not trust its API server."""
    config = yaml.safe_load(engine.KUBECONFIG)
    cluster = config["clusters"][0]["cluster"]
    del cluster["certificate-authority-data"]
    cluster.update(entry)

    with pytest.raises(ValueError, match="must contain the CA certificates") as error:
        current_cluster(yaml.safe_dump(config))

    assert "/home/ada" not in str(error.value)
    assert str(error.value).endswith("Use: kubectl config view --minify --flatten --raw")
