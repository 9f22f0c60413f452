//! Locks (锁定): they keep a certificate from being issued, downloaded or shown as valid, and revoke nothing.

use crate::ids::LockId;
use crate::stored_code::stored_enum;
use time::Date;

stored_enum! {
    /// Class of the cause of a lock (锁定原因). The class is public, the text that came with it is not.
    pub enum LockCause {
        /// Registered without working there (挂证, 社保单位与注册单位不一致).
        AffixedRegistration = "affixed-registration",
        /// Two employers at once (同时受聘于两个单位).
        TwoEmployers = "two-employers",
        /// False materials (提供虚假材料).
        FalseMaterials = "false-materials",
        /// Bound to a project under construction (在施锁定).
        ProjectInProgress = "project-in-progress",
        /// Production safety accident (生产安全事故).
        SafetyAccident = "safety-accident",
        /// Punishment or court order under execution (行政处罚或司法执行).
        Punishment = "punishment",
        /// Cheating in an examination (考试作弊).
        ExamCheating = "exam-cheating",
        /// Reported dead, not yet confirmed (死亡报告).
        DeathReport = "death-report",
        /// Over the age limit (超龄).
        OverAge = "over-age",
        /// One ID number for several persons (身份证号重复).
        DuplicateIdentity = "duplicate-identity",
        /// Photo of somebody else, or altered (照片造假).
        PhotoFraud = "photo-fraud",
        /// Held during an appeal (申诉期间).
        Appeal = "appeal",
        /// The employer is on a blacklist (企业失信).
        EmployerBlacklist = "employer-blacklist",
        /// Violation of the regulations, not further classed (违反相关规定).
        Violation = "violation",
        /// Any other cause (其他).
        Other = "other",
    }
}

impl LockCause {
    /// Classes a cause written in words; what no class fits is `Other`.
    pub fn parse(text: &str) -> Self {
        const WORDS: &[(&str, LockCause)] = &[
            ("挂证", LockCause::AffixedRegistration),
            ("社保", LockCause::AffixedRegistration),
            ("两个单位", LockCause::TwoEmployers),
            ("两个以上单位", LockCause::TwoEmployers),
            ("重复受聘", LockCause::TwoEmployers),
            ("虚假", LockCause::FalseMaterials),
            ("在施", LockCause::ProjectInProgress),
            ("在建", LockCause::ProjectInProgress),
            ("事故", LockCause::SafetyAccident),
            ("处罚", LockCause::Punishment),
            ("法院", LockCause::Punishment),
            ("司法", LockCause::Punishment),
            ("作弊", LockCause::ExamCheating),
            ("替考", LockCause::ExamCheating),
            ("死亡", LockCause::DeathReport),
            ("去世", LockCause::DeathReport),
            ("超龄", LockCause::OverAge),
            ("身份证号重复", LockCause::DuplicateIdentity),
            ("身份重复", LockCause::DuplicateIdentity),
            ("照片", LockCause::PhotoFraud),
            ("申诉", LockCause::Appeal),
            ("黑名单", LockCause::EmployerBlacklist),
            ("失信", LockCause::EmployerBlacklist),
            ("违规", LockCause::Violation),
            ("违反", LockCause::Violation),
            ("违法", LockCause::Violation),
        ];
        let text = text.trim();
        text.parse().unwrap_or_else(|_| WORDS.iter().find(|(word, _)| text.contains(word)).map_or(Self::Other, |(_, cause)| *cause))
    }

