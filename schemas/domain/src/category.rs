//! Categories, specialties, trades and posts (类别、专业、工种、岗位), under one closed list for all kinds.

mod duty;
mod specialty;
mod synonym;

pub use duty::{Duty, duty_finding};
pub use specialty::{Specialty, read_specialties};

use crate::finding::{Finding, FindingCode};
use crate::kind::Kind;
use crate::stored_code::stored_enum;

stored_enum! {
    /// What a certificate of a kind is for. Architects and structural engineers have no categories.
    pub enum Category {
        /// Principal of a firm (企业主要负责人).
        SafetyA = "safety-a",
        /// Project leader (项目负责人).
        SafetyB = "safety-b",
        /// Full-time safety staff of before the split of 2015-12 (专职安全生产管理人员).
        SafetyC = "safety-c",
        /// Full-time safety staff, machinery (机械类).
        SafetyC1 = "safety-c1",
        /// Full-time safety staff, civil works (土建类).
        SafetyC2 = "safety-c2",
        /// Full-time safety staff, comprehensive (综合类).
        SafetyC3 = "safety-c3",
        /// 建筑工程.
        Building = "building",
        /// 公路工程.
        Highway = "highway",
        /// 水利水电工程.
        WaterConservancy = "water-conservancy",
        /// 矿业工程.
        Mining = "mining",
        /// 市政公用工程.
        MunicipalWorks = "municipal-works",
        /// 机电工程.
        MechanicalElectrical = "mechanical-electrical",
        /// 建筑电工.
        Electrician = "electrician",
        /// 建筑架子工（普通脚手架）.
        ScaffolderOrdinary = "scaffolder-ordinary",
        /// 建筑架子工（附着升降脚手架）.
        ScaffolderAttached = "scaffolder-attached",
        /// 建筑起重司索信号工.
        RiggerSignaller = "rigger-signaller",
        /// 建筑起重机械司机（塔式起重机）.
        TowerCraneDriver = "tower-crane-driver",
        /// 建筑起重机械司机（施工升降机）.
        HoistDriver = "hoist-driver",
        /// 建筑起重机械司机（物料提升机）.
        MaterialHoistDriver = "material-hoist-driver",
        /// 建筑起重机械安装拆卸工（塔式起重机）.
        TowerCraneFitter = "tower-crane-fitter",
        /// 建筑起重机械安装拆卸工（施工升降机）.
        HoistFitter = "hoist-fitter",
        /// 建筑起重机械安装拆卸工（物料提升机）.
        MaterialHoistFitter = "material-hoist-fitter",
        /// 高处作业吊篮安装拆卸工.
        BasketFitter = "basket-fitter",
        /// 经省级以上住房和城乡建设主管部门认定的其他工种类别; its text is kept beside it.
        OtherTrade = "other-trade",
        /// 施工员.
        SiteForeman = "site-foreman",
        /// 土建施工员.
        SiteForemanCivil = "site-foreman-civil",
        /// 装饰装修施工员.
        SiteForemanDecoration = "site-foreman-decoration",
        /// 设备安装施工员.
        SiteForemanEquipment = "site-foreman-equipment",
        /// 市政工程施工员.
        SiteForemanMunicipal = "site-foreman-municipal",
        /// 质量员.
        QualityInspector = "quality-inspector",
        /// 土建质量员.
        QualityInspectorCivil = "quality-inspector-civil",
        /// 装饰装修质量员.
        QualityInspectorDecoration = "quality-inspector-decoration",
        /// 设备安装质量员.
        QualityInspectorEquipment = "quality-inspector-equipment",
        /// 市政工程质量员.
        QualityInspectorMunicipal = "quality-inspector-municipal",
        /// 安全员.
        SafetyOfficer = "safety-officer",
        /// 材料员.
        MaterialsOfficer = "materials-officer",
        /// 资料员.
        DocumentsOfficer = "documents-officer",
        /// 机械员.
        MachineryOfficer = "machinery-officer",
        /// 劳务员.
        LabourOfficer = "labour-officer",
        /// 标准员.
        StandardsOfficer = "standards-officer",
    }
}

/// A text that is no category of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no category of {kind}")]
pub struct UnknownCategory {
    /// The kind in whose list was looked.
    pub kind: Kind,
    /// The offending text.
    pub text: String,
}

