//! A simulator of the AWS services that GuardDuty onboarding talks to.
