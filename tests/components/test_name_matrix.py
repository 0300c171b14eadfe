"""Every derived name of an environment against its limit."""

from hypothesis import given
from hypothesis import strategies as st

from linkmesh import names
from linkmesh.name_matrix import name_matrix, name_problems

SERVICES = st.sets(st.from_regex(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True), max_size=4)
CLUSTERS = st.sets(st.from_regex(r"[a-z]([a-z0-9-]{0,28}[a-z0-9])?", fullmatch=True), max_size=4)


def test_every_service_is_checked_on_every_cluster() -> None:
    checks = name_matrix(["yelb-db", "yelb-appserver"], ["west", "east"])

    mirrors = {(c.service, c.cluster, c.name) for c in checks if c.kind == "mirror service"}
    assert mirrors == {
        (service, cluster, f"{service}-{cluster}")
        for service in ("yelb-db", "yelb-appserver")
        for cluster in ("west", "east")
    }


def test_names_of_a_cluster_are_checked_without_any_service() -> None:
    checks = name_matrix([], ["east"], eks=["demo-east"])

    named = {check.kind: check.name for check in checks if check.kind != "IAM role"}
    assert named == {
        "cluster": "east",
        "Link": "east",
        "credentials Secret": "cluster-credentials-east",
        "Lease": "service-mirror-write-east",
        "mirror controller": "controller-east",
        "probe Service": "probe-east",
        "remote access account": "linkerd-service-mirror-remote-access-east",
        "remote access token": "linkerd-service-mirror-remote-access-east-token",
        "EKS cluster": "demo-east",
        "KMS alias": "alias/demo-east-secrets",
        "log group": "/aws/eks/demo-east/cluster",
        "load balancer of the gateway": "k8s-linkerdm-linkerdg-??????????",
    }


def test_the_roles_that_are_checked_are_those_that_a_cluster_has() -> None:
    made = [check.name for check in name_matrix([], [], eks=["east"]) if check.kind == "IAM role"]

    assert [name.removesuffix("-???????") for name in made] == [
        "east-cluster",
        "east-nodes",
        "east-ebs-csi",
        "east-load-balancers",
        "east-flow-logs",
    ]


def test_a_name_of_63_characters_fits_and_of_64_does_not() -> None:
    fitting, longer = "a" * 53, "a" * 54

    found = {c.service: c.fits for c in name_matrix([fitting, longer], []) if c.service}

    assert found == {fitting: True, longer: False}


def test_a_name_that_is_too_long_is_an_error_with_a_shorter_one() -> None:
    service = "b" * 52 + "-" + "c" * 6

    assert name_problems(name_matrix([service], ["far-east"]))[-1:] == [
        f"mirror service of service '{service}' of cluster 'far-east' must have a name of at most "
        f"63 characters (got 68: {service}-far-east). It would be rejected, or silently not be "
        f"created. Shorten the service's name, e.g. to '{'b' * 52}-c'."
    ]


def test_a_cluster_that_is_too_long_is_an_error_with_a_shorter_one() -> None:
    assert name_problems(name_matrix([], ["a" * 31])) == [
        f"cluster '{'a' * 31}' must have a name of at most 30 characters (got 31: "
        f"{'a' * 31}). It would be rejected, or silently not be created. Shorten the cluster's "
        f"name, e.g. to '{'a' * 30}'."
    ]


def test_an_eks_cluster_has_a_limit_of_its_own() -> None:
    checks = [check for check in name_matrix([], [], eks=["a" * 101]) if not check.fits]

    assert {check.kind for check in checks} == {"EKS cluster", "IAM role"}


@given(SERVICES, CLUSTERS)
def test_a_proposal_fits_where_the_name_did_not(services: set[str], clusters: set[str]) -> None:
    for check in name_matrix(services, clusters):
        if not check.fits and check.service:
            again = name_matrix([check.proposal], [check.cluster] if check.cluster else [])
            same = [each for each in again if each.kind == check.kind]
            assert same[0].fits
            assert names.is_dns_label(check.proposal)


@given(SERVICES, CLUSTERS)
def test_whatever_fits_is_no_problem(services: set[str], clusters: set[str]) -> None:
    checks = name_matrix(services, clusters)

    assert len(name_problems(checks)) == sum(not check.fits for check in checks)
