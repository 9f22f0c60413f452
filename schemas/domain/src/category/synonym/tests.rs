//! Every spelling of a category that occurs leads to it.

use super::*;
use crate::finding::FindingCode;
use std::collections::HashSet;

#[test]
fn no_synonym_stands_for_two_categories_of_a_kind() {
    for kind in Kind::ALL {
        let mut seen = HashSet::new();
        for (category, words) in SYNONYMS.iter().filter(|(category, _)| category.kind() == *kind) {
            assert!(seen.insert(key(category.zh())));
            for word in *words {
                assert!(seen.insert(key(word)), "{word}");
                assert_eq!(key(word), *word, "a synonym is written as its key");
            }
        }
    }
}

#[test]
fn synonyms_of_old_files_are_read_and_noted() {
    let table = [
        (Kind::SpecialOperation, "塔吊司机", Category::TowerCraneDriver),
        (Kind::SpecialOperation, "塔式起重机司机", Category::TowerCraneDriver),
        (Kind::SpecialOperation, "施工升降机司机", Category::HoistDriver),
        (Kind::SpecialOperation, "物料提升机司机", Category::MaterialHoistDriver),
        (Kind::SpecialOperation, "起重信号司索工", Category::RiggerSignaller),
        (Kind::SpecialOperation, "信号司索", Category::RiggerSignaller),
        (Kind::SpecialOperation, "电工", Category::Electrician),
        (Kind::SpecialOperation, "建筑架子工(普通脚手架)", Category::ScaffolderOrdinary),
        (Kind::Constructor, "市政", Category::MunicipalWorks),
        (Kind::Constructor, " 建 筑 ", Category::Building),
        (Kind::Constructor, "水利", Category::WaterConservancy),
        (Kind::SafetyPersonnel, "c1", Category::SafetyC1),
        (Kind::SafetyPersonnel, "Ｃ3类", Category::SafetyC3),
        (Kind::PostTraining, "施工员（土建）", Category::SiteForemanCivil),
    ];
    for (kind, text, category) in table {
        let (read, finding) = Category::read(kind, text).unwrap();
        assert_eq!(read, category, "{text}");
        assert_eq!(finding.map(|f| f.code), Some(FindingCode::CategorySynonym), "{text}");
    }
    let trade = "经省级以上住房和城乡建设主管部门认定的其他工种类别（桩机操作工）";
    assert_eq!(Category::read(Kind::SpecialOperation, trade), Ok((Category::OtherTrade, None)));
}

#[test]
fn what_is_in_no_list_is_held() {
    for (kind, text) in [
        (Kind::Constructor, "园林绿化"),
        (Kind::Constructor, ""),
        (Kind::SpecialOperation, "市政"),
        (Kind::Architect, "建筑"),
        (Kind::StructuralEngineer, "01"),
    ] {
        let unknown = Category::parse(kind, text).unwrap_err();
        assert_eq!(unknown.finding().code, FindingCode::CategoryUnknown, "{text}");
    }
}
