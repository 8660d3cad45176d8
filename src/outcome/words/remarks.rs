//! What is left in an account that is no member any more.

use super::about::About;
use crate::membership::WhyStays;
use crate::outcome::Remark;

pub(super) fn left(remark: Remark, about: &About<'_>) -> String {
    let About { account: id, region, .. } = about;
    let off = format!(
        "account {id} was suspended when it was removed, so GuardDuty stays off there in {region}; \
         its owner can switch it on again in the account"
    );
    match remark {
        Remark::StaysOff => off,
        Remark::DetectorStays { why, off: false } => stays(why, about),
        Remark::DetectorStays { why, off: true } => format!("{}; {off}", stays(why, about)),
        Remark::RegionOff => {
            format!("Region {region} is not enabled in account {id}, so there is no detector to delete")
        }
    }
}

fn stays(why: WhyStays, about: &About<'_>) -> String {
    let About { account: id, region, .. } = about;
    match why {
        WhyStays::NotOurs => format!(
            "the detector in account {id} was not created by this function for this administrator, so it stays; \
             if it is not needed, its owner can delete it there in {region}"
        ),
        WhyStays::Administrator(other) => {
            format!("the detector in account {id} stays, since its administrator in {region} is now {other}")
        }
    }
}
