"""
Everything that an imitated provider imports, in one place.

    class Thing(Resource): ...                   one class for each type of resource
    class Things(Provider): ...                  gives the types, takes the configuration
    def main() -> None: serve(Things())          prints the port, serves until it is ended

The modules behind it: `contract` (what to implement), `values` (plain Python and UNKNOWN), `diff`
(property paths and changes), `schema` (which properties a type takes), `service` (the protocol).
"""

from sandbox.plugins.contract import (
    Failed,
    Naming,
    PartialFailure,
    Provider,
    Refused,
    Resource,
    State,
    Types,
    keeps_given_name,
)
from sandbox.plugins.diff import (
    EVERYTHING,
    Change,
    Diff,
    diff_inputs,
    ignoring,
    join_path,
    parse_path,
)
from sandbox.plugins.schema import Schema
from sandbox.plugins.service import serve
from sandbox.plugins.values import (
    DEFAULTS,
    UNKNOWN,
    Properties,
    Unknown,
    UnsupportedValueError,
    from_struct,
    has_unknown,
    to_struct,
)

__all__ = [
    "DEFAULTS",
    "EVERYTHING",
    "UNKNOWN",
    "Change",
    "Diff",
    "Failed",
    "Naming",
    "PartialFailure",
    "Properties",
    "Provider",
    "Refused",
    "Resource",
    "Schema",
    "State",
    "Types",
    "Unknown",
    "UnsupportedValueError",
    "diff_inputs",
    "from_struct",
    "has_unknown",
    "ignoring",
    "join_path",
    "keeps_given_name",
    "parse_path",
    "serve",
    "to_struct",
]
