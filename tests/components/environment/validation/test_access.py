"""Rules of access: administrators are named, and calls come from known addresses."""

import pytest

from linkmesh.cidr_blocks import caller_problem
from linkmesh.environment import AccessEntry, Existing, chain
from tests.components.environment.described import ADMINS, LOCAL, WEST, planned, problems


def test_an_eks_cluster_without_administrators_is_an_error() -> None:
    assert problems(WEST, admins=[]) == [
        "admins must name at least one IAM principal (got none). Making an EKS cluster does not "
        'administer it. Use: admins=["arn:aws:iam::<account>:role/<role>"]'
    ]


def test_an_eks_cluster_without_operators_is_an_error() -> None:
    assert problems(WEST, operators=[]) == [
        "operators must name at least one CIDR block (got none). The API servers of the EKS "
        'clusters could not be reached. Use: operators=["<your address>/32"]'
    ]


def test_operators_that_are_no_cidr_block_are_errors() -> None:
    assert problems(WEST, operators=["office"]) == [
        "operators must be IPv4 CIDR blocks with a prefix length (got 'office'). "
        "Use: 198.51.100.10/32"
    ]


def test_the_whole_internet_as_operator_is_an_error() -> None:
    assert problems(WEST, operators=["0.0.0.0/0"]) == [
        "operators must not be the whole internet (got 0.0.0.0/0). The API servers would be open "
        "to everyone. Use: 198.51.100.10/32"
    ]


def test_the_whole_internet_as_address_of_a_cluster_that_exists_is_an_error() -> None:
    site = Existing("site", egress=["0.0.0.0/0"])

    assert problems(site, WEST, links=chain("site", "west")) == [
        "egress of cluster 'site' must not be the whole internet (got 0.0.0.0/0). The API servers "
        "would be open to everyone. Use: 198.51.100.10/32"
    ]


def test_an_operator_without_a_prefix_length_is_an_error() -> None:
    assert problems(WEST, operators=["198.51.100.10"]) == [
        "operators must be IPv4 CIDR blocks with a prefix length (got '198.51.100.10'). "
        "Use: 198.51.100.10/32"
    ]


def test_an_operator_with_an_address_of_the_sixth_version_is_an_error() -> None:
    assert problems(WEST, operators=["::/0"]) == [
        "operators must be IPv4 CIDR blocks with a prefix length (got '::/0'). "
        "Use: 198.51.100.10/32"
    ]


def test_a_principal_that_has_access_twice_is_an_error() -> None:
    assert len(problems(WEST, admins=[*ADMINS, *ADMINS])) == 1


@pytest.mark.parametrize("block", ["10.0.0.0/7", "127.0.0.1/32", "169.254.10.0/24"])
def test_an_operator_that_eks_would_reject_is_an_error_in_a_plan(block: str) -> None:
    assert problems(WEST, operators=[block]) == [caller_problem("operators", block)]


def test_private_addresses_of_a_cluster_that_exists_are_errors() -> None:
    site = Existing("site", egress=["10.99.0.0/16"])

    assert problems(site, WEST, links=chain("site", "west")) == [
        caller_problem("egress of cluster 'site'", "10.99.0.0/16", public=True)
    ]


@pytest.mark.parametrize(
    "url", ["https://api.example.com", "https://192.0.2.10:6443", "https://[2001:db8::1]:6443/"]
)
def test_an_api_server_is_reached_at_its_url(url: str) -> None:
    assert planned(Existing("site", api_server=url)).names == ["site"]


@pytest.mark.parametrize(
    ("url", "use"),
    [
        ("http://192.0.2.10:6443", "https://192.0.2.10:6443"),
        ("192.0.2.10:6443", "https://192.0.2.10:6443"),
        ("https://api.example.com/cluster", "https://api.example.com"),
        ("", "https://192.0.2.10:6443"),
    ],
)
def test_an_api_server_without_tls_or_with_a_path_is_an_error(url: str, use: str) -> None:
    assert problems(Existing("site", api_server=url)) == [
        "api_server of cluster 'site' must be https://, a host, and a port if it is not 443 (got "
        f'{url!r}). API servers use TLS, and have no path. Use: api_server="{use}"'
    ]


def test_a_wrong_principal_is_an_error_by_the_names_of_a_description() -> None:
    web = AccessEntry("arn:aws:iam::111122223333:role/web", namespaces=["web"])

    assert [problem.split(" (got")[0] for problem in problems(WEST, admins=["ops"])] == [
        "admins or access must name principals by the ARN of an IAM role or user"
    ]
    assert [problem.split(" (got")[0] for problem in problems(WEST, access=[web])] == [
        "access of arn:aws:iam::111122223333:role/web must have another policy than CLUSTER_ADMIN "
        "for namespaces"
    ]


@pytest.mark.parametrize(
    "url",
    [
        *("https://api:99999", "https://api:0", "https://-._-", "https://[::::]", "https://1.2.3"),
        *("https://user@api", "HTTPS://api", "https://api_server", f"https://{'a' * 64}"),
    ],
)
def test_an_api_server_at_a_host_or_port_that_cannot_be_is_an_error(url: str) -> None:
    [problem] = problems(Existing("site", api_server=url))

    assert problem.startswith(
        "api_server of cluster 'site' must be https://, a host, and a port if it is not 443"
    )
    use = problem.rpartition("api_server=")[2].strip('"')
    assert planned(Existing("site", api_server=use)).names == ["site"]


def test_an_api_server_of_eks_has_capitals_in_its_name() -> None:
    url = "https://0A1B2C3D.gr7.eu-west-1.eks.amazonaws.com"

    assert planned(Existing("site", api_server=url)).names == ["site"]


def test_access_entries_are_read_without_administrators_too() -> None:
    assert [
        problem.split(" (got")[0]
        for problem in problems(LOCAL, admins=[], access=[AccessEntry("web")])
    ] == ["admins or access must name principals by the ARN of an IAM role or user"]
