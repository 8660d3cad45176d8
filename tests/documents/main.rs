//! What the documents say is what the plan, the code and the templates say: a file for each table.

mod steps;
