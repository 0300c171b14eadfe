"""
The imitated AWS provider: which types it has, and how it is configured.

Its credentials and its address come from the environment, as the genuine provider's do; everything
it makes is in the emulated account.
"""

import json
import os

from sandbox.home import Home
from sandbox.plugins.aws import (
    access,
    addons,
    eks,
    flow_logs,
    iam,
    kms,
    launch_templates,
    logs,
    nat,
    node_groups,
    oidc_providers,
    peering,
    pod_identity,
    routing,
    security_groups,
    vpc,
    vpc_endpoints,
)
from sandbox.plugins.aws.cloud import Cloud, Credentials, check_region, endpoint_of_environment
from sandbox.plugins.aws.resource import AwsResource
from sandbox.plugins.contract import Provider, Refused, Resource
from sandbox.plugins.diff import Diff, diff_inputs
from sandbox.plugins.schema import Schema
from sandbox.plugins.values import UNKNOWN, Properties

TYPES: dict[str, type[AwsResource]] = {
    "aws:cloudwatch/logGroup:LogGroup": logs.LogGroup,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": security_groups.DefaultSecurityGroup,
    "aws:ec2/eip:Eip": nat.Eip,
    "aws:ec2/flowLog:FlowLog": flow_logs.FlowLog,
    "aws:ec2/internetGateway:InternetGateway": vpc.InternetGateway,
    "aws:ec2/launchTemplate:LaunchTemplate": launch_templates.LaunchTemplate,
    "aws:ec2/natGateway:NatGateway": nat.NatGateway,
    "aws:ec2/route:Route": routing.Route,
    "aws:ec2/routeTable:RouteTable": routing.RouteTable,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": routing.RouteTableAssociation,
    "aws:ec2/securityGroup:SecurityGroup": security_groups.SecurityGroup,
    "aws:ec2/subnet:Subnet": vpc.Subnet,
    "aws:ec2/vpc:Vpc": vpc.Vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": vpc_endpoints.VpcEndpoint,
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": peering.VpcPeeringConnection,
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": (
        peering.VpcPeeringConnectionAccepter
    ),
    "aws:eks/accessEntry:AccessEntry": access.AccessEntry,
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": access.AccessPolicyAssociation,
    "aws:eks/addon:Addon": addons.Addon,
    "aws:eks/cluster:Cluster": eks.Cluster,
    "aws:eks/nodeGroup:NodeGroup": node_groups.NodeGroup,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": pod_identity.PodIdentityAssociation,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": oidc_providers.OpenIdConnectProvider,
    "aws:iam/role:Role": iam.Role,
    "aws:iam/rolePolicy:RolePolicy": iam.RolePolicy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": iam.RolePolicyAttachment,
    "aws:kms/alias:Alias": kms.Alias,
    "aws:kms/key:Key": kms.Key,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        security_groups.SecurityGroupIngressRule
    ),
}

SKIPS = ("skipCredentialsValidation", "skipRegionValidation")

# Arguments that are no strings arrive as JSON text.
CONFIGURATION = Schema(
    required={"region": str},
    optional=dict.fromkeys((*SKIPS, "defaultTags"), str),
)
DEFAULT_TAGS = Schema(optional={"tags": {"*": str}})


class AwsProvider(Provider):
    """One `aws.Provider` of a program."""

    name = "aws"
    version = "7.51.1"

    def __init__(self) -> None:
        self._cloud: Cloud | None = None

    def check_config(self, news: Properties) -> Properties:
        """Refuse unknown arguments and regions."""
        region = news.get("region") or os.environ.get("AWS_REGION")
        checked = CONFIGURATION.check({**news, "region": region})
        if isinstance(checked["region"], str):
            check_region(checked["region"])
        _default_tags(checked)
        return checked

    def diff_config(self, olds: Properties, news: Properties) -> Diff:
        """Another region is another provider."""
        return diff_inputs(olds, news, replace_on={"region"})

    def configure(self, config: Properties) -> None:
        """Take over region, tags and credentials."""
        region = config.get("region") or os.environ.get("AWS_REGION", "")
        access_key = os.environ.get("AWS_ACCESS_KEY_ID")
        secret_key = os.environ.get("AWS_SECRET_ACCESS_KEY")
        if not access_key or not secret_key:
            raise Refused(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set (they are not). No valid "
                'credential sources found. Use the sandbox\'s variables: eval "$(make env)"'
            )
        self._cloud = Cloud(
            endpoint=endpoint_of_environment(),
            region=check_region(region),
            credentials=Credentials(access_key=access_key, secret_key=secret_key),
            home=Home.current(),
            default_tags=_default_tags(config),
        )

    def resource(self, token: str) -> Resource:
        """Give a type of resource."""
        if token not in TYPES:
            raise self.unknown_type(token)
        return TYPES[token](self.cloud)

    @property
    def cloud(self) -> Cloud:
        """The account as this provider sees it; in a preview it may not be configured yet."""
        if self._cloud is None:
            raise Refused(
                "the AWS provider must be configured (its region is not known yet). Give the "
                "region as a plain string"
            )
        return self._cloud


def _default_tags(config: Properties) -> dict[str, str]:
    text = config.get("defaultTags")
    if text is None or text is UNKNOWN:
        return {}
    tags = json.loads(text) if isinstance(text, str) else text
    checked = DEFAULT_TAGS.check(tags)
    return dict(checked.get("tags", {}))
