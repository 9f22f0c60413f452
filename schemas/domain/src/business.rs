//! Business under way (在办业务): whether it is open still.

use crate::stored_code::stored_enum;

stored_enum! {
    /// How far a piece of business is (办理状态).
    pub enum BusinessState {
        /// Filed and not decided (受理、审核中): the sweep spares its certificate.
        Open = "open",
        /// Decided, returned or withdrawn by the applicant (办结、退回、撤回).
        Closed = "closed",
    }
}
