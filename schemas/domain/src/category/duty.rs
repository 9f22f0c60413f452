//! Duties (职务) of safety personnel, and which category goes with which.

use super::Category;
use crate::characters::tidy;
use crate::finding::{Finding, FindingCode};
use crate::stored_code::stored_enum;

stored_enum! {
    /// Duty of a holder in the firm (职务), with the national codes 01 to 08 and 99.
    pub enum Duty {
        /// 01 法定代表人.
        LegalRepresentative = "legal-representative",
        /// 02 总经理（总裁）.
        GeneralManager = "general-manager",
        /// 03 分管安全生产的副总经理（副总裁）.
        DeputyForSafety = "deputy-for-safety",
        /// 04 分管生产经营的副总经理（副总裁）.
        DeputyForProduction = "deputy-for-production",
        /// 05 技术负责人.
        TechnicalDirector = "technical-director",
        /// 06 安全总监.
        SafetyDirector = "safety-director",
        /// 07 项目负责人.
        ProjectLeader = "project-leader",
        /// 08 专职安全生产管理人员.
        SafetyStaff = "safety-staff",
        /// 99 其他.
        Other = "other",
    }
}

impl Duty {
    /// Reads a duty; a blank is none, a word in no list is `Other`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(duty) = Self::ALL.iter().find(|duty| duty.zh() == text || duty.code() == text) {
            return Some(*duty);
        }
        let tidied = tidy(text);
        let word = tidied.trim_end_matches(".0");
        if word.is_empty() {
            return None;
        }
        let listed = Self::ALL.iter().find(|duty| duty.zh() == word || duty.code() == word);
        Some(listed.copied().unwrap_or(match word {
            "法人" | "法人代表" | "法定代表" | "企业法人" | "董事长" => Self::LegalRepresentative,
            "总经理" | "总裁" | "经理" | "总经理(总裁)" => Self::GeneralManager,
            "安全副总" | "安全副经理" | "分管安全副总经理" | "分管安全生产副总经理" | "分管安全生产的副总" | "分管安全的副总经理" => {
                Self::DeputyForSafety
            }
            "副总经理" | "生产副总" | "生产副经理" | "分管生产副总经理" | "分管生产经营的副总" | "分管生产的副总经理" => {
                Self::DeputyForProduction
            }
            "总工程师" | "总工" | "企业技术负责人" => Self::TechnicalDirector,
            "项目经理" | "建造师" | "项目负责" => Self::ProjectLeader,
            "安全员" | "专职安全员" | "专职安全管理人员" | "专职安全生产管理员" | "专职安管人员" => {
                Self::SafetyStaff
            }
            _ => Self::Other,
        }))
    }

    /// The national code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "01",
            Self::GeneralManager => "02",
            Self::DeputyForSafety => "03",
            Self::DeputyForProduction => "04",
            Self::TechnicalDirector => "05",
            Self::SafetyDirector => "06",
            Self::ProjectLeader => "07",
            Self::SafetyStaff => "08",
            Self::Other => "99",
        }
    }

    /// The name printed on certificates.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "法定代表人",
            Self::GeneralManager => "总经理（总裁）",
            Self::DeputyForSafety => "分管安全生产的副总经理（副总裁）",
            Self::DeputyForProduction => "分管生产经营的副总经理（副总裁）",
            Self::TechnicalDirector => "技术负责人",
            Self::SafetyDirector => "安全总监",
            Self::ProjectLeader => "项目负责人",
            Self::SafetyStaff => "专职安全生产管理人员",
            Self::Other => "其他",
        }
    }

    /// Whether a certificate of a category of safety personnel goes with the duty.
    pub const fn goes_with(self, category: Category) -> bool {
        match self {
            Self::LegalRepresentative
            | Self::GeneralManager
            | Self::DeputyForSafety
            | Self::DeputyForProduction
            | Self::TechnicalDirector
            | Self::SafetyDirector => matches!(category, Category::SafetyA),
            Self::ProjectLeader => matches!(category, Category::SafetyB),
            Self::SafetyStaff => matches!(category, Category::SafetyC | Category::SafetyC1 | Category::SafetyC2 | Category::SafetyC3),
            Self::Other => true,
        }
    }
}

/// Warns where the duty of safety personnel does not go with the category that the number carries.
pub fn duty_finding(in_number: Option<Category>, duty: Option<Duty>) -> Option<Finding> {
    let (category, duty) = in_number.zip(duty)?;
    (!duty.goes_with(category)).then(|| Finding::about(FindingCode::DutyDiffers, duty.zh()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_read_by_name_code_and_synonym() {
        for duty in Duty::ALL {
            assert_eq!(Duty::parse(duty.zh()), Some(*duty));
            assert_eq!(Duty::parse(duty.code()), Some(*duty));
        }
        let table = [
            (" 法人 ", Some(Duty::LegalRepresentative)),
            ("项目经理", Some(Duty::ProjectLeader)),
            ("专职安全员", Some(Duty::SafetyStaff)),
            ("总工程师", Some(Duty::TechnicalDirector)),
            ("司机", Some(Duty::Other)),
            ("　", None),
        ];
        for (text, duty) in table {
            assert_eq!(Duty::parse(text), duty, "{text}");
        }
    }

    #[test]
    fn a_duty_that_does_not_go_with_the_category_is_warned_of() {
        let table = [
            (Category::SafetyA, Duty::LegalRepresentative, true),
            (Category::SafetyB, Duty::ProjectLeader, true),
            (Category::SafetyC, Duty::SafetyStaff, true),
            (Category::SafetyC3, Duty::SafetyStaff, true),
            (Category::SafetyC3, Duty::Other, true),
            (Category::SafetyA, Duty::SafetyStaff, false),
            (Category::SafetyB, Duty::LegalRepresentative, false),
        ];
        for (category, duty, fits) in table {
            assert_eq!(duty_finding(Some(category), Some(duty)).is_none(), fits, "{category} {duty}");
        }
        assert_eq!(duty_finding(None, Some(Duty::ProjectLeader)), None);
    }
}
