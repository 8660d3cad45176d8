//! Costs: the rows of the table follow the formulas above it.

use crate::markdown::Document;
use crate::stack::{STACK, Template};

const HEADER: [&str; 7] = [
    "accounts × Regions",
    "calls of the first run",
    "its seconds",
    "its GB-seconds",
    "calls of a run with nothing to do",
    "its seconds",
    "calls of a removal",
];

fn number(cell: &str) -> u64 {
    cell.replace(',', "").parse().unwrap_or_else(|_| panic!("{cell:?} is no number"))
}

#[test]
fn the_calls_and_gb_seconds_of_the_table_follow_their_formulas() {
    let document = Document::read("docs/cost.md");
    document.says("at most *N* × (3 × *R* + 1) + (20 × ⌈*N* ÷ 50⌉ + 2) × *R* + 8");
    document.says("if nothing is left to do, (⌈*N* ÷ 50⌉ + 2) × *R* + 8");
    document.says("at most (5 × ⌈*N* ÷ 50⌉ + 2) × *R* + 8, to suspend them (3 × ⌈*N* ÷ 50⌉ + 2) × *R* + 8");
    document.says("at most (max(1, ⌈*M* ÷ 50⌉) + 2) × *R* + *L* + 9 calls where all is as declared");
    let memory = Template::read(STACK).parameters()["MemorySize"]["Default"].as_u64().expect("MB");
    document.says(&format!("`MemorySize` {memory}"));
    for (size, cells) in document.table(&HEADER) {
        let (accounts, regions) = size.split_once(" × ").expect("accounts and Regions");
        let (accounts, regions) = (number(accounts), number(regions));
        let batches = accounts.div_ceil(50);
        let first = accounts * (3 * regions + 1) + (20 * batches + 2) * regions + 8;
        let unchanged = (batches + 2) * regions + 8;
        let removal = (5 * batches + 2) * regions + 8;
        assert_eq!((number(&cells[0]), number(&cells[3])), (first, unchanged), "calls for {size}");
        assert_eq!(number(&cells[5]), removal, "calls to remove {size}");
        // Seconds are rounded, and so are their products.
        let product = number(&cells[1]) * memory / 1024;
        assert!(number(&cells[2]).abs_diff(product) <= 1, "GB-seconds for {size}: {} against {product}", cells[2]);
    }
}
