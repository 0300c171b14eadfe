"""
Who may do what on an EKS cluster: access entries, and the rules they must keep; pure.

Here and not with the cluster, so that a description of an environment can be checked without
loading the AWS SDK.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

# Every principal of IAM that lasts can have an entry; a session of STS cannot. A root user is a
# single identity: its entry says nothing of the account's other users and roles.
# Source: Amazon EKS API Reference, CreateAccessEntry, principalArn
_PRINCIPAL = re.compile(r"arn:aws:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]*[\w+=,.@-])", re.ASCII)

_POLICY = re.compile(r"arn:aws:eks::aws:cluster-access-policy/\w+", re.ASCII)
_POLICIES = "arn:aws:eks::aws:cluster-access-policy"

_ENTRY_EXAMPLE = 'AccessEntry("arn:aws:iam::111122223333:role/operators")'


class Role(Enum):
    """What a principal may do, where its entry says so."""

    ADMIN = "admin"
    """Everything; in chosen namespaces, everything but the namespaces themselves."""

    EDIT = "edit"
    """Read and change workloads."""

    VIEW = "view"
    """Read, but no secrets."""


# Source: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
CLUSTER_ADMIN_POLICY = f"{_POLICIES}/AmazonEKSClusterAdminPolicy"
_ROLE_POLICIES = {
    Role.ADMIN: f"{_POLICIES}/AmazonEKSAdminPolicy",
    Role.EDIT: f"{_POLICIES}/AmazonEKSEditPolicy",
    Role.VIEW: f"{_POLICIES}/AmazonEKSViewPolicy",
}


@dataclass(frozen=True)
class AccessEntry:
    """One IAM principal, and what it may do on a cluster."""

    principal: str
    """ARN of an IAM role or user: `arn:aws:iam::<account>:role/<role>`."""

    role: Role | str = Role.ADMIN
    """What it may do: one of the roles, or the ARN of another of EKS' access policies."""

    namespaces: Sequence[str] = ()
    """Where: names of namespaces, or `web-*` for all that start so. None: the whole cluster."""

    @property
    def policy(self) -> str:
        """ARN of the access policy that says it."""
        if self.role is Role.ADMIN and not self.namespaces:
            return CLUSTER_ADMIN_POLICY
        return _ROLE_POLICIES[self.role] if isinstance(self.role, Role) else self.role

    @property
    def administers(self) -> bool:
        """Whether it may do everything on the whole cluster."""
        return self.policy == CLUSTER_ADMIN_POLICY and not self.namespaces

    @property
    def label(self) -> str:
        """A name that no other principal has: `111122223333-role/operators`."""
        account, principal = self.principal.split(":", 5)[4:]
        return f"{account}-{principal}"


def access_problems(entries: Sequence[AccessEntry]) -> list[str]:
    """List what is wrong with the access entries of a cluster; each starts with `access`."""
    problems = [problem for entry in entries for problem in _entry_problems(entry)]
    principals = [entry.principal for entry in entries]
    for principal in sorted({each for each in principals if principals.count(each) > 1}):
        problems.append(
            f"access must name each principal once (got {principal} {principals.count(principal)} "
            "times). EKS keeps one entry a principal. Use: one AccessEntry with the wider role"
        )
    if not any(entry.administers for entry in entries):
        got = ", ".join(principals) or "none"
        problems.append(
            f"access must name at least one administrator of the whole cluster (got {got}). Nobody "
            f"is administrator by having made it. Use: access=[{_ENTRY_EXAMPLE}]"
        )
    return problems


def _entry_problems(entry: AccessEntry) -> list[str]:
    problems = []
    if not _PRINCIPAL.fullmatch(entry.principal):
        problems.append(
            "access must name principals by the ARN of an IAM role or user (got "
            f"{entry.principal!r}). EKS admits nobody else; a session of an assumed role is not "
            f"lasting. Use: {_ENTRY_EXAMPLE}"
        )
    if isinstance(entry.role, str) and not _POLICY.fullmatch(entry.role):
        problems.append(
            f"access of {entry.principal} must have a Role or the ARN of an EKS access policy (got "
            f"{entry.role!r}). Kubernetes roles and IAM policies are other things. "
            f"Use: Role.VIEW, or {_POLICIES}/AmazonEKSAdminViewPolicy"
        )
    if isinstance(entry.namespaces, str):
        problems.append(
            f"access of {entry.principal} must list its namespaces (got {entry.namespaces!r}). A "
            f"text would be taken letter by letter. Use: namespaces=[{entry.namespaces!r}]"
        )
    return problems
