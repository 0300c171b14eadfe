"""
The page as a whole: one file of HTML, with its style in it, that loads nothing.

Its policy for browsers forbids every script but that of `mesh view --watch`, and every address but
the one that it is served from.
"""

from base64 import b64encode
from hashlib import sha256
from importlib import resources

from ..diagram.svg import STYLE
from ..status.evaluate import State
from ..status.render import verdict
from . import described, observed, topology
from .comment import last_preview
from .content import Content
from .markup import Html, joined, tag
from .states import badge


def page(content: Content, *, follows: bool = False) -> str:
    """
    Write the page.

    Args:
        follows: whether it asks the server that it came from for changes.
    """
    script = _file("follow.js") if follows else ""
    digest = b64encode(sha256(script.encode()).digest()).decode()
    scripts = f"script-src 'sha256-{digest}'; connect-src 'self'; " if follows else ""
    policy = f"default-src 'none'; {scripts}style-src 'unsafe-inline'; img-src data:"
    head = joined(
        [
            Html('<meta charset="utf-8">'),
            Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
            Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            Html('<meta name="color-scheme" content="light dark">'),
            Html('<link rel="icon" href="data:,">'),
            tag("title", f"{content.name} - linkmesh"),
            tag("style", Html(STYLE + _file("page.css"))),
        ]
    )
    body = [tag("main", main(content))]
    if follows:
        body.append(tag("script", Html(script)))
    return f"<!doctype html>\n{tag('html', tag('head', head), tag('body', *body), lang='en')}\n"


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def main(content: Content) -> Html:
    """Write everything that changes with the environment."""
    report = content.report
    return joined(
        [
            _header(content),
            observed.faults(report) if report else Html(),
            topology.topology(content),
            topology.matrix(content),
            observed.clusters(content),
            observed.links(content),
            observed.mirrors(report) if report else Html(),
            observed.certificates(content),
            described.access(content),
            described.monthly(content),
            last_preview(content.comment),
            described.checks(content),
        ]
    )


def _header(content: Content) -> Html:
    plan = content.plan
    counts = (
        f"{len(plan.names)} clusters, {len(plan.links)} links, {len(plan.mirrors)} mirror services"
    )
    if content.unread:
        health = badge(State.UNKNOWN, content.unread)
    elif content.report is None:
        health = tag("span", "not asked: only the description is shown")
    else:
        health = badge(*verdict(content.report))
    return tag(
        "header",
        tag("h1", f"Environment {content.name}"),
        tag("p", health, class_="health", role="status"),
        tag("p", f"{counts}. As of {content.at:%Y-%m-%d %H:%M:%S} UTC.", class_="note"),
    )
