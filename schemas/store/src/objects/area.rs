//! The areas of the object store and how their keys are made.

/// What an object is; each area is a folder with its own file extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Issued documents (PDF).
    Documents,
    /// Delivered files as they came.
    Intake,
    /// Photos as they came.
    Photos,
    /// Normalised portraits (JPEG).
    Portraits,
    /// Signed status lists (CWT).
    StatusLists,
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 5] = [Self::Documents, Self::Intake, Self::Photos, Self::Portraits, Self::StatusLists];

    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Intake => "intake",
            Self::Photos => "photos",
            Self::Portraits => "portraits",
            Self::StatusLists => "status-lists",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Documents => "pdf",
            Self::Intake => "delivered",
            Self::Photos => "original",
            Self::Portraits => "jpg",
            Self::StatusLists => "cwt",
        }
    }

    /// The key of the object with this digest.
    #[must_use]
    pub fn key(self, sha256: &[u8; 32]) -> String {
        let name = hex::encode(sha256);
        format!("{}/{}/{name}.{}", self.folder(), &name[..2], self.extension())
    }
}

/// A stored object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
    /// Where it lies, relative to the store.
    pub key: String,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Whether it lay there before; see [`crate::orphans::hold_off`].
    pub existed: bool,
}
