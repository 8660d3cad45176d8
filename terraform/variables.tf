# Made from template.yaml by dist/variables.py: change the template, and make this again.

variable "MemberRoleName" {
  description = "The role that the function assumes in each member account, with its path if it has one, such as security/GuardDutyOnboarding. templates/member-role.yaml creates it there, by default under the name given here."
  type        = string
  default     = "GuardDutyOnboarding"
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", var.MemberRoleName))
    error_message = "MemberRoleName must be the name of a role, with its path if it has one, such as security/GuardDutyOnboarding; not its ARN"
  }
}

variable "MemberRoleExternalId" {
  description = "Any text of your own that you also give to templates/member-role.yaml as ExternalId: the roles there then let in only who presents it. Write none if they ask for none."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^$|^[A-Za-z0-9_+=,.@:/-]{2,}$", var.MemberRoleExternalId)) && length(var.MemberRoleExternalId) <= 1224
    error_message = "MemberRoleExternalId must be none, or 2 to 1224 letters, digits and any of _+=,.@:/-"
  }
}

variable "OrganizationIds" {
  description = "The organizations whose accounts may become members: their ids with commas and no spaces, such as o-exampleorgid. The function then cannot assume a role in an account of another organization or of none, whatever a list says. Leave empty to admit every account that has the role."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^o-[a-z0-9]{10,32}(,o-[a-z0-9]{10,32})*$", var.OrganizationIds))
    error_message = "OrganizationIds must be empty, or ids of organizations with commas and no spaces, such as o-exampleorgid"
  }
}

variable "Regions" {
  description = "Where accounts become members: Region codes with commas and no spaces, such as us-east-1,eu-west-1. Leave empty for this stack's Region only; write all for every Region that is enabled in this account."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^all$|^[a-z]{2,}(-[a-z]+)+-[0-9]+(,[a-z]{2,}(-[a-z]+)+-[0-9]+)*$", var.Regions))
    error_message = "Regions must be empty, all, or Region codes with commas and no spaces, such as us-east-1,eu-west-1"
  }
}

variable "InvitationMessage" {
  description = "Text that is sent with each invitation. Leave empty to send none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[^\\r\\n]{0,500}$", var.InvitationMessage))
    error_message = "InvitationMessage must be one line of at most 500 characters"
  }
}

variable "EmailNotification" {
  description = "With true, AWS also writes an e-mail to the root user of each invited account, one per Region. The invitation is accepted either way."
  type        = string
  default     = "false"
  nullable    = false

  validation {
    condition     = contains(["false", "true"], var.EmailNotification)
    error_message = "EmailNotification must be true or false"
  }
}

variable "MaxConcurrency" {
  description = "How many calls to member accounts may be under way at the same time. Raise it (256, say) for thousands of accounts."
  type        = number
  default     = 64
  nullable    = false

  validation {
    condition     = var.MaxConcurrency >= 1 && var.MaxConcurrency <= 512
    error_message = "MaxConcurrency must be a number from 1 to 512"
  }
}

variable "SettleSeconds" {
  description = "How many seconds to wait, per 50 accounts of a Region, for GuardDuty to verify e-mail addresses. Whatever is not verified by then is tried again later, by itself."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.SettleSeconds >= 0 && var.SettleSeconds <= 900
    error_message = "SettleSeconds must be a number from 0 to 900"
  }
}

variable "MaxDeliveries" {
  description = "How often a list or an event is tried until nothing of it is pending, before it goes to the dead-letter queue. 30 tries take about six and a half hours."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.MaxDeliveries >= 1 && var.MaxDeliveries <= 300
    error_message = "MaxDeliveries must be a number from 1 to 300"
  }
}

variable "AllowSuspend" {
  description = "With true, the accounts of lists under suspend/ are no longer monitored, though they stay members. Only then the function's role may do that."
  type        = string
  default     = "false"
  nullable    = false

  validation {
    condition     = contains(["false", "true"], var.AllowSuspend)
    error_message = "AllowSuspend must be true or false"
  }
}

variable "AllowRemove" {
  description = "With true, the accounts of lists under remove/ are no members any more. Only then the function's role may end a membership."
  type        = string
  default     = "false"
  nullable    = false

  validation {
    condition     = contains(["false", "true"], var.AllowRemove)
    error_message = "AllowRemove must be true or false"
  }
}

variable "MaxLeaving" {
  description = "How many accounts one list or request may suspend or remove. A longer one is refused whole: it may be a list of the whole company that came under the wrong prefix."
  type        = number
  default     = 50
  nullable    = false

  validation {
    condition     = var.MaxLeaving >= 1 && var.MaxLeaving <= 5000
    error_message = "MaxLeaving must be a number from 1 to 5000"
  }
}

