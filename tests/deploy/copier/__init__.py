"""The copier of stack-from-release.yaml, run as Lambda runs it."""
