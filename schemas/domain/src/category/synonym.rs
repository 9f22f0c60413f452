//! The spellings that occur for each category in old files.

use super::Category;
use crate::characters::tidy;
use crate::kind::Kind;

/// The category of a kind that a text names; brackets, blanks and width do not matter.
pub(super) fn find(kind: Kind, text: &str) -> Option<Category> {
    let of_kind = || Category::ALL.iter().copied().filter(move |category| category.kind() == kind);
    if let Some(category) = of_kind().find(|category| category.zh() == text || category.code() == text) {
        return Some(category);
    }
    let key = key(text);
    let key = key.as_str();
    if key.is_empty() {
        return None;
    }
    if kind == Kind::SpecialOperation && is_recognised_by_the_province(key) {
        return Some(Category::OtherTrade);
    }
    of_kind().find(|category| self::key(category.zh()) == key || category.code() == key).or_else(|| {
        let synonyms = SYNONYMS.iter().filter(|(category, _)| category.kind() == kind);
        synonyms.into_iter().find(|(_, words)| words.contains(&key)).map(|(category, _)| *category)
    })
}

/// Without blanks and brackets, in upper case: 建筑架子工(普通脚手架) and 建筑架子工—普通脚手架 are one.
fn key(text: &str) -> String {
    tidy(text)
        .chars()
        .filter(|c| !matches!(c, '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】' | '〔' | '〕' | '-' | '—' | '－' | '\''))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// 经省级以上住房和城乡建设主管部门认定的其他工种类别（桩机操作工）: the trade in the brackets is free.
fn is_recognised_by_the_province(key: &str) -> bool {
    key.starts_with("经省级以上") && key.contains("认定的其他")
}

const SYNONYMS: &[(Category, &[&str])] = &[
    (Category::SafetyA, &["A类", "A证", "安全A证", "安A", "主要负责人", "建筑施工企业主要负责人", "企业负责人"]),
    (Category::SafetyB, &["B类", "B证", "安全B证", "安B", "建筑施工企业项目负责人", "项目经理"]),
    (Category::SafetyC, &["C类", "C证", "安全C证", "安C", "专职安全员", "专职安全管理人员", "专职安全生产管理人员C"]),
    (Category::SafetyC1, &["C1类", "C1证", "安C1", "机械类", "机械类专职安全生产管理人员", "专职安全生产管理人员C1"]),
    (Category::SafetyC2, &["C2类", "C2证", "安C2", "土建类", "土建类专职安全生产管理人员", "专职安全生产管理人员C2"]),
    (Category::SafetyC3, &["C3类", "C3证", "安C3", "综合类", "综合类专职安全生产管理人员", "专职安全生产管理人员C3"]),
    (Category::Building, &["建筑", "房建", "房屋建筑", "房屋建筑工程", "建筑工程专业", "建工"]),
    (Category::Highway, &["公路", "公路工程专业"]),
    (Category::WaterConservancy, &["水利", "水利水电", "水电", "水利工程", "水利水电工程专业"]),
    (Category::Mining, &["矿业", "矿山", "矿山工程", "矿业工程专业"]),
    (Category::MunicipalWorks, &["市政", "市政公用", "市政工程", "市政公用工程专业"]),
    (Category::MechanicalElectrical, &["机电", "机电安装", "机电安装工程", "机电工程专业"]),
    (Category::Electrician, &["电工", "建筑施工电工", "施工电工"]),
    (
        Category::ScaffolderOrdinary,
        &["架子工", "建筑架子工", "普通脚手架", "普通架子工", "普通脚手架架子工", "架子工普通脚手架", "建筑架子工普通"],
    ),
    (
        Category::ScaffolderAttached,
        &["附着升降脚手架", "附着式升降脚手架", "附着升降脚手架架子工", "架子工附着升降脚手架", "建筑架子工附着式升降脚手架", "爬架工"],
    ),
    (
        Category::RiggerSignaller,
        &["起重司索信号工", "起重信号司索工", "建筑起重信号司索工", "信号司索工", "司索信号工", "信号司索", "司索信号", "信号工", "司索工"],
    ),
    (
        Category::TowerCraneDriver,
        &["塔吊司机", "塔机司机", "塔式起重机司机", "建筑塔式起重机司机", "起重机械司机塔式起重机", "建筑起重机械司机塔吊", "塔吊工"],
    ),
    (
        Category::HoistDriver,
        &["施工升降机司机", "升降机司机", "施工电梯司机", "建筑施工升降机司机", "起重机械司机施工升降机", "人货电梯司机"],
    ),
    (Category::MaterialHoistDriver, &["物料提升机司机", "提升机司机", "建筑物料提升机司机", "起重机械司机物料提升机", "龙门架司机"]),
    (
        Category::TowerCraneFitter,
        &["塔吊安拆工", "塔吊安装拆卸工", "塔式起重机安装拆卸工", "塔式起重机安拆工", "塔机安拆工", "起重机械安装拆卸工塔式起重机"],
    ),
    (
        Category::HoistFitter,
        &["施工升降机安装拆卸工", "施工升降机安拆工", "升降机安拆工", "施工电梯安拆工", "起重机械安装拆卸工施工升降机"],
    ),
    (Category::MaterialHoistFitter, &["物料提升机安装拆卸工", "物料提升机安拆工", "提升机安拆工", "起重机械安装拆卸工物料提升机"]),
    (Category::BasketFitter, &["高处作业吊篮安拆工", "吊篮安装拆卸工", "吊篮安拆工", "高空作业吊篮安装拆卸工", "高处作业吊篮操作工"]),
    (Category::SiteForeman, &["施工员岗位"]),
    (Category::SiteForemanCivil, &["施工员土建", "施工员土建方向", "施工员土建施工"]),
    (Category::SiteForemanDecoration, &["施工员装饰装修", "施工员装饰", "装饰施工员", "施工员装饰方向"]),
    (Category::SiteForemanEquipment, &["施工员设备安装", "施工员安装", "安装施工员", "施工员设备"]),
    (Category::SiteForemanMunicipal, &["施工员市政", "施工员市政工程", "市政施工员", "施工员市政方向"]),
    (Category::QualityInspector, &["质检员", "质量检查员"]),
    (Category::QualityInspectorCivil, &["质量员土建", "质检员土建", "土建质检员", "质量员土建方向"]),
    (Category::QualityInspectorDecoration, &["质量员装饰装修", "质量员装饰", "装饰质量员", "质量员装饰方向"]),
    (Category::QualityInspectorEquipment, &["质量员设备安装", "质量员安装", "安装质量员", "质量员设备"]),
    (Category::QualityInspectorMunicipal, &["质量员市政", "质量员市政工程", "市政质量员", "质量员市政方向"]),
    (Category::SafetyOfficer, &["安全员岗位"]),
    (Category::MaterialsOfficer, &["材料员岗位"]),
    (Category::DocumentsOfficer, &["资料员岗位"]),
    (Category::MachineryOfficer, &["机械员岗位", "机械管理员"]),
    (Category::LabourOfficer, &["劳务员岗位", "劳资员"]),
    (Category::StandardsOfficer, &["标准员岗位"]),
];

#[cfg(test)]
mod tests;
