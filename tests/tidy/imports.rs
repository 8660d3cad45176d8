//! Which file of a crate names what of which other file, read from the syntax.
//!
//! Only paths count: a method is not traced to its `impl`. Neither tests nor files of tests are read.

mod definers;
mod invented;
mod modules;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use self::definers::{Definers, Place};
use self::modules::Modules;

/// A file names an item that another one defines, or a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub to: String,
    /// The item, or the module of the other file.
    pub name: String,
    /// Whether the name is only handed on (`pub use`) or is that of a module: then the file needs nothing of the other.
    pub in_passing: bool,
}

/// A crate: the folder of its roots, and its library's name.
pub struct Crate {
    pub folder: &'static str,
    pub library: &'static str,
}

impl Crate {
    /// All arrows. `sources` are the crate's texts by their paths.
    pub fn arrows(&self, sources: &BTreeMap<String, String>) -> BTreeSet<Arrow> {
        let modules = &Modules::of(sources, self.folder);
        let definers = Definers { modules, library: self.library };
        let mut arrows = BTreeSet::new();
        for (id, module) in modules.all.iter().enumerate() {
            let imports = module.words.imports.iter().map(|import| (&import.path, import.is_face));
            let paths = module.words.paths.iter().map(|path| (path, false));
            for (path, is_face) in imports.chain(paths) {
                let Some(places) = definers.along(id, path) else {
                    panic!("{}: no file below {} defines {}", module.file, self.folder, path.join("::"))
                };
                for place in places {
                    let (to, name, in_passing) = match place {
                        Place::Item { module, name } => (&modules.all[module], name, is_face),
                        Place::Module(module) => (&modules.all[module], modules.all[module].name.clone(), true),
                    };
                    // Every file may name the root.
                    let is_root = in_passing && to.parent.is_none();
                    if to.file != module.file && !is_root {
                        arrows.insert(Arrow { from: module.file.clone(), to: to.file.clone(), name, in_passing });
                    }
                }
            }
        }
        arrows
    }
}