variable "ProtectedAccounts" {
  description = "Accounts that no list may suspend or remove, at most 100: their ids with commas and no spaces, such as 111122223333,444455556666. Their rows are rejected."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^[0-9]{12}(,[0-9]{12})*$", var.ProtectedAccounts)) && length(var.ProtectedAccounts) <= 1299
    error_message = "ProtectedAccounts must be empty, or account ids of 12 digits with commas and no spaces, such as 111122223333,444455556666"
  }
}

variable "DeleteDetectors" {
  description = "With true, an account that is removed also loses its detector, and with it its findings, if this function created that detector. The member role needs AllowDeleteDetector=true for it. With false GuardDuty stays on there, at the account's own cost."
  type        = string
  default     = "false"
  nullable    = false

  validation {
    condition     = contains(["false", "true"], var.DeleteDetectors)
    error_message = "DeleteDetectors must be true or false"
  }
}

variable "ProtectionPlans" {
  description = "What every member watches besides its logs: S3_DATA_EVENTS (reads and writes in buckets), EKS_AUDIT_LOGS (Kubernetes), RDS_LOGIN_EVENTS (database logins), LAMBDA_NETWORK_LOGS, EBS_MALWARE_PROTECTION (scans volumes; only before an account joins), RUNTIME_MONITORING (an agent on hosts), AI_PROTECTION. AWS charges for each after 30 days. Plans that are not named stay as they are; in a new detector that is on for all but RUNTIME_MONITORING. Such as S3_DATA_EVENTS=ENABLED,RDS_LOGIN_EVENTS=DISABLED, or RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT=ENABLED for a part of one."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^[A-Z][A-Z0-9_]*(/[A-Z][A-Z0-9_]*)?=(ENABLED|DISABLED)(,[A-Z][A-Z0-9_]*(/[A-Z][A-Z0-9_]*)?=(ENABLED|DISABLED))*$", var.ProtectionPlans)) && length(var.ProtectionPlans) <= 1200
    error_message = "ProtectionPlans must be empty, or plans with commas and no spaces, such as S3_DATA_EVENTS=ENABLED,RDS_LOGIN_EVENTS=DISABLED"
  }
}

variable "PlansAdministrator" {
  description = "With true, this account's own detector gets ProtectionPlans, too."
  type        = string
  default     = "true"
  nullable    = false

  validation {
    condition     = contains(["true", "false"], var.PlansAdministrator)
    error_message = "PlansAdministrator must be true or false"
  }
}

variable "FindingPublishingFrequency" {
  description = "How often GuardDuty publishes findings that occur again, for this account and all its members. Empty leaves it as it is."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = contains(["", "FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"], var.FindingPublishingFrequency)
    error_message = "FindingPublishingFrequency must be empty, FIFTEEN_MINUTES, ONE_HOUR or SIX_HOURS"
  }
}

variable "ReconcileSchedule" {
  description = "How often the function compares all lists under accounts/, suspend/ and remove/ with all members, such as rate(1 day) or cron(0 6 * * ? *). Its report is called fleet. Leave empty to compare never."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^rate\\(1 (minute|hour|day)\\)$|^rate\\(([2-9]|[1-9][0-9]+) (minutes|hours|days)\\)$|^cron\\([^()]+\\)$", var.ReconcileSchedule))
    error_message = "ReconcileSchedule must be empty, or a schedule such as rate(1 day) or cron(0 6 * * ? *)"
  }
}

variable "ReconcileMode" {
  description = "With report nothing is changed. With heal, accounts of lists under accounts/ that have drifted are made monitored members again, and with AllowSuspend=true those under suspend/ are suspended. No schedule removes anybody."
  type        = string
  default     = "report"
  nullable    = false

  validation {
    condition     = contains(["report", "heal"], var.ReconcileMode)
    error_message = "ReconcileMode must be report or heal"
  }
}

variable "ManagementAccountId" {
  description = "To onboard new accounts by themselves: the 12 digits of your organization's management account, the only one that may then put events on this stack's bus. Deploy templates/organization-events.yaml there. In China this stack must then be in cn-northwest-1, in GovCloud in us-gov-west-1: EventBridge sends no event to another Region there. Leave empty to create no bus."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^[0-9]{12}$", var.ManagementAccountId))
    error_message = "ManagementAccountId must be empty, or the 12 digits of an account id"
  }
}

variable "OrganizationRoleArn" {
  description = "The role by which the function asks Organizations for a new account's e-mail, such as arn:aws:iam::111122223333:role/GuardDutyOnboardingReader; templates/organization-events.yaml creates it. Leave empty if this account may ask itself, being the management account or a delegated administrator."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^arn:aws[a-z-]*:iam::[0-9]{12}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", var.OrganizationRoleArn))
    error_message = "OrganizationRoleArn must be empty, or the ARN of a role, such as arn:aws:iam::111122223333:role/GuardDutyOnboardingReader"
  }
}

