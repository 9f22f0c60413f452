//! Status lists (IETF Token Status List, draft-ietf-oauth-status-list): what became of every version, two bits each, in one signed list
//! for many. Nobody who fetches a list tells which certificate he asks about.

mod list;
mod permutation;
mod token;

pub use list::{StatusList, VersionStatus};
pub use permutation::{IndexPermutation, LIST_ENTRIES, StatusPlace};
pub use token::{ListClaims, MAX_TOKEN_BYTES, MEDIA_TYPE, SignedStatusList, StatusListError, sign};
