//! Recipes: the contributor's table has each with the plain command, for machines without `just`.

use std::collections::BTreeMap;

use crate::markdown::{Document, words};

struct Recipe {
    name: String,
    /// Its parameters with their defaults; one that takes any number of words has none.
    parameters: Vec<(String, String)>,
    commands: Vec<String>,
}

impl Recipe {
    fn new(header: &str) -> Self {
        let mut words = header.split_whitespace();
        let name = words.next().unwrap_or_default().to_owned();
        let parameters = words.map(|word| {
            let (name, default) =
                word.trim_start_matches('*').split_once('=').unwrap_or((word.trim_start_matches('*'), ""));
            (name.to_owned(), default.trim_matches('"').to_owned())
        });
        Self { name, parameters: parameters.collect(), commands: Vec::new() }
    }

    /// What it runs if it is given nothing.
    fn plain(&self) -> String {
        let mut text = self.commands.join(" && ");
        for (name, default) in &self.parameters {
            text = text.replace(&format!("{{{{{name}}}}}"), default);
        }
        words(&text).trim_end_matches(" --").to_owned()
    }
}

/// The recipes of a justfile, in their order.
fn recipes(justfile: &str) -> Vec<Recipe> {
    let mut recipes: Vec<Recipe> = Vec::new();
    for line in justfile.lines().filter(|line| !line.starts_with('#') && !line.contains(":=")) {
        if let Some(command) = line.strip_prefix("    ") {
            recipes.last_mut().expect("a recipe above its commands").commands.push(command.into());
        } else if let Some((header, _)) = line.split_once(':') {
            recipes.push(Recipe::new(header));
        }
    }
    recipes
}

#[test]
fn the_table_of_recipes_has_the_command_of_each() {
    let recipes = recipes(&Document::read("justfile").text);
    assert_eq!(recipes.first().map(|recipe| recipe.name.as_str()), Some("list"), "the first recipe lists the others");
    let others = recipes.iter().skip(1);
    let listed: BTreeMap<String, String> =
        others.map(|recipe| (format!("`just {}`", recipe.name), format!("`{}`", recipe.plain()))).collect();
    let table = Document::read("CONTRIBUTING.md").table(&["recipe", "plain command", "what it does"]);
    let documented: BTreeMap<String, String> =
        table.into_iter().map(|(recipe, cells)| (recipe, cells[0].clone())).collect();
    assert_eq!(documented, listed, "recipes: documented, then those of the justfile");
}

#[test]
fn a_recipe_runs_with_its_defaults() {
    let justfile =
        "# Tries it.\ntry *flags:\n    cargo run -- {{flags}}\n\nbench what=\"start\":\n    bash bench/{{what}}.sh\n";
    let plain: Vec<String> = recipes(justfile).iter().map(Recipe::plain).collect();
    assert_eq!(plain, ["cargo run", "bash bench/start.sh"]);
}
