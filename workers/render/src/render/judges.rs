//! What other programs say about a page: qpdf, pdftotext, pdftoppm with zbarimg, mutool. Where one of them is not
//! installed, its test says so and passes over, but not where `CI` is set.

use std::path::Path;
use std::process::{Command, Output};

use domain::kind::Kind;
use domain::printed_field::PrintedField;

use super::render;
use crate::test_assets::{assets, certificate, passed_over, portrait, value};
use crate::{Assets, PrintedCertificate, specimen};

/// Runs a program in a folder; `None` where it is not installed ([`passed_over`]).
fn run(folder: &Path, program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            passed_over(&format!("{program} is not installed"));
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// Ordinary and extreme certificates of every kind, and one with a rare name of many fonts.
fn pages() -> Vec<PrintedCertificate> {
    let mut pages: Vec<_> = Kind::ALL.iter().flat_map(|kind| [specimen::ordinary(*kind), specimen::extreme(*kind)]).collect();
    let names = ["𬍛㛃𠅤䶮﨑·神𪜀𫝀𬺠", "人⼈阿依古丽·买买提", "𬺰𮯠𰀀𱍊𱍐𲎯"];
    pages.extend(names.map(|name| PrintedCertificate {
        values: vec![value(PrintedField::HolderName, name), value(PrintedField::Employer, "陕西样本建筑工程有限公司")],
        ..certificate()
    }));
    pages
}

/// Gives each page that the installed fonts can show to a judge, in a folder where it lies as `page.pdf`.
fn with_pages(mut judge: impl FnMut(&Path, &PrintedCertificate, &Assets)) {
    let Some(assets) = assets() else { return };
    let folder = tempfile::tempdir().unwrap();
    for page in pages() {
        if page.values.iter().flat_map(|value| &value.lines).any(|line| !assets.missing_characters(line).is_empty()) {
            assert!(assets.chain.fonts.len() < 4, "a font is missing only where it is not installed");
            passed_over("fonts-babelstone-han is not installed");
            continue;
        }
        let unsigned = render(&page, &portrait(), &assets).unwrap();
        std::fs::write(folder.path().join("page.pdf"), unsigned.bytes).unwrap();
        judge(folder.path(), &page, &assets);
    }
}

#[test]
fn qpdf_finds_nothing() {
    with_pages(|folder, page, _| {
        let Some(output) = run(folder, "qpdf", &["--check", "page.pdf"]) else {
            return;
        };
        assert!(output.status.success() && output.stderr.is_empty(), "{}: {output:?}", page.kind);
    });
}

#[test]
fn pdftotext_gives_every_value_back_whole_and_in_the_order_of_reading() {
    with_pages(|folder, page, assets| {
        let text = |arguments: &[&str]| {
            let output = run(folder, "pdftotext", arguments)?;
            assert!(output.stderr.is_empty(), "{output:?}");
            Some(String::from_utf8(output.stdout).unwrap())
        };
        // By its place on the page, and in the order of the file, which is the order of reading.
        let (Some(placed), Some(in_order)) = (text(&["page.pdf", "-"]), text(&["-raw", "page.pdf", "-"])) else {
            return;
        };
        let layout = &assets.template(page.kind).layout;
        let mut expected = vec![page.title.clone(), format!("{}{}", layout.number.before, page.number)];
        for row in &layout.fields.rows {
            for value in page.values.iter().filter(|value| value.field == row.field) {
                expected.push(row.label.clone());
                expected.extend(value.lines.iter().cloned());
            }
        }
        expected.push(format!("{}{}", layout.authority.before, page.authority));
        expected.push(format!("{}{}", layout.issued_on.before, page.issued_on_text));
        expected.push(layout.qr_caption.before.clone());
        expected.extend(page.identifier.iter().map(|identifier| format!("{}{identifier}", layout.identifier.before)));
        expected.extend([layout.verify_hint.before.clone(), page.contact.clone()]);
        let mut rest = in_order.as_str();
        for value in expected {
            assert!(placed.contains(&value), "{}: {value} is not in:\n{placed}", page.kind);
            let Some(at) = rest.find(&value) else {
                panic!("{}: {value} is not in its place in:\n{in_order}", page.kind);
            };
            rest = &rest[at + value.len()..];
        }
    });
}

#[test]
fn mutool_and_pdftoppm_draw_the_pages_without_a_word() {
    with_pages(|folder, page, _| {
        if let Some(output) = run(folder, "pdftoppm", &["-r", "50", "-png", "-singlefile", "page.pdf", "page"]) {
            assert!(output.status.success() && output.stderr.is_empty(), "{}: {output:?}", page.kind);
        }
        let Some(output) = run(folder, "mutool", &["draw", "-o", "page.png", "page.pdf"]) else {
            return;
        };
        assert!(output.status.success(), "{output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        let complaints: Vec<&str> = said
            .lines()
            .filter(|line| line.contains("error") || line.contains("warning"))
            // A build of mutool without colour management says so for every file.
            .filter(|line| !line.contains("ICC support is not available"))
            .collect();
        assert_eq!(complaints, Vec::<&str>::new());
    });
}

#[test]
fn zbarimg_reads_the_code_from_a_picture_of_150_dpi() {
    with_pages(|folder, page, _| {
        let picture = ["-r", "150", "-png", "-singlefile", "page.pdf", "page"];
        let Some(drawn) = run(folder, "pdftoppm", &picture) else {
            return;
        };
        assert!(drawn.status.success() && drawn.stderr.is_empty(), "{drawn:?}");
        let read = ["-q", "--raw", "-Sdisable", "-Sqrcode.enable", "page.png"];
        let Some(output) = run(folder, "zbarimg", &read) else {
            return;
        };
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), page.qr_text);
    });
}