impl UnknownCategory {
    /// The finding about the delivered text (case 25).
    pub fn finding(&self) -> Finding {
        Finding::about(FindingCode::CategoryUnknown, self.text.as_str())
    }
}

impl Category {
    /// Reads a category of a kind by its name, its code or a synonym (case 25).
    ///
    /// # Errors
    ///
    /// The text is in none of the lists of the kind.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, UnknownCategory> {
        synonym::find(kind, text).ok_or_else(|| UnknownCategory { kind, text: text.trim().to_owned() })
    }

    /// Reads a category and says whether a synonym stood for it.
    ///
    /// # Errors
    ///
    /// As [`Category::parse`].
    pub fn read(kind: Kind, text: &str) -> Result<(Self, Option<Finding>), UnknownCategory> {
        let category = Self::parse(kind, text)?;
        let proper = text == category.zh() || text == category.code() || category == Self::OtherTrade;
        let finding = (!proper).then(|| Finding::repair(FindingCode::CategorySynonym, text, category.zh()));
        Ok((category, finding))
    }

    /// The kind whose certificates have this category.
    pub const fn kind(self) -> Kind {
        match self {
            Self::SafetyA | Self::SafetyB | Self::SafetyC | Self::SafetyC1 | Self::SafetyC2 | Self::SafetyC3 => Kind::SafetyPersonnel,
            Self::Building | Self::Highway | Self::WaterConservancy | Self::Mining | Self::MunicipalWorks | Self::MechanicalElectrical => {
                Kind::Constructor
            }
            Self::Electrician
            | Self::ScaffolderOrdinary
            | Self::ScaffolderAttached
            | Self::RiggerSignaller
            | Self::TowerCraneDriver
            | Self::HoistDriver
            | Self::MaterialHoistDriver
            | Self::TowerCraneFitter
            | Self::HoistFitter
            | Self::MaterialHoistFitter
            | Self::BasketFitter
            | Self::OtherTrade => Kind::SpecialOperation,
            Self::SiteForeman
            | Self::SiteForemanCivil
            | Self::SiteForemanDecoration
            | Self::SiteForemanEquipment
            | Self::SiteForemanMunicipal
            | Self::QualityInspector
            | Self::QualityInspectorCivil
            | Self::QualityInspectorDecoration
            | Self::QualityInspectorEquipment
            | Self::QualityInspectorMunicipal
            | Self::SafetyOfficer
            | Self::MaterialsOfficer
            | Self::DocumentsOfficer
            | Self::MachineryOfficer
            | Self::LabourOfficer
            | Self::StandardsOfficer => Kind::PostTraining,
        }
    }

    /// The official code: the letter of safety personnel, the national number of a specialty or trade; posts have none
    /// and give their name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SafetyA => "A",
            Self::SafetyB => "B",
            Self::SafetyC => "C",
            Self::SafetyC1 => "C1",
            Self::SafetyC2 => "C2",
            Self::SafetyC3 => "C3",
            Self::Building => "10401001",
            Self::Highway => "10401002",
            Self::WaterConservancy => "10401005",
            Self::Mining => "10401007",
            Self::MunicipalWorks => "10401010",
            Self::MechanicalElectrical => "10401012",
            Self::Electrician => "01",
            Self::ScaffolderOrdinary => "02",
            Self::ScaffolderAttached => "03",
            Self::RiggerSignaller => "04",
            Self::TowerCraneDriver => "05",
            Self::HoistDriver => "06",
            Self::MaterialHoistDriver => "07",
            Self::TowerCraneFitter => "08",
            Self::HoistFitter => "09",
            Self::MaterialHoistFitter => "10",
            Self::BasketFitter => "11",
            Self::OtherTrade => "99",
            Self::SiteForeman
            | Self::SiteForemanCivil
            | Self::SiteForemanDecoration
            | Self::SiteForemanEquipment
            | Self::SiteForemanMunicipal
            | Self::QualityInspector
            | Self::QualityInspectorCivil
            | Self::QualityInspectorDecoration
            | Self::QualityInspectorEquipment
            | Self::QualityInspectorMunicipal
            | Self::SafetyOfficer
            | Self::MaterialsOfficer
            | Self::DocumentsOfficer
            | Self::MachineryOfficer
            | Self::LabourOfficer
            | Self::StandardsOfficer => self.zh(),
        }
    }

    /// The name printed on certificates.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::SafetyA => "企业主要负责人",
            Self::SafetyB => "项目负责人",
            Self::SafetyC => "专职安全生产管理人员",
            Self::SafetyC1 => "专职安全生产管理人员（机械类）",
            Self::SafetyC2 => "专职安全生产管理人员（土建类）",
            Self::SafetyC3 => "专职安全生产管理人员（综合类）",
            Self::Building => "建筑工程",
            Self::Highway => "公路工程",
            Self::WaterConservancy => "水利水电工程",
            Self::Mining => "矿业工程",
            Self::MunicipalWorks => "市政公用工程",
            Self::MechanicalElectrical => "机电工程",
            Self::Electrician => "建筑电工",
            Self::ScaffolderOrdinary => "建筑架子工（普通脚手架）",
            Self::ScaffolderAttached => "建筑架子工（附着升降脚手架）",
            Self::RiggerSignaller => "建筑起重司索信号工",
            Self::TowerCraneDriver => "建筑起重机械司机（塔式起重机）",
            Self::HoistDriver => "建筑起重机械司机（施工升降机）",
            Self::MaterialHoistDriver => "建筑起重机械司机（物料提升机）",
            Self::TowerCraneFitter => "建筑起重机械安装拆卸工（塔式起重机）",
            Self::HoistFitter => "建筑起重机械安装拆卸工（施工升降机）",
            Self::MaterialHoistFitter => "建筑起重机械安装拆卸工（物料提升机）",
            Self::BasketFitter => "高处作业吊篮安装拆卸工",
            Self::OtherTrade => "经省级以上住房和城乡建设主管部门认定的其他工种类别",
            Self::SiteForeman => "施工员",
            Self::SiteForemanCivil => "土建施工员",
            Self::SiteForemanDecoration => "装饰装修施工员",
            Self::SiteForemanEquipment => "设备安装施工员",
            Self::SiteForemanMunicipal => "市政工程施工员",
            Self::QualityInspector => "质量员",
            Self::QualityInspectorCivil => "土建质量员",
            Self::QualityInspectorDecoration => "装饰装修质量员",
            Self::QualityInspectorEquipment => "设备安装质量员",
            Self::QualityInspectorMunicipal => "市政工程质量员",
            Self::SafetyOfficer => "安全员",
            Self::MaterialsOfficer => "材料员",
            Self::DocumentsOfficer => "资料员",
            Self::MachineryOfficer => "机械员",
            Self::LabourOfficer => "劳务员",
            Self::StandardsOfficer => "标准员",
        }
    }
}

