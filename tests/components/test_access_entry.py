"""Access entries: the policy that each names, and which principals cannot have one."""

import pytest

from linkmesh.access_entry import AccessEntry, AccessPolicy, access_problems

OPERATORS = "arn:aws:iam::111122223333:role/operators"
POLICIES = "arn:aws:eks::aws:cluster-access-policy"


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        (AccessPolicy.CLUSTER_ADMIN, "AmazonEKSClusterAdminPolicy"),
        (AccessPolicy.ADMIN, "AmazonEKSAdminPolicy"),
        (AccessPolicy.EDIT, "AmazonEKSEditPolicy"),
        (AccessPolicy.VIEW, "AmazonEKSViewPolicy"),
        (f"{POLICIES}/AmazonEKSAdminViewPolicy", "AmazonEKSAdminViewPolicy"),
    ],
)
def test_a_policy_is_one_of_eks(policy: AccessPolicy | str, name: str) -> None:
    assert AccessEntry(OPERATORS, policy).policy_arn == f"{POLICIES}/{name}"


@pytest.mark.parametrize(
    ("entry", "is_cluster_admin"),
    [
        (AccessEntry(OPERATORS), True),
        (AccessEntry(OPERATORS, f"{POLICIES}/AmazonEKSClusterAdminPolicy"), True),
        (AccessEntry(OPERATORS, AccessPolicy.ADMIN, ["web"]), False),
        (AccessEntry(OPERATORS, f"{POLICIES}/AmazonEKSClusterAdminPolicy", ["web"]), False),
        (AccessEntry(OPERATORS, AccessPolicy.EDIT), False),
    ],
)
def test_an_administrator_may_do_everything_everywhere(
    entry: AccessEntry, is_cluster_admin: bool
) -> None:
    assert entry.is_cluster_admin is is_cluster_admin


@pytest.mark.parametrize(
    ("principal", "label"),
    [
        (OPERATORS, "111122223333-role/operators"),
        ("arn:aws:iam::111122223333:user/operators", "111122223333-user/operators"),
        ("arn:aws:iam::444455556666:role/operators", "444455556666-role/operators"),
        ("arn:aws:iam::111122223333:role/teams/web", "111122223333-role/teams/web"),
        ("arn:aws:iam::111122223333:role/teams-web", "111122223333-role/teams-web"),
    ],
)
def test_a_principal_has_a_label_of_its_own(principal: str, label: str) -> None:
    assert AccessEntry(principal).label == label


@pytest.mark.parametrize(
    "principal", [OPERATORS, "arn:aws:iam::000000000000:root", "arn:aws:iam::111122223333:user/a.b"]
)
def test_roles_users_and_the_root_user_can_have_an_entry(principal: str) -> None:
    assert access_problems([AccessEntry(principal)]) == []


@pytest.mark.parametrize(
    "principal",
    [
        "operators",
        "arn:aws:iam::111:role/operators",
        "arn:aws:iam::111122223333:group/operators",
        "arn:aws:sts::111122223333:assumed-role/operators/ada",
        "arn:aws:iam::111122223333:role/",
    ],
)
def test_other_principals_cannot(principal: str) -> None:
    problems = access_problems([AccessEntry(OPERATORS), AccessEntry(principal)])

    assert problems == [
        "access_entries must name principals by the ARN of an IAM role or user (got "
        f"{principal!r}). EKS accepts no others; a session of an assumed role ends. "
        'Use: AccessEntry("arn:aws:iam::111122223333:role/operators")'
    ]


def test_a_policy_of_another_kind_is_an_error() -> None:
    policy = "arn:aws:iam::aws:policy/AdministratorAccess"
    problems = access_problems(
        [AccessEntry(OPERATORS), AccessEntry("arn:aws:iam::111122223333:role/web", policy)]
    )

    assert problems == [
        "access_entries of arn:aws:iam::111122223333:role/web must have an AccessPolicy or the ARN "
        f"of an EKS access policy (got {policy!r}). Kubernetes roles and IAM policies are other "
        f"things. Use: AccessPolicy.VIEW, or {POLICIES}/AmazonEKSAdminViewPolicy"
    ]


def test_a_principal_named_twice_is_an_error() -> None:
    problems = access_problems([AccessEntry(OPERATORS), AccessEntry(OPERATORS, AccessPolicy.VIEW)])

    assert problems == [
        f"access_entries must name each principal once (got {OPERATORS} 2 times). EKS has one "
        "entry per principal. Use: one AccessEntry with the wider policy"
    ]


@pytest.mark.parametrize(
    ("entries", "got"),
    [([], "none"), ([AccessEntry(OPERATORS, AccessPolicy.ADMIN, ["web"])], OPERATORS)],
)
def test_a_cluster_without_an_administrator_is_an_error(
    entries: list[AccessEntry], got: str
) -> None:
    assert access_problems(entries) == [
        "access_entries must name at least one administrator of the whole cluster (got "
        f"{got}). Creating a cluster makes no principal its administrator. "
        'Use: access_entries=[AccessEntry("arn:aws:iam::111122223333:role/operators")]'
    ]


def test_a_namespace_that_is_not_in_a_list_is_an_error() -> None:
    with pytest.raises(ValueError, match="namespaces of AccessEntry") as error:
        AccessEntry(OPERATORS, namespaces="web")

    assert str(error.value) == (
        f"namespaces of AccessEntry(\"{OPERATORS}\") must be a list (got 'web'). "
        'Use: namespaces=["web"]'
    )


def test_an_administrator_of_the_whole_cluster_is_an_error_for_namespaces() -> None:
    problems = access_problems(
        [AccessEntry(OPERATORS), AccessEntry(f"{OPERATORS}2", namespaces=["web", "web-*"])]
    )

    assert problems == [
        f"access_entries of {OPERATORS}2 must have another policy than CLUSTER_ADMIN for "
        "namespaces (got web, web-*). It is for whole clusters. Use: AccessPolicy.ADMIN"
    ]


@pytest.mark.parametrize("name", ["", "A B", "a_b", "-web", "x" * 64])
def test_names_that_are_no_namespaces_are_errors(name: str) -> None:
    entries = [
        AccessEntry(OPERATORS),
        AccessEntry(f"{OPERATORS}2", AccessPolicy.VIEW, ["web", "web-*", name]),
    ]

    assert access_problems(entries) == [
        f"access_entries of {OPERATORS}2 must have names of namespaces, or patterns such as web-* "
        f'(got {name!r}). EKS refuses others. Use: namespaces=["web"]'
    ]


@pytest.mark.parametrize("path", ["a" * 65, "p/" * 260 + "web"])
def test_a_name_or_path_that_iam_does_not_take_is_an_error(path: str) -> None:
    [problem] = access_problems(
        [AccessEntry(OPERATORS), AccessEntry(f"arn:aws:iam::111122223333:role/{path}")]
    )

    assert problem.startswith(
        "access_entries must name principals whose name has at most 64 characters and whose path "
        "has at most 512 (got "
    )


def test_the_arn_of_a_policy_for_whole_clusters_has_no_namespaces_either() -> None:
    arn = AccessPolicy.CLUSTER_ADMIN.arn
    other = AccessEntry("arn:aws:iam::111122223333:role/web", arn, ["web"])

    [problem] = access_problems([AccessEntry(OPERATORS), other])

    assert "must have another policy than CLUSTER_ADMIN for namespaces (got web)" in problem
