"""The Terraform module on an emulator of AWS."""
