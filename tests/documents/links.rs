//! Links between documents, and to their chapters, lead somewhere; so do the files that a command names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Becomes `docs/performance.md`, whose links are checked there.
const DRAFT: &str = "bench/fleet/src/page.md";
/// Endings of files that a command or a sentence may name by their path from the top.
const OURS: [&str; 5] = [".sh", ".py", ".yaml", ".rs", ".toml"];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Markdown file of the repository: its path from the top, and its text.
fn pages() -> BTreeMap<String, String> {
    fn walk(folder: &Path, pages: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                let built = path.join("CACHEDIR.TAG").exists();
                if !name.starts_with('.') && name != "target" && !built {
                    walk(&path, pages);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let below = path.strip_prefix(top()).expect("below the top").to_string_lossy().into_owned();
                pages.insert(below, fs::read_to_string(&path).expect("a text"));
            }
        }
    }
    let mut pages = BTreeMap::new();
    walk(top(), &mut pages);
    pages.remove(DRAFT);
    pages
}

/// The text without its code, and its code alone: fenced blocks and spans.
fn parted(text: &str) -> (String, String) {
    let (mut prose, mut code, mut fenced) = (String::new(), String::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            code.extend([line, "\n"]);
        } else {
            for (place, piece) in line.split('`').enumerate() {
                if place % 2 == 0 { prose += piece } else { code.extend([piece, "\n"]) }
            }
            prose.push('\n');
        }
    }
    (prose, code)
}

/// Where the links and pictures of a page lead.
fn targets(page: &str) -> Vec<String> {
    let (prose, _) = parted(page);
    let after = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    after.map(|(target, _)| target.split_whitespace().next().unwrap_or_default().to_owned()).collect()
}

/// The anchors that GitHub gives a page's headings.
fn anchors(page: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in page.lines() {
        fenced ^= line.starts_with("```");
        let Some(heading) = line.strip_prefix('#').filter(|_| !fenced) else { continue };
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let before = anchors.iter().filter(|known| **known == anchor).count();
        anchors.push(if before == 0 { anchor } else { format!("{anchor}-{before}") });
    }
    anchors
}

/// A path from the top, for one that is written in a page; `None` if it leaves the repository.
fn resolved(page: &str, target: &str) -> Option<PathBuf> {
    let mut path = Path::new(page).parent().unwrap_or(Path::new("")).to_owned();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir if !path.pop() => return None,
            Component::Normal(name) => path.push(name),
            Component::ParentDir | Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

/// What is wrong with a page's links to other places in the repository.
fn broken(page: &str, pages: &BTreeMap<String, String>) -> Vec<String> {
    let mut broken = Vec::new();
    for target in targets(&pages[page]).into_iter().filter(|target| !target.contains(':')) {
        let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
        let found = if path.is_empty() { Some(PathBuf::from(page)) } else { resolved(page, path) };
        let Some(found) =
            found.filter(|found| top().join(found).exists() || pages.contains_key(&*found.to_string_lossy()))
        else {
            broken.push(format!("{page}: {target} leads nowhere"));
            continue;
        };
        if !anchor.is_empty() {
            let there = pages.get(&*found.to_string_lossy()).map(|text| anchors(text)).unwrap_or_default();
            if !there.iter().any(|known| known == anchor) {
                broken.push(format!("{page}: {} has no heading for #{anchor}", found.display()));
            }
        }
    }
    broken
}

#[test]
fn every_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    let pages = pages();
    let broken: Vec<String> = pages.keys().flat_map(|page| broken(page, &pages)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_file_that_a_document_names_by_its_path_is_there() {
    let mut missing = Vec::new();
    for (page, text) in pages() {
        let (_, code) = parted(&text);
        let words = code.split_whitespace().map(|word| word.trim_start_matches("file://"));
        let ours = words.filter(|word| word.contains('/') && OURS.iter().any(|ending| word.ends_with(ending)));
        // A page in a folder of its own may name its neighbours, and a page about a module those below `src`.
        let folder = Path::new(&page).parent().unwrap_or(Path::new("")).to_owned();
        let homes = [PathBuf::new(), folder, "src".into()];
        for word in ours.filter(|word| !word.contains(['{', '*', '$', '<', '~'])) {
            if !homes.iter().any(|home| top().join(home).join(word).exists()) {
                missing.push(format!("{page}: {word}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_link_to_nothing_is_found_and_one_in_code_is_not_a_link() {
    let there = "# A title, and `code`!\n\n## Twice\n\n## Twice\n";
    let here = "[a](docs/there.md) [b](docs/there.md#a-title-and-code) [c](docs/there.md#twice-1) [d](#here)\n\n# Here\n\n\
                [e](docs/gone.md) [f](docs/there.md#thrice) [g](../outside.md) [h](https://example.com/x)\n\
                `[i](code.md)`\n```\n[j](code.md)\n```\n";
    let pages = BTreeMap::from([("docs/there.md".to_owned(), there.to_owned()), ("here.md".into(), here.into())]);
    assert_eq!(
        broken("here.md", &pages),
        [
            "here.md: docs/gone.md leads nowhere",
            "here.md: docs/there.md has no heading for #thrice",
            "here.md: ../outside.md leads nowhere",
        ]
    );
}
