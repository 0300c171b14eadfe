"""The example application, as a user describes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..arguments import checked

# Tiers that run on the same cluster.
BACK_END = ("yelb-appserver", "redis-server")


@checked
@dataclass(frozen=True, kw_only=True)
class Yelb:
    """The example application, and on which cluster each tier runs."""

    ui: str
    """Cluster of the user interface."""

    appserver: str
    """Cluster of the application server and its cache."""

    database: str
    """Cluster of the database."""

    namespace: str = "yelb"
    """Namespace on all of them."""

    copies: Sequence[str] = ()
    """More clusters that run the whole back end, each with a cache and a database of its own."""

    @property
    def services(self) -> set[tuple[str, str, str]]:
        """Cluster, namespace and name of every Service that it has."""
        back_ends = (self.appserver, *self.copies)
        placed = {(self.ui, "yelb-ui"), (self.database, "yelb-db")}
        placed |= {(name, tier) for name in back_ends for tier in BACK_END}
        placed |= {(name, "yelb-db") for name in self.copies}
        return {(cluster, self.namespace, tier) for cluster, tier in placed}

    @property
    def clusters(self) -> list[str]:
        """Every cluster that runs some tier."""
        return list(dict.fromkeys((self.ui, self.appserver, self.database, *self.copies)))
