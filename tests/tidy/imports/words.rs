//! What one module says: the names that it defines, those that it imports, and the paths in its code.

use std::collections::{BTreeSet, HashSet};

use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, ExprCall, ExprPath, Ident, ImplItemFn, Item, ItemFn, ItemUse, Macro, Meta, PatIdent, Path,
    TraitItemFn, UseTree, Visibility,
};

/// The words of a module, without those of its tests and of the modules inside.
#[derive(Default)]
pub struct Words {
    pub defined: BTreeSet<String>,
    pub imports: BTreeSet<Import>,
    pub paths: BTreeSet<Vec<String>>,
}

/// One name of a `use`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// The name in this module, `None` for a glob.
    pub name: Option<String>,
    pub path: Vec<String>,
    /// Whether others may take the name from here: `pub use`, `pub(crate) use`.
    pub is_face: bool,
}

impl Words {
    pub fn read(&mut self, item: &Item) {
        self.defined.extend(name(item));
        Reader { words: self, bound: HashSet::new() }.visit_item(item);
    }

    fn import(&mut self, tree: &UseTree, prefix: &[String], is_face: bool) {
        let below = |last: &Ident| match last.to_string() {
            last if last == "self" && !prefix.is_empty() => prefix.to_vec(),
            last => [prefix, &[last]].concat(),
        };
        let (name, path) = match tree {
            UseTree::Path(path) => return self.import(&path.tree, &below(&path.ident), is_face),
            UseTree::Group(group) => return group.items.iter().for_each(|tree| self.import(tree, prefix, is_face)),
            UseTree::Glob(_) => (None, prefix.to_vec()),
            UseTree::Name(name) => (below(&name.ident).last().cloned(), below(&name.ident)),
            UseTree::Rename(name) => (Some(name.rename.to_string()), below(&name.ident)),
        };
        self.imports.insert(Import { name, path, is_face });
    }
}

/// Whether an item is compiled for tests only.
pub fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => return false,
    };
    has_test(attributes)
}

fn has_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

fn name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Macro(item) => item.ident.as_ref()?.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        Item::Union(item) => item.ident.to_string(),
        _ => return None,
    })
}

struct Reader<'a> {
    words: &'a mut Words,
    /// The variables of the function that is read: a value of such a name is no item, unless it is called.
    bound: HashSet<String>,
}

impl Reader<'_> {
    fn path(&mut self, path: &Path) {
        if path.leading_colon.is_none() {
            self.words.paths.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
    }

    fn function(&mut self, bound: Variables, read: impl FnOnce(&mut Self)) {
        let outside = std::mem::replace(&mut self.bound, bound.0);
        read(self);
        self.bound = outside;
    }

    /// Reads what a macro gets. Nothing says there which word is an item, so a single one in lower case counts where it
    /// is called.
    fn tokens(&mut self, mut at: Cursor) {
        // The two characters before: behind a `.` or a `::` no path begins.
        let mut before = (' ', ' ');
        while !at.eof() {
            if let Some((ident, mut next)) = at.ident() {
                let mut path = vec![ident.to_string()];
                while let Some((ident, after)) = behind_colons(next) {
                    path.push(ident);
                    next = after;
                }
                let begins = before != (':', ':') && (before.1 != '.' || before.0 == '.');
                if begins && (path.len() > 1 || !is_lower_case(&path[0]) || next.any_group().is_some()) {
                    self.words.paths.insert(path);
                }
                before = (' ', ' ');
                at = next;
            } else if let Some((inside, _, _, next)) = at.any_group() {
                self.tokens(inside);
                before = (' ', ' ');
                at = next;
            } else if let Some((punct, next)) = at.punct() {
                before = (before.1, punct.as_char());
                at = next;
            } else if let Some((_, next)) = at.token_tree() {
                before = (' ', ' ');
                at = next;
            }
        }
    }
}

/// The word behind `::`.
fn behind_colons(at: Cursor) -> Option<(String, Cursor)> {
    let (first, at) = at.punct()?;
    let (second, at) = at.punct()?;
    let (ident, at) = at.ident()?;
    (first.as_char() == ':' && second.as_char() == ':').then(|| (ident.to_string(), at))
}

fn is_lower_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_lowercase() || c == '_')
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(item) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.words.import(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        let mut bound = Variables::default();
        bound.visit_item_fn(item);
        self.function(bound, |reader| visit::visit_item_fn(reader, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if has_test(&item.attrs) {
            return;
        }
        let mut bound = Variables::default();
        bound.visit_impl_item_fn(item);
        self.function(bound, |reader| visit::visit_impl_item_fn(reader, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        let mut bound = Variables::default();
        bound.visit_trait_item_fn(item);
        self.function(bound, |reader| visit::visit_trait_item_fn(reader, item));
    }

    fn visit_path(&mut self, path: &'ast Path) {
        self.path(path);
        visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, expression: &'ast ExprPath) {
        let is_variable = expression.path.get_ident().is_some_and(|name| self.bound.contains(&name.to_string()));
        if !is_variable {
            visit::visit_expr_path(self, expression);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(called) = &*call.func {
            self.path(&called.path);
        }
        visit::visit_expr_call(self, call);
    }

    /// A pattern of one word in capitals is a constant or a variant.
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        let name = pattern.ident.to_string();
        if !is_lower_case(&name) {
            self.words.paths.insert(vec![name]);
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.path(&called.path);
        self.tokens(TokenBuffer::new2(called.tokens.clone()).begin());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.tokens(TokenBuffer::new2(list.tokens.clone()).begin());
        }
    }
}

#[derive(Default)]
struct Variables(HashSet<String>);

impl<'ast> Visit<'ast> for Variables {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.0.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }
}
