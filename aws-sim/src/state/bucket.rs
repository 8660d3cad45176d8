//! A bucket: its objects, and the versions of each.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bytes::Bytes;
use md5::{Digest as _, Md5};

use crate::iam::keys::ADMINISTRATOR;
use crate::iam::policy::Policy;
use crate::wire::ids::hex;

/// A bucket. By default it is versioned and belongs to the administrator.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub versioned: bool,
    pub owner: String,
    /// Only what the policy denies counts. What it would allow other accounts is allowed anyway.
    pub policy: Option<Policy>,
    /// By key. The latest version of an object comes last.
    objects: BTreeMap<String, Vec<Version>>,
}

/// One version of an object.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub id: String,
    /// `None` in a delete marker.
    pub body: Option<Bytes>,
    pub etag: String,
    pub modified: SystemTime,
}

/// The version id of objects in an unversioned bucket.
pub(crate) const NULL: &str = "null";

impl Default for Bucket {
    fn default() -> Self {
        Self::of(ADMINISTRATOR)
    }
}

impl Bucket {
    /// An empty bucket that belongs to the account.
    pub(crate) fn of(owner: &str) -> Self {
        Self { versioned: true, owner: owner.into(), policy: None, objects: BTreeMap::new() }
    }

    /// Adds a version and returns its id, which is `null` in an unversioned bucket.
    pub(crate) fn put(&mut self, key: &str, body: Option<Bytes>, id: String, now: SystemTime) -> String {
        let id = if self.versioned { id } else { NULL.into() };
        let etag = format!("\"{}\"", hex(&Md5::digest(body.as_deref().unwrap_or_default())));
        let versions = self.objects.entry(key.into()).or_default();
        versions.retain(|version| id != NULL || version.id != NULL);
        versions.push(Version { id: id.clone(), body, etag, modified: now });
        id
    }

    /// The latest version, which may be a delete marker.
    pub(crate) fn current(&self, key: &str) -> Option<&Version> {
        self.objects.get(key)?.last()
    }

    pub(crate) fn version(&self, key: &str, id: &str) -> Option<&Version> {
        self.objects.get(key)?.iter().find(|version| version.id == id)
    }

    /// Marks an object as deleted and returns the marker's id, or removes it from an unversioned bucket.
    pub(crate) fn delete(&mut self, key: &str, id: String, now: SystemTime) -> Option<String> {
        if self.versioned {
            return Some(self.put(key, None, id, now));
        }
        self.remove(key, NULL);
        None
    }

    /// Removes a version permanently.
    pub(crate) fn remove(&mut self, key: &str, id: &str) -> Option<Version> {
        let versions = self.objects.get_mut(key)?;
        let place = versions.iter().position(|version| version.id == id)?;
        Some(versions.remove(place))
    }

    /// All versions by key, the latest of each first, and whether it is the latest. Delete markers are versions, too.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (&str, &Version, bool)> {
        self.objects.iter().flat_map(|(key, versions)| {
            let newest_first = versions.iter().rev().enumerate();
            newest_first.map(|(age, version)| (key.as_str(), version, age == 0))
        })
    }

    /// The current versions of the objects that are not deleted, by key.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (&str, &Version)> {
        let latest = self.objects.iter().filter_map(|(key, versions)| Some((key.as_str(), versions.last()?)));
        latest.filter(|(_, version)| version.body.is_some())
    }
}

impl Version {
    pub(crate) fn size(&self) -> usize {
        self.body.as_ref().map_or(0, Bytes::len)
    }
}
