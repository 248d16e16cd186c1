"""Gold by its definitions: plain Python over Silver's rows, exact numbers, written without a look at the models."""
