//! Limits of a list: one of made-up numbers must not use up the memory.

/// 10,000 rows of 500 bytes.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;
/// Twice GuardDuty's quota of 5,000 members by invitation (AWS T1).
pub const MAX_ROWS: usize = 10_000;
/// Accounts times Regions.
pub const MAX_MEMBERSHIPS: usize = 200_000;
