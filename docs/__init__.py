"""Documents for people, and what writes their pictures and tables."""
