"""Rules on add-ons of EKS, and on what IAM trusts."""

from collections.abc import Iterator

from .rule import Judged, Resource, Rule

ADDON = "aws:eks/addon:Addon"
OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


def _mutable_version(addon: Resource) -> Iterator[str]:
    if addon.lacks("addonVersion"):
        yield (
            f"add-on {addon.at('addonName')} must have a version (it has none). EKS would choose "
            "one by the day, and the same program would make two different clusters."
        )


def _service_account_roles(provider: Resource) -> Iterator[str]:
    yield (
        "pods should get roles by Pod Identity (got a provider for IRSA). An account can hold "
        f"only 100 of them. ({provider.name})"
    )


RULES = (
    Rule(
        name="eks-addon-version-pinned",
        description="Add-ons are of a version that was chosen.",
        source="https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html",
        check=Judged(type=ADDON, judge=_mutable_version),
    ),
    Rule(
        name="eks-pod-identity",
        description="Pods get roles by Pod Identity.",
        source="EKS best practices guide, security/iam",
        check=Judged(type=OIDC_PROVIDER, judge=_service_account_roles),
        mandatory=False,
    ),
)
