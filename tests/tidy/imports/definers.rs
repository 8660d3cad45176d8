//! Where a name comes from: the module that defines it, whichever modules hand it on.

use std::collections::BTreeSet;

use super::modules::{Module, Modules};

/// What a path names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Module(usize),
    Item { module: usize, name: String },
}

/// Finds the definers in a crate whose library has the name `library`.
pub struct Definers<'a> {
    pub modules: &'a Modules<'a>,
    pub library: &'a str,
}

/// The imports that are being followed, each a name in a module: one that leads back to itself is not followed again.
type Followed = Vec<(usize, String)>;

impl Definers<'_> {
    /// What a path in `module` names, and the modules on its way. Nothing where it leads out of the crate, and `None`
    /// where it should be in the crate and is not.
    pub fn along(&self, module: usize, path: &[String]) -> Option<BTreeSet<Place>> {
        let mut places = self.follow(module, path, &mut Followed::new())?;
        for end in 1..path.len() {
            let way = self.follow(module, &path[..end], &mut Followed::new())?;
            places.extend(way.into_iter().filter(|place| matches!(place, Place::Module(_))));
        }
        Some(places)
    }

    fn module(&self, id: usize) -> &Module {
        &self.modules.all[id]
    }

    fn root(&self, module: usize) -> usize {
        self.module(module).parent.map_or(module, |parent| self.root(parent))
    }

    fn follow(&self, module: usize, path: &[String], followed: &mut Followed) -> Option<BTreeSet<Place>> {
        let (first, rest) = path.split_first()?;
        let mut places = match first.as_str() {
            "crate" => [Place::Module(self.root(module))].into(),
            first => self.step(module, first, rest.is_empty(), followed),
        };
        if places.is_empty() {
            if *first != self.library {
                return Some(places);
            }
            places.insert(Place::Module(0));
        }
        for (index, name) in rest.iter().enumerate() {
            let is_last = index + 1 == rest.len();
            let step = |place| match place {
                Place::Module(module) => self.step(module, name, is_last, followed),
                // A variant, or what belongs to a type.
                item @ Place::Item { .. } => [item].into(),
            };
            places = places.into_iter().flat_map(step).collect();
        }
        (!places.is_empty()).then_some(places)
    }

    /// What a name is in a module. Only the last one of a path may be an item beside a module of the same name.
    fn step(&self, module: usize, name: &str, is_last: bool, followed: &mut Followed) -> BTreeSet<Place> {
        let Module { parent, children, words, .. } = self.module(module);
        let inside = match name {
            "self" => Some(module),
            "super" => *parent,
            _ => children.get(name).copied(),
        };
        let mut places: BTreeSet<Place> = inside.map(Place::Module).into_iter().collect();
        if inside.is_some() && !is_last {
            return places;
        }
        if words.defined.contains(name) {
            places.insert(Place::Item { module, name: name.to_owned() });
        }
        let import = (module, name.to_owned());
        if !followed.contains(&import) {
            followed.push(import);
            places.extend(self.imported(module, name, followed));
            // A glob brings only what has no other meaning.
            if places.is_empty() {
                places = self.by_globs(module, name, is_last, followed);
            }
            followed.pop();
        }
        places
    }

    /// What the imports of a module bring under a name.
    fn imported(&self, module: usize, name: &str, followed: &mut Followed) -> BTreeSet<Place> {
        let imports = self.module(module).words.imports.iter();
        let named = imports.filter(|import| import.name.as_deref() == Some(name));
        named.flat_map(|import| self.follow(module, &import.path, followed).unwrap_or_default()).collect()
    }

    fn by_globs(&self, module: usize, name: &str, is_last: bool, followed: &mut Followed) -> BTreeSet<Place> {
        let mut places = BTreeSet::new();
        for glob in self.module(module).words.imports.iter().filter(|import| import.name.is_none()) {
            for place in self.follow(module, &glob.path, followed).unwrap_or_default() {
                if let Place::Module(inside) = place {
                    places.extend(self.step(inside, name, is_last, followed));
                }
            }
        }
        places
    }
}
