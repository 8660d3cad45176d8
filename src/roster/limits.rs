//! How large a list may be.

/// The largest list that is read, in bytes: 10,000 rows of 500 bytes.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;
/// The most rows that are read: twice GuardDuty's quota of 5,000 members by invitation. A list of made-up numbers must not
/// use up the memory.
pub const MAX_ROWS: usize = 10_000;
/// The most accounts times Regions.
pub const MAX_MEMBERSHIPS: usize = 200_000;
