//! Extreme values stay inside of their boxes, and the boxes apart.

use domain::kind::Kind;
use domain::printed_field::PrintedField;

use super::*;
use crate::Assets;
use crate::PrintedValue;
use crate::layout::fit::baseline_below;
use crate::layout::line_break::without_end_blanks;
use crate::specimen;
use crate::test_assets::{assets, certificate, value};
use crate::text::width_pt;

/// In points: what a reader with good eyes still reads on paper.
const SMALLEST_READABLE: f32 = 6.0;

/// Rounding of the layout's own sums, in millimetres.
const SLACK: f32 = 0.01;

fn overlap(a: BoxMm, b: BoxMm) -> bool {
    a.left + SLACK < b.right() && b.left + SLACK < a.right() && a.top + SLACK < b.bottom() && b.top + SLACK < a.bottom()
}

/// What a line covers: from the top of its letters to a quarter of an em below the baseline. Blanks at its end are not seen.
fn extent(line: &Line) -> BoxMm {
    let letters = without_end_blanks(&line.letters);
    let gaps = line.spacing * u16::try_from(letters.len().saturating_sub(1)).map(f32::from).unwrap();
    let top = PAGE_MM.1 - (line.baseline + baseline_below(line.size) - 0.1 * line.size) / POINTS_PER_MM;
    let bottom = PAGE_MM.1 - (line.baseline - 0.25 * line.size) / POINTS_PER_MM;
    BoxMm { left: line.x / POINTS_PER_MM, top, width: (width_pt(letters, line.size) + gaps) / POINTS_PER_MM, height: bottom - top }
}

fn blocks(assets: &Assets, certificate: &PrintedCertificate) -> Vec<Block> {
    let layout = &assets.template(certificate.kind).layout;
    page(&assets.chain, layout, certificate).unwrap().into_iter().flat_map(|element| element.blocks).collect()
}

fn check(assets: &Assets, certificate: &PrintedCertificate) {
    let kind = certificate.kind;
    let pictures = &assets.template(kind).layout.pictures;
    let blocks = blocks(assets, certificate);
    let inside = |inner: BoxMm, outer: BoxMm| {
        outer.left - SLACK <= inner.left
            && inner.right() <= outer.right() + SLACK
            && outer.top - SLACK <= inner.top
            && inner.bottom() <= outer.bottom() + SLACK
    };
    // Inside of the border's inner rule.
    let field = BoxMm { left: 22.0, top: 22.0, width: PAGE_MM.0 - 44.0, height: PAGE_MM.1 - 44.0 };
    let mut lines = Vec::new();
    for block in &blocks {
        assert!(inside(block.area, field), "{kind}: {} stands in the border: {:?}", block.name, block.area);
        for line in &block.lines {
            let extent = extent(line);
            assert!(inside(extent, block.area), "{kind}: {}: {extent:?} in {:?}", block.name, block.area);
            assert!(SMALLEST_READABLE <= line.size, "{kind}: {} stands at {} points", block.name, line.size);
            lines.push((&block.name, extent));
        }
        // The quiet zone of the smallest code is the widest: four of 57 modules (version 10).
        let quiet = pictures.qr.width * 4.0 / 57.0;
        let qr = BoxMm {
            left: pictures.qr.left - quiet,
            top: pictures.qr.top - quiet,
            width: pictures.qr.width + 2.0 * quiet,
            height: pictures.qr.height + 2.0 * quiet,
        };
        for picture in [pictures.portrait, qr] {
            assert!(!overlap(block.area, picture), "{kind}: {} covers a picture", block.name);
        }
    }
    assert!(!overlap(pictures.portrait, pictures.qr) && !overlap(pictures.seal, pictures.qr) && !overlap(pictures.seal, pictures.portrait));
    for (n, (name, line)) in lines.iter().enumerate() {
        for (other, second) in &lines[n + 1..] {
            assert!(!overlap(*line, *second), "{kind}: {name} covers {other}: {line:?} {second:?}");
        }
        // Letters under the seal's letters would be read by nobody.
        assert!(!overlap(*line, pictures.seal), "{kind}: the seal covers {name}");
    }
    for (n, block) in blocks.iter().enumerate() {
        for other in &blocks[n + 1..] {
            assert!(!overlap(block.area, other.area), "{kind}: {} and {}", block.name, other.name);
        }
    }
    let printed: String =
        blocks.iter().flat_map(|block| &block.lines).flat_map(|line| line.letters.iter().map(|letter| letter.character)).collect();
    for text in certificate.values.iter().flat_map(|value| &value.lines).chain([&certificate.number, &certificate.contact]) {
        assert!(printed.contains(text), "{kind}: {text} is printed whole");
    }
}

#[test]
fn every_kind_holds_ordinary_and_extreme_values_inside_of_their_boxes_and_apart() {
    let Some(assets) = assets() else { return };
    for kind in Kind::ALL {
        check(&assets, &specimen::ordinary(*kind));
        check(&assets, &specimen::extreme(*kind));
        let empty = PrintedCertificate { values: Vec::new(), identifier: None, ..specimen::ordinary(*kind) };
        check(&assets, &empty);
    }
}

