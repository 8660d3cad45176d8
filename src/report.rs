//! Renders a run: row by row as JSON for machines and as CSV to correct and upload again, as text for a terminal, and as a
//! message.

mod csv;
mod json;
pub mod message;
mod name;
pub mod text;

pub use csv::CsvReport;
pub use json::{MembershipRow, RejectionRow, json_part, membership_row, rejected_row};
pub use name::ReportName;

#[cfg(test)]
mod tests;
