"""One program for every stack: the stack's name says which part of which environment it is."""

from stacks import deploy

deploy()
