"""What checks the deployment templates without AWS."""
