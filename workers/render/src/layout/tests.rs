//! Extreme values stay inside of their boxes, and the boxes apart.

use super::*;
use crate::Assets;
use crate::layout::fit::baseline_below;
use crate::specimen::{assets, certificate, field};
use crate::text::width_pt;

/// Rounding of the layout's own sums, in millimetres.
const SLACK: f32 = 0.01;

fn overlap(a: BoxMm, b: BoxMm) -> bool {
    a.left + SLACK < b.right() && b.left + SLACK < a.right() && a.top + SLACK < b.bottom() && b.top + SLACK < a.bottom()
}

/// What a line covers: from the top of its letters to a quarter of an em below the baseline.
fn extent(line: &Line) -> BoxMm {
    let gaps = line.spacing * u16::try_from(line.letters.len() - 1).map(f32::from).unwrap();
    let top = PAGE_MM.1 - (line.baseline + baseline_below(line.size) - 0.1 * line.size) / POINTS_PER_MM;
    let bottom = PAGE_MM.1 - (line.baseline - 0.25 * line.size) / POINTS_PER_MM;
    BoxMm { left: line.x / POINTS_PER_MM, top, width: (width_pt(&line.letters, line.size) + gaps) / POINTS_PER_MM, height: bottom - top }
}

fn check(assets: &Assets, certificate: &PrintedCertificate) {
    let blocks = page(&assets.chain, certificate).unwrap();
    let inside = |inner: BoxMm, outer: BoxMm| {
        outer.left - SLACK <= inner.left
            && inner.right() <= outer.right() + SLACK
            && outer.top - SLACK <= inner.top
            && inner.bottom() <= outer.bottom() + SLACK
    };
    let mut lines = Vec::new();
    for block in &blocks {
        for line in &block.lines {
            let extent = extent(line);
            assert!(inside(extent, block.area), "{}: {extent:?} in {:?}", block.name, block.area);
            lines.push((&block.name, extent));
        }
        for picture in [PORTRAIT, QR] {
            assert!(!overlap(block.area, picture), "{} covers a picture", block.name);
        }
    }
    for (n, (name, line)) in lines.iter().enumerate() {
        for (other, second) in &lines[n + 1..] {
            assert!(!overlap(*line, *second), "{name} covers {other}: {line:?} {second:?}");
        }
    }
    for (n, block) in blocks.iter().enumerate() {
        for other in &blocks[n + 1..] {
            assert!(!overlap(block.area, other.area), "{} and {}", block.name, other.name);
        }
    }
    let printed: String =
        blocks.iter().flat_map(|block| &block.lines).flat_map(|line| line.letters.iter().map(|letter| letter.character)).collect();
    for field in &certificate.fields {
        assert!(printed.contains(&field.value), "{} is printed whole", field.label);
    }
}

#[test]
fn extreme_values_stay_inside_of_their_boxes_and_apart() {
    let Some(assets) = assets() else { return };
    let employer = "陕西省样本建筑装饰安装机电市政园林绿化水利水电工程（集团）有限责任公司第一分公司";
    let name = "阿卜杜热合曼·买买提依明·吐尔逊江·阿不都热依木江";
    let specialties = ["建筑工程", "公路工程", "水利水电工程", "市政公用工程", "矿业工程", "机电工程"];
    let validity = "有效期：2018年11月05日至2021年11月04日";
    let many = |count: usize| (0..count).map(|n| field(&format!("第{n}项说明"), "一二三四五六七八九十")).collect();
    let cases: Vec<Vec<PrintedFieldPair>> = vec![
        vec![("姓名", name), ("企业名称", employer), ("性别", "男")],
        vec![("企业名称", employer); 8],
        specialties.iter().map(|s| (*s, validity)).chain([("姓名", name), ("聘用企业", employer)]).collect(),
        vec![("一个很长很长的标签说明文字", "短"), ("统一社会信用代码", "91610000MA6TXXXX0X")],
        vec![("姓名", "")],
        vec![],
    ];
    for pairs in cases {
        let fields = pairs.iter().map(|(label, value)| field(label, value)).collect();
        check(&assets, &PrintedCertificate { fields, ..certificate() });
    }
    for count in [1, 12, 24, 36] {
        check(&assets, &PrintedCertificate { fields: many(count), ..certificate() });
    }
    check(
        &assets,
        &PrintedCertificate {
            title: "建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产考核合格证书".into(),
            authority: "陕西省住房和城乡建设厅注册建筑师与勘察设计注册工程师管理委员会办公室".into(),
            contact: "联系电话：029-00000000　".repeat(6),
            verify_hint: "请扫描二维码核验本证书；".repeat(8),
            identifier: None,
            version: u16::MAX,
            ..certificate()
        },
    );
}

type PrintedFieldPair = (&'static str, &'static str);

#[test]
fn a_value_that_fits_by_no_rule_is_refused_by_its_label() {
    let Some(assets) = assets() else { return };
    let long = "陕".repeat(5_000);
    for (certificate, named) in [
        (PrintedCertificate { fields: vec![field("姓名", "王"), field("企业名称", &long)], ..certificate() }, "企业名称"),
        (PrintedCertificate { title: long.clone(), ..certificate() }, "title"),
        (PrintedCertificate { number: long.clone(), ..certificate() }, "number"),
        (PrintedCertificate { contact: long.clone(), ..certificate() }, "contact"),
    ] {
        assert_eq!(page(&assets.chain, &certificate).unwrap_err(), RenderError::does_not_fit(named));
    }
}

#[test]
fn short_values_stand_at_full_size_on_one_baseline_with_their_labels() {
    let Some(assets) = assets() else { return };
    let blocks = page(&assets.chain, &certificate()).unwrap();
    for field in certificate().fields {
        let lines: Vec<&Line> = blocks.iter().filter(|block| block.name == field.label).flat_map(|block| &block.lines).collect();
        let [label, value] = lines.as_slice() else {
            panic!("{} has {} lines", field.label, lines.len());
        };
        assert_eq!(label.baseline, value.baseline, "{}", field.label);
        assert_eq!(value.size, 14.0, "{}", field.label);
    }
}
