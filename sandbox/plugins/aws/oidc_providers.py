"""
Identity providers of IAM: who signs the tokens of a cluster's service accounts.

ministack cannot change one: notes keep its clients, thumbprints and tags. Without a thumbprint AWS
looks for one itself; here it is made up of the address.
"""

from __future__ import annotations

import hashlib
import re

from sandbox.plugins.aws import notes
from sandbox.plugins.aws.cloud import AwsRefused, Cloud
from sandbox.plugins.aws.iam import pairs
from sandbox.plugins.aws.resource import TAGS, AwsResource
from sandbox.plugins.framework import Properties, Refused, Schema

KIND = "oidc-provider"
SCHEME = "https://"
THUMBPRINT = re.compile(r"[0-9A-Fa-f]{40}")

# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
CLIENTS_LIMIT, THUMBPRINTS_LIMIT = 100, 5


class OpenIdConnectProvider(AwsResource):
    """An issuer of tokens that roles can trust."""

    schema = Schema(
        required={"clientIdLists": [str], "url": str},
        optional={"thumbprintLists": [str], **TAGS},
        replace_on={"url"},
        computed={"arn", "thumbprintLists"},
    )
    sets = ("clientIdLists",)
    assumed = ("thumbprintLists",)

    def check(self, news: Properties, olds: Properties | None) -> Properties:
        """Leave the scheme away, as AWS and its provider do."""
        checked = super().check(news, olds)
        if isinstance(url := checked["url"], str):
            checked["url"] = url.removeprefix(SCHEME)
        return checked

    def refuse(self, news: Properties) -> None:
        """Refuse what is no issuer's address, and thumbprints of the wrong form."""
        url = news["url"]
        if isinstance(url, str) and (not url.startswith(SCHEME) or "?" in url or "#" in url):
            raise Refused(
                f"'url' must begin with https:// and have no query (got {url!r}). It is the issuer "
                "in the tokens. Use: a cluster's identities[0].oidcs[0].issuer",
                "url",
            )
        clients, prints = news["clientIdLists"], news.get("thumbprintLists", [])
        if isinstance(clients, list) and not 1 <= len(clients) <= CLIENTS_LIMIT:
            raise Refused(
                f"'clientIdLists' must have 1 to {CLIENTS_LIMIT} clients (got {len(clients)}). "
                "Use: sts.amazonaws.com",
                "clientIdLists",
            )
        if not isinstance(prints, list):
            return
        wrong = [
            each for each in prints if isinstance(each, str) and not THUMBPRINT.fullmatch(each)
        ]
        if wrong or len(prints) > THUMBPRINTS_LIMIT:
            raise Refused(
                f"'thumbprintLists' must have at most {THUMBPRINTS_LIMIT} SHA-1 sums of 40 "
                f"hexadecimal digits (got {len(prints)}, wrong: {wrong or 'none'}). Use: none at "
                "all, AWS finds them",
                "thumbprintLists",
            )

    def make(self, cloud: Cloud, news: Properties) -> str:
        """Make it, if the account has none for the address."""
        arn: str = cloud.call(
            "iam",
            "create_open_id_connect_provider",
            Url=SCHEME + news["url"],
            ClientIDList=news["clientIdLists"],
            ThumbprintList=news.get("thumbprintLists", []),
            Tags=pairs(news["tagsAll"]),
        )["OpenIDConnectProviderArn"]
        self._note(cloud, arn, news)
        return arn

    def observe(self, cloud: Cloud, id: str, known: Properties) -> Properties | None:
        """Read it: from ministack that it exists, from notes what changed since."""
        try:
            found = cloud.call("iam", "get_open_id_connect_provider", OpenIDConnectProviderArn=id)
        except AwsRefused as refused:
            if refused.means_gone:
                return None
            raise
        url = found["Url"].removeprefix(SCHEME)
        facts = notes.read(cloud, KIND, id)
        return {
            "arn": id,
            "clientIdLists": sorted(facts["clients"] if facts else found["ClientIDList"]),
            "tagsAll": facts.get("tags", {tag["Key"]: tag["Value"] for tag in found["Tags"]}),
            "thumbprintLists": facts.get("thumbprints", found["ThumbprintList"])
            or [hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()],
            "url": url,
        }

    def change(self, cloud: Cloud, id: str, olds: Properties, news: Properties) -> None:
        """Change clients, thumbprints and tags; those that were there stay if none are given."""
        prints = news.get("thumbprintLists") or olds["thumbprintLists"]
        self._note(cloud, id, {**news, "thumbprintLists": prints})

    def remove(self, cloud: Cloud, id: str, olds: Properties) -> None:
        """Delete it; roles that trust it stay."""
        cloud.call("iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=id)
        notes.forget(cloud, KIND, id)

    def _note(self, cloud: Cloud, arn: str, news: Properties) -> None:
        facts = {
            "clients": news["clientIdLists"],
            "tags": news["tagsAll"],
            "thumbprints": news.get("thumbprintLists", []),
        }
        notes.write(cloud, KIND, arn, facts)
