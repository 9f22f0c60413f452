//! Invented certificates of every kind, ordinary and extreme: for specimens, tests and measurements.

use domain::kind::Kind;
use domain::printed_field::PrintedField;
use time::OffsetDateTime;

use crate::{PrintedCertificate, PrintedValue};

/// The longest name: 25 characters (民委发〔2016〕33号 asks for as many), with the separator of minority names.
const LONG_NAME: &str = "阿卜杜热合曼·买买提依明·吐尔逊江·阿不都热依木江·阿";
/// An employer of 40 characters, by far longer than usual ones.
const LONG_EMPLOYER: &str = "陕西省样本建筑装饰安装机电市政园林绿化水利水电工程（集团）有限责任公司第一分公司西安";
const SPECIALTIES: [&str; 6] = ["建筑工程", "公路工程", "水利水电工程", "市政公用工程", "矿业工程", "机电工程"];

/// A certificate as most are.
#[must_use]
pub fn ordinary(kind: Kind) -> PrintedCertificate {
    let (number, employer, category) = match kind {
        Kind::Constructor => ("陕261181900001", "陕西样本建筑工程有限公司", ""),
        Kind::Architect => ("2006100762", "西安样本建筑设计研究院有限公司", ""),
        Kind::StructuralEngineer => ("S2182100484", "西安样本建筑设计研究院有限公司", ""),
        Kind::SafetyPersonnel => ("陕建安C2（2018）0000123", "陕西样本建筑工程有限公司", "C2 土建类专职安全生产管理人员"),
        Kind::SpecialOperation => ("陕A012018000001", "", "01 建筑电工"),
        Kind::PostTraining => ("611801010000123", "陕西样本建筑工程有限公司", "施工员（土建）"),
    };
    let specialties = ["建筑工程", "市政公用工程"].map(|specialty| format!("{specialty}（有效期至2021年11月04日）"));
    let values = [
        (PrintedField::HolderName, "王小明"),
        (PrintedField::Sex, "男"),
        (PrintedField::BirthDate, "1985年07月12日"),
        (PrintedField::IdNumber, "610000198507120014"),
        (PrintedField::Employer, employer),
        (PrintedField::Duty, "专职安全生产管理人员"),
        (PrintedField::Category, category),
        (PrintedField::FirstIssuedOn, "2018年11月05日"),
        (PrintedField::Validity, "2018年11月05日 至 2021年11月04日"),
    ];
    let mut values: Vec<_> = values.into_iter().filter(|(_, text)| !text.is_empty()).map(|(field, text)| one(field, text)).collect();
    values.push(PrintedValue { field: PrintedField::Specialties, lines: specialties.to_vec() });
    certificate(kind, number, "王小明", values)
}

/// A certificate whose every value is as long as it gets, with rare characters in it.
#[must_use]
pub fn extreme(kind: Kind) -> PrintedCertificate {
    let specialties = SPECIALTIES.map(|specialty| format!("{specialty}（有效期至2021年11月04日）"));
    let values = vec![
        one(PrintedField::HolderName, LONG_NAME),
        one(PrintedField::Sex, "女"),
        one(PrintedField::BirthDate, "1985年07月12日"),
        one(PrintedField::IdNumber, "台湾居民来往大陆通行证 0123456789（A）"),
        one(PrintedField::Employer, LONG_EMPLOYER),
        one(PrintedField::Duty, "分管安全生产的副总经理兼安全总监、技术负责人"),
        one(PrintedField::Category, "99 经省级以上住房和城乡建设主管部门认定的其他工种类别（𬍛㛃𠅤䶮﨑作业）"),
        PrintedValue { field: PrintedField::Specialties, lines: specialties.to_vec() },
        one(PrintedField::FirstIssuedOn, "2018年11月05日"),
        one(PrintedField::Validity, "2018年11月05日 至 2021年11月04日"),
    ];
    let mut page = certificate(kind, "陕建安C3（2018）0000123（换发）", LONG_NAME, values);
    page.version = 999;
    page.identifier = Some("1.2.156.3005.2.11100000000013338W011.11610000016000000X.0123456789ABCDEF0123456789ABCDEF.999.X".into());
    page.contact =
        "联系电话：029-00000000、029-00000001；地址：陕西省西安市样本区样本路100号样本大厦12层；网址：HTTPS://ZS.EXAMPLE.CN".into();
    page
}

/// A certificate whose holder's name needs every font of the default chain.
#[must_use]
pub fn of_every_font(kind: Kind) -> PrintedCertificate {
    let name = "王𠁁𠅤𪜀𬺰𰀀𱍐·﨑";
    let mut page = ordinary(kind);
    for value in page.values.iter_mut().filter(|value| value.field == PrintedField::HolderName) {
        value.lines = vec![name.to_owned()];
    }
    page.holder_name = name.to_owned();
    page
}

/// The specimens besides the ordinary one, by name.
#[must_use]
pub fn further(kind: Kind) -> [(&'static str, PrintedCertificate); 2] {
    [("extreme", extreme(kind)), ("every-font", of_every_font(kind))]
}

fn one(field: PrintedField, text: &str) -> PrintedValue {
    PrintedValue { field, lines: vec![text.to_owned()] }
}

fn certificate(kind: Kind, number: &str, holder: &str, mut values: Vec<PrintedValue>) -> PrintedCertificate {
    let printed = crate::printed_fields(kind).unwrap_or_default();
    values.retain(|value| printed.contains(&value.field));
    // A constructor's category is told by the specialties.
    values.retain(|value| kind != Kind::Constructor || value.field != PrintedField::Category);
    PrintedCertificate {
        kind,
        title: kind.title_zh().to_owned(),
        number: number.to_owned(),
        identifier: Some("1.2.156.3005.2.11100000000013338W011.11610000016000000X.20180000123.001.7".into()),
        version: 1,
        values,
        authority: kind.authority_zh().to_owned(),
        issued_on_text: "2018年11月05日".into(),
        contact: "联系电话：029-00000000".into(),
        signer_name: "陕西省住房和城乡建设厅综合服务中心".into(),
        signing_time: OffsetDateTime::from_unix_timestamp(1_541_381_400).unwrap_or(OffsetDateTime::UNIX_EPOCH),
        holder_name: holder.to_owned(),
        qr_text: format!("HTTPS://V.EXAMPLE.CN/V/{}", "ABCDEFGHJKMNPQRSTVWXYZ234567".repeat(10)),
    }
}
