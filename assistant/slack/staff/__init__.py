"""What staff see and do in Slack: cards, forms, buttons. Its sentences are gettext's domain "staff"."""
