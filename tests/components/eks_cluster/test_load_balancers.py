"""What makes load balancers: its values, its rights, and the order in which it gets them."""

import json

from linkmesh.eks_cluster.load_balancers import DISABLED_FEATURES, controller_values

from .described import RELEASE, with_balancers

NAME = "west-load-balancers"
RELEASE_NAME = f"{NAME}-release"


def test_it_knows_region_and_vpc() -> None:
    values = controller_values(cluster="west", region="eu-west-1", vpc_id="vpc-west")

    assert values["clusterName"] == "west"
    assert values["region"] == "eu-west-1"
    assert values["vpcId"] == "vpc-west"


def test_it_handles_only_services_of_its_class() -> None:
    values = controller_values(cluster="west", region="eu-west-1", vpc_id="vpc-west")

    assert values["loadBalancerClass"] == "service.k8s.aws/nlb"
    assert values["enableServiceMutatorWebhook"] is False
    assert values["webhookConfig"] == {"disableIngressValidation": True}
    assert values["createIngressClassResource"] is False
    assert values["ingressClassParams"] == {"create": False}


def test_what_its_policy_does_not_hold_is_off() -> None:
    values = controller_values(cluster="west", region="eu-west-1", vpc_id="vpc-west")

    assert not any(values[key] for key in ("enableShield", "enableWaf", "enableWafv2"))
    assert values["controllerConfig"]["featureGates"] == dict.fromkeys(DISABLED_FEATURES, False)
    assert {"ALBGatewayAPI", "NLBGatewayAPI"} <= set(DISABLED_FEATURES)


def test_one_of_two_may_be_away() -> None:
    values = controller_values(cluster="west", region="eu-west-1", vpc_id="vpc-west")

    assert values["replicaCount"] == 2
    assert values["podDisruptionBudget"] == {"maxUnavailable": 1}


def test_a_second_run_keeps_its_certificates() -> None:
    values = controller_values(cluster="west", region="eu-west-1", vpc_id="vpc-west")

    assert values["keepTLSSecret"] is True


def test_its_image_can_come_from_elsewhere() -> None:
    chosen = controller_values(
        cluster="west", region="eu-west-1", vpc_id="vpc-west", image="registry.test/controller"
    )

    assert chosen["image"] == {"repository": "registry.test/controller"}


def test_all_that_it_makes_is_tagged() -> None:
    values = with_balancers(tags={"environment": "demo"}).one(RELEASE).inputs["values"]

    assert values["defaultTags"] == {"environment": "demo"}


def test_its_chart_is_pinned_and_comes_from_aws_or_from_elsewhere() -> None:
    from_aws = with_balancers().one(RELEASE).inputs
    from_folder = with_balancers(charts="/charts").one(RELEASE).inputs

    assert from_aws["chart"] == "aws-load-balancer-controller"
    assert from_aws["version"] == "3.5.0"
    assert from_aws["repositoryOpts"] == {"repo": "https://aws.github.io/eks-charts"}
    assert from_folder["chart"] == "/charts/aws-load-balancer-controller"


def test_it_has_its_rights_before_its_pods_are_made() -> None:
    release = with_balancers().one(RELEASE)
    urns = {urn.split("$")[-1] for urn in release.depends_on}

    assert f"aws:iam/rolePolicy:RolePolicy::{NAME}" in urns
    assert f"aws:eks/podIdentityAssociation:PodIdentityAssociation::{NAME}" in urns


def test_only_pods_of_eks_can_have_its_role() -> None:
    role = with_balancers().one("aws:iam/role:Role", NAME)
    [statement] = json.loads(role.inputs["assumeRolePolicy"])["Statement"]

    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]


def test_its_parts_belong_to_it_and_are_made_in_the_clusters_region() -> None:
    notes = with_balancers()
    parts = [noted for noted in notes.resources if noted.within == NAME]

    assert {noted.name for noted in parts} == {NAME, RELEASE_NAME}
    assert len(parts) == 4
    assert all("west-eu-west-1" in noted.provider or noted.type == RELEASE for noted in parts)