/// Compares the category of the number with the one that the row states: they must agree, or a person decides.
pub fn category_finding(in_number: Option<Category>, stated: Option<Category>) -> Option<Finding> {
    let (in_number, stated) = in_number.zip(stated)?;
    // The unsplit C covers its later classes.
    let covered = in_number == Category::SafetyC && matches!(stated, Category::SafetyC1 | Category::SafetyC2 | Category::SafetyC3)
        || stated == Category::SafetyC && matches!(in_number, Category::SafetyC1 | Category::SafetyC2 | Category::SafetyC3);
    (in_number != stated && !covered).then(|| Finding::repair(FindingCode::CategoryDiffers, stated.zh(), in_number.zh()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_reads_back_by_name_and_code_within_its_kind_only() {
        for category in Category::ALL {
            let kind = category.kind();
            assert_eq!(Category::read(kind, category.zh()), Ok((*category, None)), "{category}");
            assert_eq!(Category::parse(kind, category.code()), Ok(*category), "{category}");
            for other in Kind::ALL.iter().filter(|other| **other != kind) {
                let read = Category::parse(*other, category.zh());
                assert!(read.is_err() || read.is_ok_and(|read| read.kind() == *other), "{category}");
            }
        }
    }

    #[test]
    fn number_and_row_must_agree_on_the_category() {
        use Category::{HoistDriver, SafetyA, SafetyC, SafetyC3, TowerCraneDriver};
        let table = [
            (Some(SafetyA), Some(SafetyA), false),
            (Some(SafetyC), Some(SafetyC3), false),
            (Some(SafetyC3), Some(SafetyC), false),
            (Some(TowerCraneDriver), Some(HoistDriver), true),
            (None, Some(HoistDriver), false),
            (Some(SafetyA), None, false),
        ];
        for (in_number, stated, differs) in table {
            assert_eq!(category_finding(in_number, stated).is_some(), differs, "{in_number:?} {stated:?}");
        }
    }
}
