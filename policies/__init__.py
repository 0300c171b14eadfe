"""A policy pack: rules over the resources of a stack, whoever made them."""
