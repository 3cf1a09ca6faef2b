"""The desk in Slack: the home of slack_bolt."""
