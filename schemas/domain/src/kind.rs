//! The six kinds of certificate of the notice of 2018-10-25, and what is fixed for each by law.

use crate::stored_code::stored_enum;

stored_enum! {
    /// Kind of certificate (证书种类).
    pub enum Kind {
        /// Second-class constructor (二级建造师).
        Constructor = "constructor",
        /// Second-class architect (二级建筑师).
        Architect = "architect",
        /// Second-class structural engineer (二级结构工程师).
        StructuralEngineer = "structural-engineer",
        /// Safety personnel of construction firms (安管人员).
        SafetyPersonnel = "safety-personnel",
        /// Special operations on construction sites (特种作业).
        SpecialOperation = "special-operation",
        /// Post training of professional staff (专业人员岗位培训, 八大员).
        PostTraining = "post-training",
    }
}

impl Kind {
    /// The name by which the notice calls the kind.
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Constructor => "二级建造师注册证书",
            Self::Architect => "二级建筑师注册证书",
            Self::StructuralEngineer => "二级结构工程师注册证书",
            Self::SafetyPersonnel => "“安管人员”安全生产考核合格证书",
            Self::SpecialOperation => "特种作业操作资格证书",
            Self::PostTraining => "专业人员岗位培训考核合格证书",
        }
    }

    /// The title printed on the certificate.
    pub const fn title_zh(self) -> &'static str {
        match self {
            Self::Constructor => "中华人民共和国二级建造师注册证书",
            Self::Architect => "二级建筑师注册证书",
            Self::StructuralEngineer => "二级结构工程师注册证书",
            Self::SafetyPersonnel => "安全生产考核合格证书",
            Self::SpecialOperation => "建筑施工特种作业操作资格证书",
            Self::PostTraining => "专业人员岗位培训考核合格证书",
        }
    }

    /// English name for documentation and messages.
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Constructor => "registration certificate of a second-class constructor",
            Self::Architect => "registration certificate of a second-class architect",
            Self::StructuralEngineer => "registration certificate of a second-class structural engineer",
            Self::SafetyPersonnel => "work-safety assessment certificate of safety personnel",
            Self::SpecialOperation => "qualification certificate for special operations",
            Self::PostTraining => "post-training certificate of professional staff",
        }
    }

    /// The issuing authority (发证机关) that stands on the certificate; architects have a committee of their own.
    pub const fn authority_zh(self) -> &'static str {
        match self {
            Self::Architect => "陕西省注册建筑师管理委员会",
            Self::Constructor | Self::StructuralEngineer | Self::SafetyPersonnel | Self::SpecialOperation | Self::PostTraining => {
                "陕西省住房和城乡建设厅"
            }
        }
    }

    /// National type code (证照类型代码, 21 characters: the ministry's unified code and three more), where one is known.
    pub const fn type_code(self) -> Option<&'static str> {
        match self {
            Self::Constructor => Some("11100000000013338W001"),
            Self::SafetyPersonnel => Some("11100000000013338W011"),
            Self::SpecialOperation => Some("11100000000013338W032"),
            Self::Architect | Self::StructuralEngineer | Self::PostTraining => None,
        }
    }

    /// The rules under which the kind is issued.
    pub const fn legal_basis_zh(self) -> &'static str {
        match self {
            Self::Constructor => "《注册建造师管理规定》（建设部令第153号）",
            Self::Architect => "《中华人民共和国注册建筑师条例》及其实施细则（建设部令第167号）",
            Self::StructuralEngineer => "《勘察设计注册工程师管理规定》（建设部令第137号）",
            Self::SafetyPersonnel => {
                "《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》（住房和城乡建设部令第17号）"
            }
            Self::SpecialOperation => "《建筑施工特种作业人员管理规定》（建质〔2008〕75号）",
            Self::PostTraining => "《建筑与市政工程施工现场专业人员职业标准》（JGJ/T 250）",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_architects_have_another_authority() {
        for kind in Kind::ALL {
            let own = kind.authority_zh() != "陕西省住房和城乡建设厅";
            assert_eq!(own, *kind == Kind::Architect, "{kind}");
        }
    }

    #[test]
    fn type_codes_begin_with_the_valid_unified_code_of_the_ministry() {
        for code in Kind::ALL.iter().filter_map(|kind| kind.type_code()) {
            assert_eq!(code.len(), 21);
            assert!(crate::check_digit::gb32100_holds(&code[..18]), "{code}");
        }
    }
}
