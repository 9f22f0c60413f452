//! The blocks of a PEM file (RFC 7468).

use anyhow::Context as _;

/// Label and content of every block; text between them is let pass.
///
/// # Errors
/// A block without an end or with content that is no base64.
pub(crate) fn blocks(text: &str) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    Ok(headed_blocks(text)?.into_iter().map(|(_, label, der)| (label, der)).collect())
}

/// As [`blocks`], each after the line before it, which is empty where it has none of its own.
///
/// # Errors
/// As of [`blocks`].
pub(crate) fn headed_blocks(text: &str) -> anyhow::Result<Vec<(String, String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("-----BEGIN ") {
        let heading = rest[..at].lines().last().unwrap_or_default().trim().to_owned();
        rest = &rest[at..];
        let end = rest.find("-----END ").context("a block has no end")?;
        let behind = rest[end..].find('\n').map_or(rest.len(), |line| end + line + 1);
        let (label, der) = der::pem::decode_vec(&rest.as_bytes()[..behind]).map_err(|error| anyhow::anyhow!("{error}"))?;
        found.push((heading, label.to_owned(), der));
        rest = &rest[behind..];
    }
    Ok(found)
}

/// The lines that belong to no block.
///
/// # Errors
/// A block without an end.
pub(crate) fn lines_between(text: &str) -> anyhow::Result<Vec<&str>> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("-----BEGIN ") {
        lines.extend(rest[..at].lines());
        let end = at + rest[at..].find("-----END ").context("a block has no end")?;
        rest = rest[end..].split_once('\n').map_or("", |(_, behind)| behind);
    }
    lines.extend(rest.lines());
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_read_and_text_between_them_let_pass() {
        let pem = |label, der: &[u8]| der::pem::encode_string(label, der::pem::LineEnding::LF, der).unwrap();
        let file = format!("authority\n{}the key of codes\n{}", pem("CERTIFICATE", &[1, 2, 3]), pem("PUBLIC KEY", &[4]).trim_end());
        let read = blocks(&file).unwrap();
        assert_eq!(read, [("CERTIFICATE".to_owned(), vec![1, 2, 3]), ("PUBLIC KEY".to_owned(), vec![4])]);
        let headings: Vec<String> = headed_blocks(&file).unwrap().into_iter().map(|(heading, ..)| heading).collect();
        assert_eq!(headings, ["authority", "the key of codes"]);
        assert_eq!(lines_between(&format!("{file}\nat the end")).unwrap(), ["authority", "the key of codes", "at the end"]);
        assert!(blocks("no PEM").unwrap().is_empty());
        assert!(blocks("-----BEGIN CERTIFICATE-----\nAAAA\n").is_err());
        assert!(blocks("-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n").is_err());
    }
}
