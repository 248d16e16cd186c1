"""The cut-over doctor: whether a deployment is what the pipeline needs, line by line, with evidence and remedy."""
