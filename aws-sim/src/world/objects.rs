//! S3 objects as a story puts and reads them.

use bytes::Bytes;

use super::World;
use super::roles::parsed;

impl World {
    /// Uploads an object and returns its version id (`null` in an unversioned bucket). Creates the bucket if missing.
    pub fn put_object(&self, bucket: &str, key: &str, body: impl Into<Bytes>) -> String {
        let now = self.now();
        let mut state = self.state();
        let id = state.ids.hex32();
        state.buckets.entry(bucket.into()).or_default().put(key, Some(body.into()), id, now)
    }

    /// The current version of an object.
    #[must_use]
    pub fn object(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        let state = self.state();
        let version = state.buckets.get(bucket)?.current(key)?;
        version.body.as_ref().map(|body| body.to_vec())
    }

    /// Deletes an object as somebody else would, which leaves its versions behind a delete marker in a versioned bucket.
    /// Returns the marker's version id.
    #[expect(clippy::must_use_candidate, reason = "most stories want the object gone, not the id")]
    pub fn delete_object(&self, bucket: &str, key: &str) -> Option<String> {
        let now = self.now();
        let mut state = self.state();
        let id = state.ids.hex32();
        state.buckets.get_mut(bucket)?.delete(key, id, now)
    }

    /// The bucket belongs to this account, which gives everybody access. Creates the bucket if missing.
    pub fn bucket_is_of(&self, bucket: &str, account: &str) {
        self.state().buckets.entry(bucket.into()).or_default().owner = account.into();
    }

    /// The bucket has this policy, of which only denials count. Creates the bucket if missing.
    ///
    /// # Panics
    ///
    /// If the text is not a policy, or has a condition that the simulator does not know.
    pub fn bucket_policy(&self, bucket: &str, policy: &str) {
        let policy = parsed(policy);
        self.state().buckets.entry(bucket.into()).or_default().policy = Some(policy);
    }

    /// The bucket keeps one version of each object. Creates the bucket if missing.
    pub fn unversioned(&self, bucket: &str) {
        self.state().buckets.entry(bucket.into()).or_default().versioned = false;
    }
}
