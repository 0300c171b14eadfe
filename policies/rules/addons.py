"""Rules on EKS add-ons and on OIDC providers."""

from collections.abc import Iterator

from .rule import ForEach, Resource, Rule

ADDON = "aws:eks/addon:Addon"
OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


def _mutable_version(addon: Resource) -> Iterator[str]:
    if addon.lacks("addonVersion"):
        yield (
            f"add-on {addon.at('addonName')} must have a version (it has none). EKS would choose "
            "the default of the day, and the same program would make two different clusters."
        )


def _service_account_roles(provider: Resource) -> Iterator[str]:
    yield (
        "pods should get roles by Pod Identity (got a provider for IRSA). An account can have "
        f"only 100 of them. ({provider.name})"
    )


RULES = (
    Rule(
        name="eks-addon-version-pinned",
        description="Add-ons have a pinned version.",
        source="https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html",
        check=ForEach(type=ADDON, check=_mutable_version),
    ),
    Rule(
        name="eks-pod-identity",
        description="Pods get roles by Pod Identity.",
        source="EKS best practices guide, security/iam",
        check=ForEach(type=OIDC_PROVIDER, check=_service_account_roles),
        mandatory=False,
    ),
)
