//! Whose photo a file is, by its name: an identity number, whatever programs and people put around it.

use domain::characters::{half_width, is_spacing, tidy};
use domain::identity::{IdentityDocument, IdentityFault, IdentityKind};

mod numbers;

use numbers::Numbers;

const EXTENSIONS: &[&str] =
    &["jpg", "jpeg", "jpe", "jfif", "png", "bmp", "dib", "gif", "tif", "tiff", "webp", "heic", "heif", "hif", "avif", "jp2"];

/// Reads `610103198001011233.jpg` and its variations (case 50): full-width characters, 15 digits, extensions in capitals or twice, and a name or note
/// beside a number of 18 whose check character holds, also where blanks or hyphens part that number.
///
/// A number of 15 digits has no check character, so that nothing but the marks of a copy may stand beside it.
///
/// # Errors
/// When the name holds no identity number, or more than one.
pub fn identity_of_file_name(file_name: &str) -> Result<IdentityDocument, IdentityFault> {
    let name: String = file_name.chars().map(plain).collect();
    let stem = without_extensions(&name);
    let numbers = Numbers::in_text(stem);
    match IdentityDocument::parse(&tidy(stem)) {
        Ok((document, _)) if is_told_by_form(&document) && !numbers.differ_from(&document) => Ok(document),
        read => match (numbers.only(), read) {
            (Some(document), _) => Ok(document),
            (None, Err(fault)) => Err(fault),
            (None, Ok(_)) => Err(IdentityFault::Unrecognised),
        },
    }
}

/// Characters by the form that they have in names of files everywhere.
fn plain(character: char) -> char {
    match character {
        '．' | '。' | '｡' => '.',
        '－' | '‐'..='―' | '−' => '-',
        '＿' => '_',
        '（' => '(',
        '）' => ')',
        other if is_spacing(other) => ' ',
        other => half_width(other).unwrap_or(other),
    }
}

fn without_extensions(name: &str) -> &str {
    let around = [' ', '.'];
    let mut stem = name.trim_matches(around);
    while let Some((rest, extension)) = stem.rsplit_once('.')
        && EXTENSIONS.contains(&extension.trim().to_ascii_lowercase().as_str())
    {
        stem = rest.trim_end_matches(around);
    }
    // Of a file that has no other name, the extension is no name either.
    if EXTENSIONS.contains(&stem.to_ascii_lowercase().as_str()) { "" } else { stem }
}

/// A name such as 王军 beside digits has the form of an officer's card, which in truth says 字.
fn is_told_by_form(document: &IdentityDocument) -> bool {
    document.kind() != IdentityKind::Officer || document.number().contains('字')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_the_names_that_occur() {
        let table = [
            ("610103198001011233.jpg", Some("610103198001011233")),
            ("610103198001011233.JPG", Some("610103198001011233")),
            ("610103198001011233.JPG.jpg", Some("610103198001011233")),
            ("610103800101123.jpeg", Some("610103198001011233")),
            ("11010519491231002x.png", Some("11010519491231002X")),
            ("６１０１０３１９８００１０１１２３３．jpg", Some("610103198001011233")),
            (" 610103198001011233 .bmp", Some("610103198001011233")),
            ("610103198001011233", Some("610103198001011233")),
            ("张三_610103198001011233.jpg", Some("610103198001011233")),
            ("610103198001011233张三.jpg", Some("610103198001011233")),
            ("610103198001011233(1).jpg", Some("610103198001011233")),
            ("610103198001011233 (1).jpg", Some("610103198001011233")),
            ("610103198001011233_1.jpg", Some("610103198001011233")),
            ("610103198001011233 - 副本.jpg", Some("610103198001011233")),
            ("610103198001011233 - 副本 (2).JPG", Some("610103198001011233")),
            ("副本11010519491231002x.heic", Some("11010519491231002X")),
            ("11010519491231002x（1）.HEIF", Some("11010519491231002X")),
            ("11010519491231002Xiao.jpg", None),
            ("６１０１０３１９８００１０１１２３３．ＪＰＧ", Some("610103198001011233")),
            ("６１０１０３１９８００１０１１２３３。ｊｐｇ", Some("610103198001011233")),
            ("610103198001011233\u{3000}.jpg", Some("610103198001011233")),
            ("610103198001011233 . jpg", Some("610103198001011233")),
            ("610103198001011233..jpg.", Some("610103198001011233")),
            ("610103800101123..jpg", Some("610103198001011233")),
            ("610103800101123 .jpg", Some("610103198001011233")),
            ("610103800101123(1).jpg", Some("610103198001011233")),
            ("610103800101123 - 副本.jpg", Some("610103198001011233")),
            ("610103800101123_20240101.jpg", None),
            ("610103-19800101-1233.jpg", Some("610103198001011233")),
            ("张三 610103 19800101 1233.jpg", Some("610103198001011233")),
            ("6101 0319 8001 0112 33.jpg", Some("610103198001011233")),
            ("110105—19491231—002x.jpg", Some("11010519491231002X")),
            ("610103-19800101-1233-1.jpg", None),
            ("610103198001011233 1.jpg", Some("610103198001011233")),
            ("3 610103198001011233.jpg", Some("610103198001011233")),
            ("IMG610103198001011233.jpg", Some("610103198001011233")),
            ("610103198001011233李军.jpg", Some("610103198001011233")),
            ("610103800101123李军.jpg", None),
            ("李军13912345678.jpg", None),
            ("军字第1234567号.jpg", Some("军字第1234567号")),
            ("610103198001011233_610103198001011233.jpg", Some("610103198001011233")),
            ("610103198001011233_610103800101123.jpg", Some("610103198001011233")),
            ("610103198001011233_610103800101124.jpg", None),
            ("610103198001011233_610103198001011234.jpg", None),
            ("610103198001011233_11010519491231002X.jpg", None),
            ("610103800101123 610103800101124.jpg", None),
            ("H12345678(01).jpg", Some("H12345678")),
            ("610103198001011234.jpg", None),
            ("张三_610103800101123.jpg", None),
            ("张三.jpg", None),
            ("610103198001011233.txt.jpg.exe", Some("610103198001011233")),
            (".jpg", None),
            ("", None),
        ];
        for (name, number) in table {
            assert_eq!(identity_of_file_name(name).ok().as_ref().map(IdentityDocument::number), number, "{name}");
        }
    }

    #[test]
    fn a_card_of_a_foreigner_is_found_as_a_residents_is() {
        let body = "91156119900101123";
        let number = format!("{body}{}", domain::check_digit::gb11643(body).unwrap());
        for name in [format!("{number}.jpg"), format!("SMITH_{number}(1).png")] {
            let found = identity_of_file_name(&name).unwrap();
            assert_eq!((found.kind(), found.number()), (IdentityKind::ForeignPermanentResident, number.as_str()));
        }
    }
}
