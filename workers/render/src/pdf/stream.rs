//! A stream object with its dictionary.

use std::borrow::Cow;

/// The body is written as it is; `dict` says how it is coded.
pub(crate) struct Stream<'a> {
    /// The entries of the dictionary but for `/Length`.
    pub(crate) dict: Cow<'a, str>,
    pub(crate) body: Cow<'a, [u8]>,
}
