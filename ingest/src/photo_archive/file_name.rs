//! Whose photo a file is, by its name: an identity number, whatever programs and people put around it.

use domain::characters;
use domain::identity::{IdentityDocument, IdentityFault, IdentityKind};

const EXTENSIONS: &[&str] = &["jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "tif", "tiff", "webp"];

/// Reads `610103198001011233.jpg` and its variations (case 50): full-width characters, 15 digits, extensions in capitals or twice, and a name or note
/// beside a resident number whose check character holds.
///
/// # Errors
/// When the name holds no identity number, or more than one.
pub fn identity_of_file_name(file_name: &str) -> Result<IdentityDocument, IdentityFault> {
    let tidy = characters::tidy(file_name).replace('．', ".");
    let stem = without_extensions(&tidy);
    let fault = match IdentityDocument::parse(stem) {
        Ok((document, _)) => return Ok(document),
        Err(fault) => fault,
    };
    let mut numbers = stem.split(|character: char| !character.is_ascii_alphanumeric()).flat_map(resident_number_in);
    match (numbers.next(), numbers.next()) {
        (Some(document), None) => Ok(document),
        _ => Err(fault),
    }
}

fn without_extensions(name: &str) -> &str {
    let mut stem = name;
    while let Some((rest, extension)) = stem.rsplit_once('.')
        && EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
    {
        stem = rest;
    }
    stem
}

/// Only a number of 18 that passes its check is told from other digits beyond doubt.
fn resident_number_in(part: &str) -> Option<IdentityDocument> {
    if part.len() != 18 {
        return None;
    }
    let (document, _) = IdentityDocument::parse(part).ok()?;
    (document.kind() == IdentityKind::Resident).then_some(document)
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
            ("610103198001011233_11010519491231002X.jpg", None),
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
}
