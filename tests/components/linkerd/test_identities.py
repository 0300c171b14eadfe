"""Names in the certificates of the mesh."""

from linkmesh.linkerd.identities import gateway_identity, issuer_name, pod_identity


def test_the_gateway_has_the_identity_of_its_service_account() -> None:
    assert gateway_identity("example.org") == pod_identity(
        "linkerd-gateway", "linkerd-multicluster", "example.org"
    )


def test_an_identity_ends_with_the_name_of_its_issuer() -> None:
    issuer = issuer_name("example.org")

    assert issuer == "identity.linkerd.example.org"
    assert pod_identity("web", "shop", "example.org") == f"web.shop.serviceaccount.{issuer}"
