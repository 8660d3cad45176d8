# Deploys the stack of the release archive that this folder is part of. variables.tf has the stack's own parameters.

variable "bucket" {
  description = "An S3 bucket of yours in the stack's Region. It gets the function's zip and the stack's template."
  type        = string
}

variable "prefix" {
  description = "What the names of both files begin with in that bucket."
  type        = string
  default     = "guardduty-onboarding/"
  nullable    = false
}

variable "name" {
  description = "The stack's name."
  type        = string
  default     = "guardduty-onboarding"
  nullable    = false
}

variable "function_sha256" {
  description = "The SHA-256 that function.zip must have. By default that is what SHA256SUMS of the archive says."
  type        = string
  default     = null
}

locals {
  archive = "${path.module}/.."
  zip     = "${local.archive}/function.zip"
  plain   = "${local.archive}/stack.yaml"

  lines = regexall("(?m)^([0-9a-f]{64}) [ *](?:\\./)?(.+)$", try(file("${local.archive}/SHA256SUMS"), ""))
  sums  = { for line in local.lines : line[1] => line[0] }

  actual = {
    zip   = filesha256(local.zip)
    plain = filesha256(local.plain)
  }
  expected = {
    zip   = var.function_sha256 != null ? lower(var.function_sha256) : lookup(local.sums, "function.zip", "none")
    plain = lookup(local.sums, "stack.yaml", "none")
  }

  # CloudFormation takes code from S3 only. `aws cloudformation package` would write the same into the template.
  code  = { S3Bucket = var.bucket, S3Key = aws_s3_object.function.key }
  stack = yamldecode(file(local.plain))
  functions = {
    for name, resource in local.stack.Resources : name => merge(resource, {
      Properties = merge(resource.Properties, { Code = local.code })
    }) if resource.Type == "AWS::Lambda::Function"
  }
  template = jsonencode(merge(local.stack, { Resources = merge(local.stack.Resources, local.functions) }))
}

data "aws_region" "here" {}

data "aws_s3_bucket" "archive" {
  bucket = var.bucket

  lifecycle {
    postcondition {
      condition     = strcontains(self.bucket_regional_domain_name, ".${data.aws_region.here.id}.")
      error_message = "The bucket ${var.bucket} is at ${self.bucket_regional_domain_name}, but Lambda takes code only from the stack's Region, ${data.aws_region.here.id}: name a bucket there."
    }
  }
}

resource "aws_s3_object" "function" {
  bucket = data.aws_s3_bucket.archive.id
  key    = "${var.prefix}function-${local.actual.zip}.zip"
  source = local.zip

  lifecycle {
    # Where an update fails, CloudFormation takes the old code from here again.
    create_before_destroy = true

    precondition {
      condition     = local.actual.zip == local.expected.zip
      error_message = "The SHA-256 of function.zip is ${local.actual.zip}, but ${var.function_sha256 != null ? "function_sha256" : "SHA256SUMS"} has ${local.expected.zip}: unpack the archive again, and check the archive's own sum."
    }
  }
}

resource "aws_s3_object" "template" {
  bucket       = data.aws_s3_bucket.archive.id
  key          = "${var.prefix}stack-${sha256(local.template)}.json"
  content      = local.template
  content_type = "application/json"

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = local.actual.plain == local.expected.plain
      error_message = "The SHA-256 of stack.yaml is ${local.actual.plain}, but SHA256SUMS has ${local.expected.plain}: unpack the archive again, and check the archive's own sum."
    }
  }
}

resource "aws_cloudformation_stack" "stack" {
  #checkov:skip=CKV_AWS_124:Whoever applies waits for the stack and sees how it ends; the stack has alarms for what comes later
  name = var.name
  # As a body it would be too long: CloudFormation takes 51,200 bytes there (AWS C1).
  template_url = "https://${data.aws_s3_bucket.archive.bucket_regional_domain_name}/${aws_s3_object.template.key}"
  parameters   = local.parameters
  # The function's role has a name that other accounts know.
  capabilities = ["CAPABILITY_NAMED_IAM"]

  timeouts {
    create = "30m"
    # It may include the way back.
    update = "60m"
    delete = "30m"
  }
}
