"""
Access entries of an EKS cluster, and their validation.

Apart from the cluster, so that a description of an environment is validated without loading the AWS
SDK.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from .arguments import checked
from .partitions import other_partition, partition_problem

# Every principal of IAM that lasts can have an entry; a session of STS cannot. A root user is a
# single identity: its entry says nothing of the account's other users and roles.
# Source: Amazon EKS API Reference, CreateAccessEntry, principalArn
_PRINCIPAL = re.compile(r"arn:aws:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]*[\w+=,.@-])", re.ASCII)

_POLICY = re.compile(r"arn:aws:eks::aws:cluster-access-policy/\w+", re.ASCII)
_POLICIES = "arn:aws:eks::aws:cluster-access-policy"

# Source: IAM User Guide, "IAM and AWS STS quotas" (names of roles and users; paths)
_NAME_LIMIT, _PATH_LIMIT = 64, 512

# A DNS label with wildcards. Source: Amazon EKS API Reference, AccessScope, namespaces
_NAMESPACE = re.compile(r"[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?")

_ENTRY_EXAMPLE = 'AccessEntry("arn:aws:iam::111122223333:role/operators")'


class AccessPolicy(Enum):
    """
    The access policies of EKS that are used most; each is called as Kubernetes' own role is.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
    """

    CLUSTER_ADMIN = "cluster-admin"
    """`AmazonEKSClusterAdminPolicy`: everything, on the whole cluster."""

    ADMIN = "admin"
    """`AmazonEKSAdminPolicy`: everything in namespaces, but not the namespaces themselves."""

    EDIT = "edit"
    """`AmazonEKSEditPolicy`: read and change workloads."""

    VIEW = "view"
    """`AmazonEKSViewPolicy`: read, but no secrets."""

    @property
    def arn(self) -> str:
        """ARN of the policy."""
        words = "".join(word.capitalize() for word in self.value.split("-"))
        return f"{_POLICIES}/AmazonEKS{words}Policy"


@checked
@dataclass(frozen=True)
class AccessEntry:
    """
    One IAM principal, and its permissions on a cluster.

    Example: `AccessEntry("arn:aws:iam::111122223333:role/web", AccessPolicy.EDIT, ["web"])`
    """

    principal_arn: str
    """ARN of an IAM role or user: `arn:aws:iam::<account>:role/<role>`."""

    policy: AccessPolicy | str = AccessPolicy.CLUSTER_ADMIN
    """Its permissions: an `AccessPolicy`, or the ARN of another access policy of EKS."""

    namespaces: Sequence[str] = ()
    """
    Where the policy applies: names of namespaces; `web-*` means all that start with `web-`.

    Empty: on the whole cluster, which `CLUSTER_ADMIN` requires.
    """

    @property
    def policy_arn(self) -> str:
        """ARN of the access policy."""
        return self.policy.arn if isinstance(self.policy, AccessPolicy) else self.policy

    @property
    def is_cluster_admin(self) -> bool:
        """Whether the principal has every permission on the whole cluster."""
        return self.policy_arn == AccessPolicy.CLUSTER_ADMIN.arn and not self.namespaces

    @property
    def label(self) -> str:
        """A name that no other principal has: `111122223333-role/operators`."""
        account, principal = self.principal_arn.split(":", 5)[4:]
        return f"{account}-{principal}"


def access_problems(entries: Sequence[AccessEntry]) -> list[str]:
    """List what is wrong with the access entries of a cluster."""
    problems = entry_problems(entries)
    if not any(entry.is_cluster_admin for entry in entries):
        got = ", ".join(entry.principal_arn for entry in entries) or "none"
        problems.append(
            "access_entries must name at least one administrator of the whole cluster (got "
            f"{got}). Creating a cluster makes no principal its administrator. "
            f"Use: access_entries=[{_ENTRY_EXAMPLE}]"
        )
    return problems


def entry_problems(entries: Sequence[AccessEntry]) -> list[str]:
    """List what is wrong with access entries themselves, of one cluster or of none."""
    problems = [problem for entry in entries for problem in _entry_problems(entry)]
    principals = [entry.principal_arn for entry in entries]
    for principal in sorted({each for each in principals if principals.count(each) > 1}):
        problems.append(
            f"access_entries must name each principal once (got {principal} "
            f"{principals.count(principal)} times). EKS has one entry per principal. Use: one "
            "AccessEntry with the wider policy"
        )
    return problems


def _entry_problems(entry: AccessEntry) -> list[str]:
    problems = []
    thing = f"access_entries of {entry.principal_arn}"
    if partition := other_partition(entry.principal_arn):
        problems.append(partition_problem("access_entries", entry.principal_arn, partition))
    elif not _PRINCIPAL.fullmatch(entry.principal_arn):
        problems.append(
            "access_entries must name principals by the ARN of an IAM role or user (got "
            f"{entry.principal_arn!r}). EKS accepts no others; a session of an assumed role ends. "
            f"Use: {_ENTRY_EXAMPLE}"
        )
    elif not _fits(entry.principal_arn):
        problems.append(
            f"access_entries must name principals whose name has at most {_NAME_LIMIT} characters "
            f"and whose path has at most {_PATH_LIMIT} (got {entry.principal_arn!r}). IAM has no "
            f"others. Use: {_ENTRY_EXAMPLE}"
        )
    if isinstance(entry.policy, str) and (partition := other_partition(entry.policy)):
        problems.append(partition_problem(f"policy of {thing}", entry.policy, partition))
    elif isinstance(entry.policy, str) and not _POLICY.fullmatch(entry.policy):
        problems.append(
            f"{thing} must have an AccessPolicy or the ARN of an EKS access policy (got "
            f"{entry.policy!r}). Kubernetes roles and IAM policies are other things. "
            f"Use: AccessPolicy.VIEW, or {_POLICIES}/AmazonEKSAdminViewPolicy"
        )
    if wrong := [name for name in entry.namespaces if not _NAMESPACE.fullmatch(name)]:
        problems.append(
            f"{thing} must have names of namespaces, or patterns such as web-* (got "
            f'{", ".join(map(repr, wrong))}). EKS refuses others. Use: namespaces=["web"]'
        )
    if entry.policy_arn == AccessPolicy.CLUSTER_ADMIN.arn and entry.namespaces:
        problems.append(
            f"{thing} must have another policy than CLUSTER_ADMIN for namespaces (got "
            f"{', '.join(entry.namespaces)}). It is for whole clusters. Use: AccessPolicy.ADMIN"
        )
    return problems


def _fits(principal_arn: str) -> bool:
    """Return whether IAM takes the name and the path of a principal."""
    path, _, name = principal_arn.rpartition("/")
    return len(name) <= _NAME_LIMIT and len(path.partition("/")[2]) + 2 <= _PATH_LIMIT
