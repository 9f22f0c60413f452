//! Three facts that are kept apart: what the law says of a certificate, how far its document is, and what locks it.

mod lock;

pub use lock::{Lock, LockCause};

use crate::kind::Kind;
use crate::stored_code::stored_enum;

stored_enum! {
    /// Legal status of a certificate (证书状态).
    pub enum LegalStatus {
        /// In force (有效).
        Valid = "valid",
        /// Suspended as a punishment (暂扣); may be given back.
        Suspended = "suspended",
        /// Run out by time alone (失效).
        Expired = "expired",
        /// Ended formally (注销).
        Cancelled = "cancelled",
        /// Should never have been given (撤销).
        Withdrawn = "withdrawn",
        /// Taken away as a punishment (吊销).
        Revoked = "revoked",
        /// Transferred to another province (办理转出).
        Transferred = "transferred",
    }
}

impl LegalStatus {
    /// Whether no event leads back to a certificate in force.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Cancelled | Self::Withdrawn | Self::Revoked | Self::Transferred => true,
            Self::Valid | Self::Suspended | Self::Expired => false,
        }
    }

    /// The word for it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Valid => "有效",
            Self::Suspended => "暂扣",
            Self::Expired => "失效",
            Self::Cancelled => "注销",
            Self::Withdrawn => "撤销",
            Self::Revoked => "吊销",
            Self::Transferred => "办理转出",
        }
    }

    /// The national exchange code. Each kind has a table of its own: 03 means withdrawn for safety personnel and
    /// revoked for special operations. `None` for kinds without a known table.
    pub const fn export_code(self, kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::SafetyPersonnel => Some(match self {
                Self::Valid => "01",
                Self::Suspended => "02",
                Self::Withdrawn => "03",
                Self::Cancelled => "04",
                Self::Expired => "05",
                Self::Transferred => "06",
                Self::Revoked => "07",
            }),
            Kind::SpecialOperation => Some(match self {
                Self::Valid => "01",
                Self::Suspended => "02",
                Self::Revoked => "03",
                Self::Withdrawn => "04",
                Self::Cancelled => "05",
                Self::Expired => "06",
                Self::Transferred => "99",
            }),
            Kind::Constructor | Kind::Architect | Kind::StructuralEngineer | Kind::PostTraining => None,
        }
    }
}

stored_enum! {
    /// How far the electronic document of the current version is (签发阶段).
    pub enum Stage {
        /// Paper only, nothing asked for (仅纸质).
        Paper = "paper",
        /// Asked for, and no approved photo is there (待照片).
        AwaitingPhoto = "awaiting-photo",
        /// A photo is being reviewed (照片审核中).
        PhotoReview = "photo-review",
        /// Nothing is missing for issuing (待签发).
        Ready = "ready",
        /// An order is being carried out (签发中).
        Issuing = "issuing",
        /// The document is there (已签发).
        Issued = "issued",
        /// Kept for a person to decide (待人工处理).
        Held = "held",
    }
}

impl Stage {
    /// The word for it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Paper => "仅纸质",
            Self::AwaitingPhoto => "待照片",
            Self::PhotoReview => "照片审核中",
            Self::Ready => "待签发",
            Self::Issuing => "签发中",
            Self::Issued => "已签发",
            Self::Held => "待人工处理",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_kind_exports_its_own_state_codes() {
        use LegalStatus::{Revoked, Transferred, Withdrawn};
        let table = [
            (Withdrawn, Kind::SafetyPersonnel, Some("03")),
            (Withdrawn, Kind::SpecialOperation, Some("04")),
            (Revoked, Kind::SafetyPersonnel, Some("07")),
            (Revoked, Kind::SpecialOperation, Some("03")),
            (Transferred, Kind::SpecialOperation, Some("99")),
            (Revoked, Kind::Architect, None),
        ];
        for (status, kind, code) in table {
            assert_eq!(status.export_code(kind), code, "{status} {kind}");
        }
    }

    #[test]
    fn no_two_states_of_a_kind_share_a_code() {
        for kind in Kind::ALL {
            let codes: Vec<_> = LegalStatus::ALL.iter().filter_map(|status| status.export_code(*kind)).collect();
            assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len(), "{kind}");
        }
    }
}