    /// The class as the public may read it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::AffixedRegistration => "社保缴纳单位与注册单位不一致（涉嫌挂证）",
            Self::TwoEmployers => "同时受聘于两个单位",
            Self::FalseMaterials => "提供虚假材料",
            Self::ProjectInProgress => "在施项目锁定",
            Self::SafetyAccident => "发生生产安全事故",
            Self::Punishment => "行政处罚或司法执行中",
            Self::ExamCheating => "考试作弊",
            Self::DeathReport => "死亡信息待核实",
            Self::OverAge => "超过规定年龄",
            Self::DuplicateIdentity => "身份证号重复",
            Self::PhotoFraud => "照片不实",
            Self::Appeal => "申诉处理期间",
            Self::EmployerBlacklist => "所在企业被列入失信名单",
            Self::Violation => "违反相关规定",
            Self::Other => "其他原因",
        }
    }

    /// The class in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::AffixedRegistration => "registered with an employer that does not insure the holder",
            Self::TwoEmployers => "two employers at once",
            Self::FalseMaterials => "false materials",
            Self::ProjectInProgress => "bound to a project under construction",
            Self::SafetyAccident => "production safety accident",
            Self::Punishment => "punishment or court order under execution",
            Self::ExamCheating => "cheating in an examination",
            Self::DeathReport => "report of death to be confirmed",
            Self::OverAge => "over the age limit",
            Self::DuplicateIdentity => "ID number of several persons",
            Self::PhotoFraud => "photo is not genuine",
            Self::Appeal => "appeal under way",
            Self::EmployerBlacklist => "employer on a blacklist",
            Self::Violation => "violation of the regulations",
            Self::Other => "other cause",
        }
    }
}

/// A lock on a certificate or on a person (锁定).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Its row.
    pub id: LockId,
    /// Class of the cause.
    pub cause: LockCause,
    /// The cause as it was written. Internal: it never enters a reason given to the public.
    pub cause_text: String,
    /// First day in force.
    pub since: Date,
    /// Last day in force; `None` until somebody lifts it.
    pub until: Option<Date>,
    /// Last day to appeal.
    pub appeal_by: Option<Date>,
    /// Whether it was lifted.
    pub lifted: bool,
    /// Whether it lies on the person and so on every certificate of theirs.
    pub on_person: bool,
}

impl Lock {
    /// Whether the lock holds on `today`: begun, not lifted, and its last day not past.
    pub fn in_force(&self, today: Date) -> bool {
        !self.lifted && self.since <= today && self.until.is_none_or(|until| today <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn causes_in_words_are_classed() {
        let table = [
            ("考试作弊", LockCause::ExamCheating),
            ("同时受聘于两个单位", LockCause::TwoEmployers),
            ("行政处罚执行中", LockCause::Punishment),
            ("发生生产安全事故", LockCause::SafetyAccident),
            ("提供虚假材料", LockCause::FalseMaterials),
            ("社保缴纳单位与注册单位不一致（涉嫌挂证）", LockCause::AffixedRegistration),
            ("违反相关部令及规定", LockCause::Violation),
            ("two-employers", LockCause::TwoEmployers),
            (" other ", LockCause::Other),
            ("说不清", LockCause::Other),
            ("", LockCause::Other),
        ];
        for (text, cause) in table {
            assert_eq!(LockCause::parse(text), cause, "{text}");
        }
        for cause in LockCause::ALL {
            assert!(!cause.zh().is_empty() && cause.en().is_ascii(), "{cause}");
        }
    }

    #[test]
    fn a_lock_holds_from_its_first_to_its_last_day_unless_lifted() {
        let lock = Lock {
            id: LockId(1),
            cause: LockCause::ExamCheating,
            cause_text: String::new(),
            since: date!(2026 - 08 - 04),
            until: Some(date!(2027 - 08 - 04)),
            appeal_by: None,
            lifted: false,
            on_person: false,
        };
        let table =
            [(date!(2026 - 08 - 03), false), (date!(2026 - 08 - 04), true), (date!(2027 - 08 - 04), true), (date!(2027 - 08 - 05), false)];
        for (today, expected) in table {
            assert_eq!(lock.in_force(today), expected, "{today}");
        }
        let open = Lock { until: None, ..lock.clone() };
        assert!(open.in_force(date!(2099 - 01 - 01)));
        assert!(!Lock { lifted: true, ..open }.in_force(date!(2026 - 09 - 01)));
        assert!(lock.in_force(date!(2026 - 09 - 01)));
    }
}
