"""The steps of the pipeline as whoever conducts it calls them: what they give is JSON, and a failure says why."""
