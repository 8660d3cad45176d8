output "stack" {
  description = "The stack's outputs, such as BucketName, UploadCommand and FunctionRoleArn."
  value       = aws_cloudformation_stack.stack.outputs
}
