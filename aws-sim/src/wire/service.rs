//! The simulated services, and their names in signatures and IAM actions.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    GuardDuty,
    Sts,
    S3,
    Account,
    Sqs,
    Sns,
    Organizations,
}

impl Service {
    const ALL: [Self; 7] =
        [Self::GuardDuty, Self::Sts, Self::S3, Self::Account, Self::Sqs, Self::Sns, Self::Organizations];

    /// The service with this signing name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    /// Its signing name, which is also the prefix of its IAM actions.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GuardDuty => "guardduty",
            Self::Sts => "sts",
            Self::S3 => "s3",
            Self::Account => "account",
            Self::Sqs => "sqs",
            Self::Sns => "sns",
            Self::Organizations => "organizations",
        }
    }
}
