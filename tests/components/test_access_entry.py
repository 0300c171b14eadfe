"""Access entries: the policy that each role means, and who cannot have one."""

import pytest

from components.access_entry import AccessEntry, Role, access_problems

OPERATORS = "arn:aws:iam::111122223333:role/operators"
POLICIES = "arn:aws:eks::aws:cluster-access-policy"


@pytest.mark.parametrize(
    ("role", "namespaces", "policy"),
    [
        (Role.ADMIN, (), "AmazonEKSClusterAdminPolicy"),
        (Role.ADMIN, ("web",), "AmazonEKSAdminPolicy"),
        (Role.EDIT, (), "AmazonEKSEditPolicy"),
        (Role.VIEW, ("web", "web-*"), "AmazonEKSViewPolicy"),
        (f"{POLICIES}/AmazonEKSAdminViewPolicy", (), "AmazonEKSAdminViewPolicy"),
    ],
)
def test_a_role_means_a_policy_of_eks(
    role: Role | str, namespaces: tuple[str, ...], policy: str
) -> None:
    assert AccessEntry(OPERATORS, role, namespaces).policy == f"{POLICIES}/{policy}"


@pytest.mark.parametrize(
    ("entry", "administers"),
    [
        (AccessEntry(OPERATORS), True),
        (AccessEntry(OPERATORS, f"{POLICIES}/AmazonEKSClusterAdminPolicy"), True),
        (AccessEntry(OPERATORS, Role.ADMIN, ["web"]), False),
        (AccessEntry(OPERATORS, f"{POLICIES}/AmazonEKSClusterAdminPolicy", ["web"]), False),
        (AccessEntry(OPERATORS, Role.EDIT), False),
    ],
)
def test_an_administrator_may_do_everything_everywhere(
    entry: AccessEntry, administers: bool
) -> None:
    assert entry.administers is administers


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
def test_nobody_else_can(principal: str) -> None:
    problems = access_problems([AccessEntry(OPERATORS), AccessEntry(principal)])

    assert problems == [
        "access must name principals by the ARN of an IAM role or user (got "
        f"{principal!r}). EKS admits nobody else; a session of an assumed role is not lasting. "
        'Use: AccessEntry("arn:aws:iam::111122223333:role/operators")'
    ]


def test_a_policy_of_another_kind_is_refused() -> None:
    policy = "arn:aws:iam::aws:policy/AdministratorAccess"
    problems = access_problems(
        [AccessEntry(OPERATORS), AccessEntry("arn:aws:iam::111122223333:role/web", policy)]
    )

    assert problems == [
        "access of arn:aws:iam::111122223333:role/web must have a Role or the ARN of an EKS access "
        f"policy (got {policy!r}). Kubernetes roles and IAM policies are other things. "
        f"Use: Role.VIEW, or {POLICIES}/AmazonEKSAdminViewPolicy"
    ]


def test_a_principal_named_twice_is_refused() -> None:
    problems = access_problems([AccessEntry(OPERATORS), AccessEntry(OPERATORS, Role.VIEW)])

    assert problems == [
        f"access must name each principal once (got {OPERATORS} 2 times). EKS keeps one entry a "
        "principal. Use: one AccessEntry with the wider role"
    ]


@pytest.mark.parametrize(
    ("entries", "got"),
    [([], "none"), ([AccessEntry(OPERATORS, Role.ADMIN, ["web"])], OPERATORS)],
)
def test_a_cluster_without_an_administrator_is_refused(
    entries: list[AccessEntry], got: str
) -> None:
    assert access_problems(entries) == [
        "access must name at least one administrator of the whole cluster (got "
        f"{got}). Nobody is administrator by having made it. "
        'Use: access=[AccessEntry("arn:aws:iam::111122223333:role/operators")]'
    ]


def test_a_namespace_that_is_not_in_a_list_is_refused() -> None:
    problems = access_problems(
        [AccessEntry(OPERATORS), AccessEntry(f"{OPERATORS}2", namespaces="web")]
    )

    assert problems == [
        f"access of {OPERATORS}2 must list its namespaces (got 'web'). A text would be taken letter"
        " by letter. Use: namespaces=['web']"
    ]