#[test]
fn values_beyond_all_measure_stay_inside_of_their_boxes_and_apart() {
    let Some(assets) = assets() else { return };
    let long = "陕西省样本建筑装饰安装机电市政园林绿化水利水电工程（集团）有限责任公司第一分公司".repeat(2);
    for kind in Kind::ALL {
        for count in [1, 8, 16, 20] {
            let many = PrintedValue { field: PrintedField::HolderName, lines: vec!["一二三四五六七八九十".into(); count] };
            let page = PrintedCertificate { values: vec![many], ..specimen::ordinary(*kind) };
            check(&assets, &page);
        }
        let every: Vec<PrintedValue> =
            specimen::extreme(*kind).values.into_iter().map(|v| PrintedValue { lines: vec![long.clone()], ..v }).collect();
        check(&assets, &PrintedCertificate { values: every, ..specimen::ordinary(*kind) });
        check(
            &assets,
            &PrintedCertificate {
                title: "建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产考核合格证书".into(),
                authority: "陕西省住房和城乡建设厅注册建筑师与勘察设计注册工程师管理委员会办公室".into(),
                contact: "联系电话：029-00000000　".repeat(6),
                version: u16::MAX,
                ..specimen::ordinary(*kind)
            },
        );
    }
}

#[test]
fn what_could_only_be_printed_too_small_to_be_read_is_refused() {
    let Some(assets) = assets() else { return };
    for kind in Kind::ALL {
        // 40 rows have 5 to 8 points each.
        let many = PrintedValue { field: PrintedField::HolderName, lines: vec!["一二三四五六七八九十".into(); 40] };
        let page = PrintedCertificate { values: vec![many], ..specimen::ordinary(*kind) };
        assert_eq!(assets.fits(&page), Err(RenderError::does_not_fit("姓名")), "{kind}");
        let page = PrintedCertificate { number: "陕建安C3（2018）0000123".repeat(7), ..specimen::ordinary(*kind) };
        assert_eq!(assets.fits(&page), Err(RenderError::does_not_fit("number")), "{kind}");
    }
}

#[test]
fn a_value_that_fits_by_no_rule_is_refused_by_its_label() {
    let Some(assets) = assets() else { return };
    let long = "陕".repeat(5_000);
    let values = vec![value(PrintedField::HolderName, "王"), value(PrintedField::Employer, &long)];
    for (certificate, named) in [
        (PrintedCertificate { values, ..certificate() }, "企业名称"),
        (PrintedCertificate { title: long.clone(), ..certificate() }, "title"),
        (PrintedCertificate { number: long.clone(), ..certificate() }, "number"),
        (PrintedCertificate { contact: long.clone(), ..certificate() }, "contact"),
    ] {
        let layout = &assets.template(certificate.kind).layout;
        assert_eq!(page(&assets.chain, layout, &certificate).unwrap_err(), RenderError::does_not_fit(named));
    }
}

#[test]
fn a_fact_that_the_template_does_not_print_is_refused_and_never_left_out() {
    let Some(assets) = assets() else { return };
    let employed = PrintedCertificate {
        values: vec![value(PrintedField::Employer, "陕西样本建筑工程有限公司")],
        ..specimen::ordinary(Kind::SpecialOperation)
    };
    let layout = &assets.template(employed.kind).layout;
    assert_eq!(page(&assets.chain, layout, &employed).unwrap_err(), RenderError::NoPlace { field: "employer" });
}

#[test]
fn short_values_stand_at_full_size_on_one_baseline_with_their_labels() {
    let Some(assets) = assets() else { return };
    let certificate = certificate();
    let layout = &assets.template(certificate.kind).layout;
    let blocks = blocks(&assets, &certificate);
    for value in &certificate.values {
        let label = &layout.fields.rows.iter().find(|row| row.field == value.field).unwrap().label;
        let lines: Vec<&Line> = blocks.iter().filter(|block| block.name == *label).flat_map(|block| &block.lines).collect();
        let [label, value] = lines.as_slice() else {
            panic!("{label} has {} lines", lines.len());
        };
        assert_eq!(label.baseline, value.baseline);
        assert_eq!(value.size, layout.fields.largest);
    }
}

/// Latin names of one long word or of several, with and without marks.
const LATIN_NAMES: [&str; 6] = [
    "RADHAKRISHNAMURTHY",
    "VENKATANARASIMHARAJUVARIPETA RADHAKRISHNAMURTHY SUBRAMANIAN",
    "MARIA DEL CARMEN FERNANDEZ-VILLAVICENCIO Y RODRIGUEZ DE LA FUENTE",
    "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff",
    "ABDULRAHMANOV MUHAMMADJON UMARJONOVICH",
    "THIRUVENKATACHARI RAJAGOPALACHARIAR 拉贾戈帕拉查里",
];

#[test]
fn latin_words_are_never_cut_while_a_smaller_size_holds_them_whole() {
    let Some(assets) = assets() else { return };
    for kind in Kind::ALL {
        for name in LATIN_NAMES {
            let values = vec![value(PrintedField::HolderName, name), value(PrintedField::Validity, name)];
            let page = PrintedCertificate { title: name.into(), values, ..specimen::ordinary(*kind) };
            check(&assets, &page);
            for block in blocks(&assets, &page) {
                for lines in block.lines.windows(2) {
                    let (last, first) = (lines[0].letters.last().unwrap().character, lines[1].letters[0].character);
                    let latin = |character: char| character.is_alphabetic() && character < '\u{3000}';
                    assert!(!(latin(last) && latin(first)), "{kind}: {name} is cut between {last} and {first}");
                }
            }
        }
    }
}
