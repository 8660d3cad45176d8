//! Timestamps as the services write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;

/// `2026-01-31T23:59:59.000Z`, GuardDuty's and S3's form (AWS N6).
pub(crate) fn millis(at: SystemTime) -> String {
    let at = OffsetDateTime::from(at);
    format!("{}.{:03}Z", date_and_time(at), at.millisecond())
}

/// `2026-01-31T23:59:59Z`, STS's form.
pub(crate) fn seconds(at: SystemTime) -> String {
    format!("{}Z", date_and_time(OffsetDateTime::from(at)))
}

/// `Sat, 31 Jan 2026 23:59:59 GMT`, the form of HTTP headers.
pub(crate) fn http(at: SystemTime) -> String {
    let at = OffsetDateTime::from(at);
    let (weekday, month) = (at.weekday().to_string(), at.month().to_string());
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        &weekday[..3],
        at.day(),
        &month[..3],
        at.year(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// Time since 1970, for the services that count it.
pub(crate) fn since_epoch(at: SystemTime) -> Duration {
    at.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn date_and_time(at: OffsetDateTime) -> String {
    let (month, day) = (u8::from(at.month()), at.day());
    format!("{:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", at.year(), at.hour(), at.minute(), at.second())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn each_service_has_its_own_form() {
        let at = UNIX_EPOCH + Duration::from_millis(1_769_903_999_007);
        assert_eq!(super::millis(at), "2026-01-31T23:59:59.007Z");
        assert_eq!(super::seconds(at), "2026-01-31T23:59:59Z");
        assert_eq!(super::http(at), "Sat, 31 Jan 2026 23:59:59 GMT");
    }
}