variable "ListRetentionDays" {
  description = "Lists are deleted so many days after their upload, and then count as deleted by you. A version that was deleted or replaced goes for good as many days later, and after 90 at the latest. Leave empty to keep lists until you delete them."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^(1[5-9]|[2-9][0-9]|[1-9][0-9]{2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650)$", var.ListRetentionDays))
    error_message = "ListRetentionDays must be empty, or a number from 15 to 3650"
  }
}

variable "ReportPrefix" {
  description = "Where in the bucket reports go. It ends in a slash and does not begin with accounts/, suspend/, remove/ or plan/, which are for lists."
  type        = string
  default     = "reports/"
  nullable    = false

  validation {
    condition     = length(var.ReportPrefix) <= 512
    error_message = "ReportPrefix must end in a slash, hold only letters, digits and _ . - / but not .., and not begin with accounts/, suspend/, remove/ or plan/"
  }
}

variable "ReportRetentionDays" {
  description = "Reports are deleted after so many days."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.ReportRetentionDays >= 1 && var.ReportRetentionDays <= 3650
    error_message = "ReportRetentionDays must be a number from 1 to 3650"
  }
}

variable "NotifyEmail" {
  description = "Who gets an e-mail when a list has ended, such as security@example.com, with its counts and where its report is. AWS first asks that address to confirm. Leave empty to get none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$", var.NotifyEmail))
    error_message = "NotifyEmail must be empty or an e-mail address"
  }
}

variable "NotifyOn" {
  description = "With changes, a list is told of that changed something, was tried more than once or left something failed. Dry runs are never told."
  type        = string
  default     = "changes"
  nullable    = false

  validation {
    condition     = contains(["changes", "failures", "always"], var.NotifyOn)
    error_message = "NotifyOn must be changes, failures or always"
  }
}

variable "AlarmEmail" {
  description = "Who gets an e-mail when something needs a person, such as security@example.com. AWS first asks that address to confirm. Leave empty to subscribe to the stack's topic later, or in another way."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^$|^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$", var.AlarmEmail))
    error_message = "AlarmEmail must be empty or an e-mail address"
  }
}

variable "LogLevel" {
  description = "How much the function writes to its log. No level shows e-mail addresses."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["INFO", "DEBUG", "TRACE"], var.LogLevel)
    error_message = "LogLevel must be INFO, DEBUG or TRACE"
  }
}

variable "LogRetentionDays" {
  description = "The log's lines are deleted after so many days."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.LogRetentionDays)
    error_message = "LogRetentionDays must be one of the numbers of days that CloudWatch Logs knows, such as 30, 90 or 365"
  }
}

variable "FunctionRoleName" {
  description = "The name that the function's own role gets. The member accounts' roles trust it by this name, so choose it once: after a change all of them have to be deployed again."
  type        = string
  default     = "GuardDutyOnboardingFunction"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.FunctionRoleName))
    error_message = "FunctionRoleName must be the name of a role, 1 to 64 letters, digits and any of _+=,.@-, without a path"
  }
}

variable "MemorySize" {
  description = "The function's memory, with which Lambda also measures out processor time. 1769 MB is one full processor."
  type        = number
  default     = 1769
  nullable    = false

  validation {
    condition     = var.MemorySize >= 512 && var.MemorySize <= 10240
    error_message = "MemorySize must be a number from 512 to 10240"
  }
}

locals {
  parameters = {
    MemberRoleName             = var.MemberRoleName
    MemberRoleExternalId       = var.MemberRoleExternalId
    OrganizationIds            = var.OrganizationIds
    Regions                    = var.Regions
    InvitationMessage          = var.InvitationMessage
    EmailNotification          = var.EmailNotification
    MaxConcurrency             = var.MaxConcurrency
    SettleSeconds              = var.SettleSeconds
    MaxDeliveries              = var.MaxDeliveries
    AllowSuspend               = var.AllowSuspend
    AllowRemove                = var.AllowRemove
    MaxLeaving                 = var.MaxLeaving
    ProtectedAccounts          = var.ProtectedAccounts
    DeleteDetectors            = var.DeleteDetectors
    ProtectionPlans            = var.ProtectionPlans
    PlansAdministrator         = var.PlansAdministrator
    FindingPublishingFrequency = var.FindingPublishingFrequency
    ReconcileSchedule          = var.ReconcileSchedule
    ReconcileMode              = var.ReconcileMode
    ManagementAccountId        = var.ManagementAccountId
    OrganizationRoleArn        = var.OrganizationRoleArn
    ListRetentionDays          = var.ListRetentionDays
    ReportPrefix               = var.ReportPrefix
    ReportRetentionDays        = var.ReportRetentionDays
    NotifyEmail                = var.NotifyEmail
    NotifyOn                   = var.NotifyOn
    AlarmEmail                 = var.AlarmEmail
    LogLevel                   = var.LogLevel
    LogRetentionDays           = var.LogRetentionDays
    FunctionRoleName           = var.FunctionRoleName
    MemorySize                 = var.MemorySize
  }
}
