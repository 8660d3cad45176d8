//! Writes the result: a table for people, or one of the reports that the function writes.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::sync::Arc;

use guardduty_onboarding::report::{CsvReport, html, json_part};
use guardduty_onboarding::run::Run;

use crate::exit::Failure;
use crate::flags::{Form, Output};

/// Finds out before the work whether its result can be written.
pub(crate) fn prepare(output: &Output, list: Option<&str>) -> Result<(), Failure> {
    let Some(path) = &output.out else { return Ok(()) };
    let real = |path: &Path| fs::canonicalize(path).ok();
    if list.is_some_and(|list| real(Path::new(list)).is_some() && real(Path::new(list)) == real(path)) {
        return Err(Failure::Usage(format!("--out {} is the list itself, which it would overwrite", path.display())));
    }
    let opened = fs::OpenOptions::new().create(true).append(true).open(path);
    opened.map(drop).map_err(|error| Failure::NotDone(format!("--out {}: {error}", path.display())))
}

/// Writes a run, in the form that is asked for. If its file has become unwritable, standard output gets it.
pub(crate) fn write(run: Run, output: &Output, table: impl FnOnce(&Run) -> String) -> Result<(), Failure> {
    let bytes = match output.output {
        Form::Table => table(&run).into_bytes(),
        form => report(Arc::new(run), form),
    };
    let Some(path) = &output.out else { return print(&bytes) };
    save(path, &bytes).or_else(|failure| print(&bytes).and(Err(failure)))
}

/// Writes the three reports of a run into a folder, and says where the page is.
#[cfg(feature = "demo")]
pub(crate) fn write_all(run: Run, folder: &Path, name: &str) -> Result<std::path::PathBuf, Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::NotDone(format!("{}: {error}", folder.display())))?;
    let run = Arc::new(run);
    for (form, ending) in [(Form::Csv, "csv"), (Form::Json, "json"), (Form::Html, "html")] {
        save(&folder.join(format!("{name}.{ending}")), &report(Arc::clone(&run), form))?;
    }
    let page = folder.join(format!("{name}.html"));
    Ok(std::path::absolute(&page).unwrap_or(page))
}

/// Prints a result. A reader that has closed the pipe has seen enough.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::NotDone(format!("the result could not be written: {error}")))
        }
        _ => Ok(()),
    }
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| Failure::NotDone(format!("{}: {error}", path.display())))
}

fn report(run: Arc<Run>, form: Form) -> Vec<u8> {
    match form {
        Form::Csv => {
            let csv = CsvReport::new(run);
            (0..).map_while(|part| csv.part(part)).flatten().collect()
        }
        Form::Html => html(&run).into_bytes(),
        Form::Json | Form::Table => (0..).map_while(|part| json_part(&run, part)).flatten().collect(),
    }
}
