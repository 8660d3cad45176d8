//! The list that a command is given: where it is, what it declares, and its bytes.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;

use guardduty_onboarding::aws::{Aws, Identity, ObjectError, ObjectRef};
use guardduty_onboarding::declared::{self, Goal, Mode};
use guardduty_onboarding::quote;
use guardduty_onboarding::roster::{self, ListError, MAX_BYTES, Roster, Rules};
use guardduty_onboarding::run::Source;

use crate::exit::Failure;

/// Where a list is, and what it declares.
#[derive(Debug)]
pub(crate) struct Named {
    place: Place,
    pub(crate) goal: Goal,
    /// Whether its key says that it is only planned.
    pub(crate) only_planned: bool,
}

#[derive(Debug)]
enum Place {
    StandardInput,
    File(PathBuf),
    Object { bucket: String, key: String },
}

/// A list in a bucket.
pub(crate) struct Object<'a> {
    bucket: &'a str,
    key: &'a str,
}

/// A list that has been read.
pub(crate) struct Read {
    bytes: Result<Vec<u8>, ListError>,
    pub(crate) source: Source,
}

impl Named {
    pub(crate) fn new(list: &str, declared: Option<Goal>) -> Result<Self, Failure> {
        let place = Place::parse(list)?;
        let Place::Object { key, .. } = &place else {
            return Ok(Self { place, goal: declared.unwrap_or(Goal::Monitored), only_planned: false });
        };
        let by_key = declared::by_key(key);
        let only_planned = by_key.is_some_and(|(_, mode)| mode == Mode::Plan);
        let goal = match (by_key, declared) {
            (Some((by_key, _)), Some(declared)) if by_key != declared => {
                let said =
                    format!("{list} declares {by_key} by its prefix, and --declared {declared}; leave --declared out");
                return Err(Failure::Usage(said));
            }
            (Some((goal, _)), _) | (None, Some(goal)) => goal,
            (None, None) => {
                let prefixes = Goal::ALL.map(Goal::prefix).join(", ");
                let said = format!("{list} begins with none of {prefixes}, so it declares nothing; give --declared");
                return Err(Failure::Usage(said));
            }
        };
        Ok(Self { place, goal, only_planned })
    }

    /// Reads what needs no AWS. What does is an error within.
    pub(crate) fn read_here(&self) -> Result<Result<Read, Object<'_>>, Failure> {
        let (bytes, name) = match &self.place {
            Place::Object { bucket, key } => return Ok(Err(Object { bucket, key })),
            Place::StandardInput => (within(io::stdin().lock()), "standard input".to_owned()),
            Place::File(path) => (File::open(path).and_then(within), path.display().to_string()),
        };
        let bytes = bytes.map_err(|error| Failure::NotDone(format!("{name}: {error}")))?;
        let request = match &self.place {
            Place::File(path) => path.file_name().map_or(name, |name| name.to_string_lossy().into_owned()),
            _ => name,
        };
        Ok(Ok(Read { bytes, source: Source::Request { request: quote::name(&request) } }))
    }
}

impl Object<'_> {
    pub(crate) async fn read(&self, aws: &Aws, identity: &Identity) -> Result<Read, Failure> {
        let Self { bucket, key } = *self;
        let object = ObjectRef { owner: identity.administrator, bucket, key, version_id: None };
        let name = format!("s3://{bucket}/{}", quote::key(key));
        let (bytes, version_id) = match aws.read_object(object, MAX_BYTES).await {
            Ok((bytes, version_id)) => (Ok(bytes), version_id),
            Err(ObjectError::TooLarge(bytes)) => (Err(ListError::TooLarge(bytes)), None),
            Err(ObjectError::Gone) => return Err(Failure::NotDone(format!("{name} does not exist"))),
            Err(ObjectError::Denied(quoted)) => {
                let owner = identity.administrator;
                let cure = format!("check that its bucket belongs to {owner} and that your role may read it");
                return Err(Failure::NotDone(format!("{name} may not be read: {cure} (AWS says: {quoted})")));
            }
            Err(ObjectError::NotGiven(quoted) | ObjectError::Failed(quoted)) => {
                return Err(Failure::NotDone(format!("{name} could not be read: {quoted}")));
            }
        };
        Ok(Read { bytes, source: Source::Upload { bucket: bucket.into(), key: key.into(), version_id } })
    }
}

impl Read {
    pub(crate) fn roster(&self, rules: &Rules<'_>) -> Roster {
        match &self.bytes {
            Ok(bytes) => roster::read(bytes, rules),
            Err(refused) => Roster::refused(refused.clone()),
        }
    }
}

impl Place {
    fn parse(list: &str) -> Result<Self, Failure> {
        if list == "-" {
            return Ok(Self::StandardInput);
        }
        let Some(object) = list.strip_prefix("s3://") else { return Ok(Self::File(list.into())) };
        match object.split_once('/') {
            Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                Ok(Self::Object { bucket: bucket.into(), key: key.into() })
            }
            _ => Err(Failure::Usage(format!("{list} is no object; expected s3://bucket/key"))),
        }
    }
}

/// All bytes, or that they are too many.
fn within(from: impl io::Read) -> io::Result<Result<Vec<u8>, ListError>> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    let length = bytes.len() as u64;
    Ok(if length > MAX_BYTES { Err(ListError::TooLarge(length)) } else { Ok(bytes) })
}
