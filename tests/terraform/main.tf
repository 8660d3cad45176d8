# An administrator, a member that it invites, and a protection plan of the member's: what many a company keeps in Terraform.
#
# Nothing here knows of the simulator but the two providers: AWS_ENDPOINT_URL and the access keys lead to it.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "administrator_key" {
  description = "Access key id of the administrator account"
  type        = string
}

variable "member_key" {
  description = "Access key id of the member account"
  type        = string
}

provider "aws" {
  alias      = "administrator"
  region     = "us-east-1"
  access_key = var.administrator_key
  secret_key = "the simulator does not check signatures"
}

provider "aws" {
  alias      = "member"
  region     = "us-east-1"
  access_key = var.member_key
  secret_key = "the simulator does not check signatures"
}

resource "aws_guardduty_detector" "administrator" {
  provider                     = aws.administrator
  enable                       = true
  finding_publishing_frequency = "ONE_HOUR"
  tags                         = { team = "security" }
}

resource "aws_guardduty_detector" "member" {
  provider = aws.member
  enable   = true

  datasources {
    s3_logs {
      enable = true
    }
    kubernetes {
      audit_logs {
        enable = false
      }
    }
    malware_protection {
      scan_ec2_instance_with_findings {
        ebs_volumes {
          enable = false
        }
      }
    }
  }
}

resource "aws_guardduty_member" "member" {
  provider                   = aws.administrator
  detector_id                = aws_guardduty_detector.administrator.id
  account_id                 = aws_guardduty_detector.member.account_id
  email                      = "root+111122223333@example.com"
  invite                     = true
  invitation_message         = "please join"
  disable_email_notification = true
}

resource "aws_guardduty_invite_accepter" "member" {
  provider          = aws.member
  detector_id       = aws_guardduty_detector.member.id
  master_account_id = aws_guardduty_detector.administrator.account_id

  depends_on = [aws_guardduty_member.member]
}

resource "aws_guardduty_member_detector_feature" "logins" {
  provider    = aws.administrator
  detector_id = aws_guardduty_detector.administrator.id
  account_id  = aws_guardduty_member.member.account_id
  name        = "RDS_LOGIN_EVENTS"
  status      = "DISABLED"

  depends_on = [aws_guardduty_invite_accepter.member]
}

resource "aws_guardduty_member_detector_feature" "runtime" {
  provider    = aws.administrator
  detector_id = aws_guardduty_detector.administrator.id
  account_id  = aws_guardduty_member.member.account_id
  name        = "RUNTIME_MONITORING"
  status      = "ENABLED"

  additional_configuration {
    name   = "EC2_AGENT_MANAGEMENT"
    status = "ENABLED"
  }

  # GuardDuty lists all three, and what is not named here would be a difference.
  additional_configuration {
    name   = "ECS_FARGATE_AGENT_MANAGEMENT"
    status = "DISABLED"
  }

  additional_configuration {
    name   = "EKS_ADDON_MANAGEMENT"
    status = "DISABLED"
  }

  depends_on = [aws_guardduty_member_detector_feature.logins]
}
