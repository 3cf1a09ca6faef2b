"""Evaluation: how well the desk answers the golden questions."""
