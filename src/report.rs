//! Renders a run row by row: as JSON for machines, as CSV to correct and upload again, as a page to look at, and its end as a
//! message.

mod csv;
mod html;
mod json;
pub mod message;
mod name;

pub use csv::CsvReport;
pub use html::html;
pub use json::{MembershipRow, RejectionRow, json_part, membership_row, rejected_row};
pub use name::ReportName;

#[cfg(test)]
mod tests;
