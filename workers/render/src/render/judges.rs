//! What other programs say about a page: qpdf, pdftotext, pdftoppm with zbarimg, mutool. Where one of them is not
//! installed, its test says so and passes over.

use std::path::Path;
use std::process::{Command, Output};

use super::render;
use crate::PrintedCertificate;
use crate::specimen::{assets, certificate, field, portrait};

/// Runs a program in a folder; `None`, with a word on standard error, where it is not installed.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("passed over: {program} is not installed");
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

fn with_page(page: &PrintedCertificate, judge: impl FnOnce(&Path)) {
    let Some(assets) = assets() else { return };
    let folder = tempfile::tempdir().unwrap();
    let unsigned = render(page, &portrait(), &assets).unwrap();
    std::fs::write(folder.path().join("page.pdf"), unsigned.bytes).unwrap();
    judge(folder.path());
}

fn rare() -> PrintedCertificate {
    PrintedCertificate {
        fields: vec![
            field("姓名", "𬍛㛃𠅤䶮﨑·神𪜀𫝀𬺠"),
            field("性别", "男"),
            field("企业名称", "陕西样本建筑工程有限公司"),
            field("别名", "人⼈阿依古丽·买买提"),
        ],
        ..certificate()
    }
}

#[test]
fn qpdf_finds_nothing() {
    with_page(&rare(), |folder| {
        let Some(output) = run(folder, "qpdf", &["--check", "page.pdf"]) else {
            return;
        };
        assert!(output.status.success(), "{output:?}");
    });
}

#[test]
fn pdftotext_gives_every_value_back_in_the_order_of_reading() {
    let page = rare();
    with_page(&page, |folder| {
        let Some(output) = run(folder, "pdftotext", &["page.pdf", "-"]) else {
            return;
        };
        assert!(output.stderr.is_empty(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let mut rest = text.as_str();
        let number = format!("证书编号：{}", page.number);
        let mut expected = vec![page.title.as_str(), &number];
        for field in &page.fields {
            expected.extend([field.label.as_str(), field.value.as_str()]);
        }
        expected.extend([page.authority.as_str(), &page.issued_on_text]);
        expected.extend([page.verify_hint.as_str(), &page.contact]);
        for value in expected {
            let Some(at) = rest.find(value) else {
                panic!("{value} is not in its place in:\n{text}");
            };
            rest = &rest[at + value.len()..];
        }
    });
}

#[test]
fn mutool_draws_the_page_without_a_warning_about_the_file() {
    with_page(&rare(), |folder| {
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
    let page = certificate();
    with_page(&page, |folder| {
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
