"""Flows of other libraries, one file each: BUILDERS maps a model to a function from the number of dimensions to a Peer."""
