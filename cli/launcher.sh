#!/bin/sh
# `mesh`, as `make setup` installs it into .venv/bin: the code of the checkout in which it is run, from any of its folders.
here=$(dirname -- "$0")
checkout=$PWD
until [ -f "$checkout/linkmesh/cli/__main__.py" ]; do
	if [ -z "$checkout" ] || [ "$checkout" = / ]; then
		echo "mesh must run in a checkout of linkmesh, or in a folder below it (got $PWD). Use: cd $(cd -- "$here/../.." && pwd)" >&2
		exit 2
	fi
	checkout=${checkout%/*}
done
exec "$here/python3" -c 'import sys; sys.path[0] = sys.argv.pop(1); from linkmesh.cli import main; main()' "$checkout" "$@"
