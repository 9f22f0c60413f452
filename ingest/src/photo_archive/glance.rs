//! What the first bytes of an entry tell: whether it can be a photo at all.

use domain::finding::{Finding, FindingCode};

use super::PhotoEntry;

impl PhotoEntry {
    /// The entry with a finding more where its content cannot be a photo, whatever it is called. Nothing is decoded.
    #[must_use]
    pub fn glanced_at(mut self) -> Self {
        if self.bytes.is_empty() {
            return self;
        }
        if let Err(refusal) = portrait::glance(&self.bytes, &portrait::Limits::default()) {
            let code = refusal.code().parse().unwrap_or(FindingCode::PhotoUnreadable);
            self.findings.insert(0, Finding::about(code, self.path_in_archive.as_str()));
            // Nobody will look at it: neither the automatic checks nor a reviewer.
            self.bytes = Vec::new();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::{Content, entry};

    #[test]
    fn what_cannot_be_a_photo_is_told_by_its_content() {
        let png = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\x27\0\0\x01\x9D\x08\x02\0\0\0";
        let huge = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\xFF\xFF\0\0\xFF\xFF\x08\x02\0\0\0";
        let table: [(&[u8], &str); 6] = [
            (png, ""),
            (huge, "photo-too-many-pixels"),
            ("照片见附件".as_bytes(), "photo-not-a-picture"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "photo-unsupported-format"),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "photo-unreadable"),
            (b"%PDF-1.4", "photo-not-a-picture"),
        ];
        for (bytes, code) in table {
            let entry = entry(0, "610103198001011233.jpg", Content::Bytes(bytes.to_vec())).glanced_at();
            let codes: Vec<&str> = entry.findings.iter().map(|finding| finding.code.as_str()).collect();
            assert_eq!(codes.join("+"), code);
        }
    }
}
