"""What every table holds, as pages to read: written from the contracts and models, so that they can't disagree."""
