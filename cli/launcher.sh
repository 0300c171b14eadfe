#!/bin/sh
# `mesh`, as `make setup` installs it into .venv/bin: Python runs it in the project's folder, as Pulumi does.
here=$(dirname -- "$0")
if ! [ -f Pulumi.yaml ] || ! [ -f cli/__main__.py ]; then
	echo "mesh must run in the folder of its project (got $PWD). Use: cd $(cd -- "$here/../.." && pwd)" >&2
	exit 2
fi
exec "$here/python3" -m linkmesh.cli "$@"
