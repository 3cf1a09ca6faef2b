"""Documents to passages: the catalogue, the readers, and what may be quoted."""
