//! The modules of a crate, as the compiler finds them from its roots on, without those for tests.

use std::collections::BTreeMap;

use syn::Item;

use super::words::{Words, is_test};

/// The roots that a crate's folder may have: of its library and of its program.
const ROOTS: [&str; 2] = ["lib.rs", "main.rs"];

pub struct Module {
    pub name: String,
    pub file: String,
    pub parent: Option<usize>,
    pub children: BTreeMap<String, usize>,
    pub words: Words,
}

/// All modules. A root comes before the modules below it, the library's first.
pub struct Modules<'a> {
    sources: &'a BTreeMap<String, String>,
    pub all: Vec<Module>,
}

impl<'a> Modules<'a> {
    /// `sources` are the texts by their paths, all of which are below `folder`.
    pub fn of(sources: &'a BTreeMap<String, String>, folder: &str) -> Self {
        let mut modules = Self { sources, all: Vec::new() };
        for root in ROOTS.map(|root| format!("{folder}/{root}")) {
            if sources.contains_key(&root) {
                modules.file("crate", &root, folder, None);
            }
        }
        assert!(!modules.all.is_empty(), "{folder} has none of {ROOTS:?}");
        modules
    }

    fn file(&mut self, name: &str, path: &str, folder: &str, parent: Option<usize>) -> usize {
        let syntax = syn::parse_file(&self.sources[path]).unwrap_or_else(|error| panic!("{path}: {error}"));
        self.module(name, path, folder, parent, &syntax.items)
    }

    /// Adds a module, whose children are below `folder`.
    fn module(&mut self, name: &str, file: &str, folder: &str, parent: Option<usize>, items: &[Item]) -> usize {
        let id = self.all.len();
        let (children, words) = (BTreeMap::new(), Words::default());
        self.all.push(Module { name: name.to_owned(), file: file.to_owned(), parent, children, words });
        for item in items.iter().filter(|item| !is_test(item)) {
            let Item::Mod(child) = item else {
                self.all[id].words.read(item);
                continue;
            };
            let name = child.ident.to_string();
            let below = format!("{folder}/{name}");
            let child = if let Some((_, items)) = &child.content {
                self.module(&name, file, &below, Some(id), items)
            } else {
                let paths = [format!("{below}.rs"), format!("{below}/mod.rs")];
                let path = paths.iter().find(|path| self.sources.contains_key(*path));
                let path = path.unwrap_or_else(|| panic!("{file}: there is no file for mod {name}"));
                self.file(&name, path, &below, Some(id))
            };
            self.all[id].children.insert(name, child);
        }
        id
    }
}
