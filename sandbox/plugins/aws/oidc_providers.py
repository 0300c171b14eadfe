"""
Identity providers of IAM: who signs the tokens of a cluster's service accounts.

ministack cannot tag one. Nobody gives thumbprints: AWS looks for them itself.
"""

from sandbox.plugins.aws.cloud import Cloud
from sandbox.plugins.aws.resource import TAGS, AwsResource
from sandbox.plugins.schema import Schema, Text
from sandbox.plugins.values import Properties

SCHEME = "https://"
URL = Text(rf"{SCHEME}[^?#]+", f"{SCHEME}, a host and a path: the issuer in the tokens")


class OpenIdConnectProvider(AwsResource):
    """An issuer of tokens that roles can trust."""

    schema = Schema(
        required={"clientIdLists": [{"sts.amazonaws.com"}], "url": URL},
        optional=TAGS,
        replace_on={"url"},
    )
    forgotten = ("tagsAll",)

    def check(self, news: Properties) -> Properties:
        """Leave the scheme away, as AWS and its provider do."""
        checked = super().check(news)
        if isinstance(url := checked["url"], str):
            checked["url"] = url.removeprefix(SCHEME)
        return checked

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the account has none for the address."""
        arn: str = cloud.call(
            "iam",
            "create_open_id_connect_provider",
            Url=SCHEME + news["url"],
            ClientIDList=news["clientIdLists"],
        )["OpenIDConnectProviderArn"]
        return arn

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it."""
        found = cloud.find("iam", "get_open_id_connect_provider", OpenIDConnectProviderArn=id)
        if found is None:
            return None
        return {
            "clientIdLists": found["ClientIDList"],
            "url": found["Url"].removeprefix(SCHEME),
        }

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it; roles that trust it stay."""
        cloud.call("iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=id)
