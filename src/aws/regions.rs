//! The Regions that are enabled in the administrator account.

use aws_sdk_account::config::Builder;
use aws_sdk_account::types::RegionOptStatus;

use super::{Aws, retries};
use crate::account::Region;
use crate::membership::CallError;

/// A page has 50 Regions (AWS R7), and AWS has fewer, so a list that does not end by then never ends.
const PAGES: usize = 20;

impl Aws {
    /// Every Region that is enabled in the administrator account, sorted by code.
    pub async fn enabled_regions(&self) -> Result<Vec<Region>, CallError> {
        let settings = Builder::from(&self.sdk).interceptor(self.meter.clone()).retry_partition(retries("account"));
        let client = aws_sdk_account::Client::from_conf(settings.build());
        let mut regions = Vec::new();
        let mut next_token = None;
        for _ in 0..PAGES {
            let call = client
                .list_regions()
                .max_results(50)
                .region_opt_status_contains(RegionOptStatus::Enabled)
                .region_opt_status_contains(RegionOptStatus::EnabledByDefault)
                .set_next_token(next_token);
            let page = call.send().await?;
            regions.extend(page.regions().iter().filter_map(|region| Region::parse(region.region_name()?)));
            next_token = page.next_token.filter(|token| !token.is_empty());
            if next_token.is_none() {
                regions.sort_unstable();
                regions.dedup();
                return Ok(regions);
            }
        }
        Err(CallError::Transient(format!("the list of Regions does not end after {PAGES} pages")))
    }
}
