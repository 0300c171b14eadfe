"""Rules on EKS clusters: endpoints, access, encryption, logs and support."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from .rule import ForEach, Resource, Rule

CLUSTER = "aws:eks/cluster:Cluster"
KEY = "aws:kms/key:Key"

EVERYWHERE = ("0.0.0.0/0", "::/0")

# The environment of every stack of linkmesh is in this tag.
ENVIRONMENT_TAG = "linkmesh:environment"
PRODUCTION = ("prod", "production")

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")

# Last days of standard support. Source: https://endoflife.date/amazon-eks, read February 2026
SUPPORT_ENDS = {
    "1.33": date(2026, 7, 29),
    "1.34": date(2026, 12, 2),
    "1.35": date(2027, 3, 27),
}
NOTICE_DAYS = 60

_GUIDE = "EKS best practices guide"


def _public_to_all(cluster: Resource) -> Iterator[str]:
    if cluster.at("vpcConfig.endpointPublicAccess") is False:
        return
    blocks = cluster.at("vpcConfig.publicAccessCidrs") or ()
    if any(block in EVERYWHERE for block in blocks) or cluster.lacks("vpcConfig.publicAccessCidrs"):
        yield (
            "the public API endpoint must be open to named blocks only (got the whole internet, "
            "which is also EKS' default). Set publicAccessCidrs, or turn it off."
        )


def _no_private_endpoint(cluster: Resource) -> Iterator[str]:
    path = "vpcConfig.endpointPrivateAccess"
    if cluster.at(path) is not True and not cluster.is_unknown(path):
        yield (
            "the private API endpoint must be on (it is off). Nodes would call it over the "
            "internet. Set endpointPrivateAccess."
        )


def _without_key(cluster: Resource) -> Iterator[str]:
    # The key is often made in the same stack, and unknown in a preview.
    if cluster.lacks("encryptionConfig.provider.keyArn"):
        yield (
            "secrets must be encrypted with a KMS key of your own (there is none). Set "
            "encryptionConfig. It cannot be undone."
        )


def _extended_support(cluster: Resource) -> Iterator[str]:
    got = cluster.at("upgradePolicy.supportType")
    if got != "STANDARD" and not cluster.is_unknown("upgradePolicy.supportType"):
        yield (
            f"support_type must be STANDARD (got {got or 'EXTENDED, by default'}). Extended "
            "support costs six times as much. Set upgradePolicy."
        )


def _authentication_mode(cluster: Resource) -> Iterator[str]:
    got = cluster.at("accessConfig.authenticationMode")
    if got != "API" and not cluster.is_unknown("accessConfig.authenticationMode"):
        yield (
            f"authentication_mode must be API (got {got or 'CONFIG_MAP, by default'}). The "
            "aws-auth ConfigMap is deprecated, and one mistake in it locks all users out."
        )


def _creator_admin(cluster: Resource) -> Iterator[str]:
    path = "accessConfig.bootstrapClusterCreatorAdminPermissions"
    if cluster.at(path) is not False and not cluster.is_unknown(path):
        yield (
            "running `pulumi up` must not make its caller an administrator (it does). Set "
            "bootstrapClusterCreatorAdminPermissions to false, and name access entries."
        )


def _logs(cluster: Resource) -> Iterator[str]:
    enabled = cluster.at("enabledClusterLogTypes") or ()
    missing = [kind for kind in LOG_TYPES if kind not in enabled]
    if missing and not cluster.is_unknown("enabledClusterLogTypes"):
        yield f"all five types of log must be enabled (missing: {', '.join(missing)})."


def _is_production(resource: Resource) -> bool:
    for tags in ("tags", "tagsAll"):
        environment = (resource.props.get(tags) or {}).get(ENVIRONMENT_TAG, "")
        if environment.partition("-")[0] in PRODUCTION:
            return True
    return any(part in PRODUCTION for part in stack_name(resource).split("."))


def stack_name(resource: Resource) -> str:
    """Read the name of the stack from a URN: urn:pulumi:<stack>::<project>::…"""
    return resource.urn.removeprefix("urn:pulumi:").partition("::")[0]


def _deletion_protection(cluster: Resource) -> Iterator[str]:
    if cluster.at("deletionProtection") is not True:
        yield "a cluster of production must have deletion protection (it has none)."


def _protected(cluster: Resource) -> Iterator[str]:
    if not cluster.protected:
        yield (
            "a cluster of production must be protected by Pulumi (it is not). A change that EKS "
            "cannot make in place would replace it. Use: protect=True"
        )


def support_ends_soon(today: Callable[[], date]) -> Callable[[Resource], Iterator[str]]:
    """Make the check of the end of support; `today` returns the date to compare with."""

    def check(cluster: Resource) -> Iterator[str]:
        version = cluster.at("version")
        end = SUPPORT_ENDS.get(str(version))
        if version is not None and end is None:
            yield f"Kubernetes {version} must be one whose end of support is known (it is not)."
        elif end is not None and (left := (end - today()).days) < NOTICE_DAYS:
            when = f"in {left} days" if left >= 0 else "already"
            yield f"Kubernetes {version} must be upgraded: standard support ends {when} ({end})."

    return check


def _key_rotation(key: Resource) -> Iterator[str]:
    if key.at("enableKeyRotation") is not True and not key.is_unknown("enableKeyRotation"):
        yield "a KMS key must be rotated every year (it never is). Set enableKeyRotation."


def _on_clusters(
    name: str,
    description: str,
    source: str,
    check: Callable[[Resource], Iterable[str]],
    *,
    mandatory: bool = True,
) -> Rule:
    return Rule(
        name=name,
        description=description,
        source=source,
        check=ForEach(type=CLUSTER, check=check),
        mandatory=mandatory,
    )


RULES = (
    _on_clusters(
        "eks-public-endpoint-named",
        "The public API endpoint is open to named CIDR blocks only.",
        f"AWS Control Tower, CT.EKS.PR.1; {_GUIDE}, security/iam",
        _public_to_all,
    ),
    _on_clusters(
        "eks-private-endpoint",
        "The private API endpoint is on.",
        f"{_GUIDE}, security/iam",
        _no_private_endpoint,
    ),
    _on_clusters(
        "eks-secrets-key",
        "Secrets are encrypted with a KMS key.",
        "AWS Control Tower, CT.EKS.PR.2",
        _without_key,
    ),
    _on_clusters(
        "eks-standard-support",
        "A cluster is upgraded before extended support begins.",
        "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
        _extended_support,
    ),
    _on_clusters(
        "eks-authentication-mode",
        "Access is given by access entries.",
        f"{_GUIDE}, security/cam",
        _authentication_mode,
    ),
    _on_clusters(
        "eks-no-creator-admin",
        "Creating a cluster makes no principal its administrator.",
        f"{_GUIDE}, security/iam",
        _creator_admin,
    ),
    _on_clusters(
        "eks-control-plane-logs",
        "All logs of the control plane are enabled.",
        f"{_GUIDE}, security/detective",
        _logs,
        mandatory=False,
    ),
    Rule(
        name="eks-prod-deletion-protection",
        description="AWS refuses to delete a cluster of production.",
        source="https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
        check=ForEach(type=CLUSTER, check=_deletion_protection, where=_is_production),
    ),
    Rule(
        name="eks-prod-protected",
        description="Pulumi refuses to delete or replace a cluster of production.",
        source="https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
        check=ForEach(type=CLUSTER, check=_protected, where=_is_production),
    ),
    _on_clusters(
        "eks-support-ends",
        f"Standard support lasts {NOTICE_DAYS} days more.",
        "https://endoflife.date/amazon-eks",
        support_ends_soon(date.today),
        mandatory=False,
    ),
    Rule(
        name="kms-key-rotation",
        description="KMS keys are rotated every year.",
        source=f"{_GUIDE}, security/data",
        check=ForEach(type=KEY, check=_key_rotation),
    ),
)
