"""A policy pack: rules over the resources of a stack, of linkmesh or not."""
