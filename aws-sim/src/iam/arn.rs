//! Parts of ARNs.

/// The partition that a Region is in.
pub(crate) fn partition(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        Some("eusc") => "aws-eusc",
        _ => "aws",
    }
}

/// The account that an ARN names.
pub(crate) fn account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{account, partition};

    #[test]
    fn a_region_is_in_one_partition() {
        let regions = ["us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"];
        assert_eq!(regions.map(partition), ["aws", "aws-cn", "aws-us-gov", "aws-eusc"]);
    }

    #[test]
    fn an_arn_may_name_an_account() {
        assert_eq!(account("arn:aws:iam::111122223333:role/Member"), Some("111122223333"));
        assert_eq!(account("arn:aws:s3:::bucket"), None);
        assert_eq!(account("Member"), None);
    }
}
