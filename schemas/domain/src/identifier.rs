//! Certificate identifiers (电子证照标识, GB/T 36904): `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.

use crate::check_digit::{gb32100_holds, mod37_36_of};

/// Root of all certificate identifiers.
pub const ROOT: &str = "1.2.156.3005.2";

/// Why a text is no identifier, or why none can be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Not of six parts under the root.
    #[error("{0:?} is not of the form of a certificate identifier")]
    Form(String),
    /// The type code is not a unified code and three more characters.
    #[error("{0:?} is no type code")]
    TypeCode(String),
    /// The issuer's code is no unified code with a right check character.
    #[error("{0:?} is no issuer's code")]
    IssuerCode(String),
    /// The serial is empty, too long or holds other characters than digits and upper-case letters.
    #[error("{0:?} is no serial")]
    Serial(String),
    /// Versions run from 001 to 999.
    #[error("{0} is no version")]
    Version(u16),
    /// The check character is wrong.
    #[error("{text:?} should end in {expected}")]
    Check {
        /// The offending text.
        text: String,
        /// The right check character.
        expected: char,
    },
}

/// A certificate identifier with a right check character.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CertificateIdentifier(String);

impl CertificateIdentifier {
    /// Builds the identifier of one version of a certificate. Number and serial stay, the version counts up.
    ///
    /// # Errors
    ///
    /// Names the part that is not of its form.
    pub fn build(type_code: &str, issuer_code: &str, serial: &str, version: u16) -> Result<Self, IdentifierError> {
        let of_the_form = type_code.is_ascii() && type_code.len() == 21 && is_plain(type_code);
        if !of_the_form || !gb32100_holds(&type_code[..18]) {
            return Err(IdentifierError::TypeCode(type_code.to_owned()));
        }
        if !gb32100_holds(issuer_code) {
            return Err(IdentifierError::IssuerCode(issuer_code.to_owned()));
        }
        if !is_plain(serial) || serial.len() > 32 {
            return Err(IdentifierError::Serial(serial.to_owned()));
        }
        if !(1..=999).contains(&version) {
            return Err(IdentifierError::Version(version));
        }
        let body = format!("{type_code}.{issuer_code}.{serial}.{version:03}");
        let check = check_of(&body).ok_or_else(|| IdentifierError::Form(body.clone()))?;
        Ok(Self(format!("{ROOT}.{body}.{check}")))
    }

    /// Reads an identifier, also one whose issuer is written as an area code, and checks it.
    ///
    /// # Errors
    ///
    /// The form or the check character is wrong.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let form = || IdentifierError::Form(text.to_owned());
        let rest = text.strip_prefix(ROOT).and_then(|rest| rest.strip_prefix('.')).ok_or_else(form)?;
        let (body, check) = rest.rsplit_once('.').ok_or_else(form)?;
        let parts: Vec<&str> = body.split('.').collect();
        let [type_code, issuer, serial, version] = parts.as_slice() else {
            return Err(form());
        };
        let version_holds = version.len() == 3 && version.bytes().all(|b| b.is_ascii_digit());
        if type_code.len() != 21 || !version_holds || ![*type_code, *issuer, *serial].into_iter().all(is_plain) {
            return Err(form());
        }
        let expected = check_of(body).ok_or_else(form)?;
        if check.len() != 1 || !check.starts_with(expected) {
            return Err(IdentifierError::Check { text: text.to_owned(), expected });
        }
        Ok(Self(text.to_owned()))
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CertificateIdentifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The check covers the four middle parts without their dots.
fn check_of(body: &str) -> Option<char> {
    mod37_36_of(body.bytes().filter(|b| *b != b'.'))
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use proptest::prelude::*;

    #[test]
    fn published_identifiers_are_rebuilt() {
        let type_code = Kind::SafetyPersonnel.type_code().unwrap();
        let table = [
            ("11430000006122244L", "20230000403", 1, 'U'),
            ("11430000006122244L", "20230000403", 2, 'S'),
            ("11110000000021135M", "20230329701", 3, 'Y'),
        ];
        for (issuer, serial, version, check) in table {
            let built = CertificateIdentifier::build(type_code, issuer, serial, version).unwrap();
            assert_eq!(built.as_str(), format!("1.2.156.3005.2.{type_code}.{issuer}.{serial}.{version:03}.{check}"));
            assert_eq!(CertificateIdentifier::parse(built.as_str()), Ok(built));
        }
        let by_area = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9";
        assert!(CertificateIdentifier::parse(by_area).is_ok());
    }

    #[test]
    fn a_wrong_part_is_named() {
        use IdentifierError as E;
        let kind = "11100000000013338W011";
        let issuer = "11430000006122244L";
        let build = CertificateIdentifier::build;
        assert!(matches!(build("W011", issuer, "1", 1), Err(E::TypeCode(_))));
        assert!(matches!(build(kind, "340100", "1", 1), Err(E::IssuerCode(_))));
        assert!(matches!(build(kind, issuer, "abc", 1), Err(E::Serial(_))));
        assert!(matches!(build(kind, issuer, "", 1), Err(E::Serial(_))));
        assert_eq!(build(kind, issuer, "1", 0), Err(E::Version(0)));
        assert_eq!(build(kind, issuer, "1", 1000), Err(E::Version(1000)));
        let swagger = "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M";
        assert!(matches!(CertificateIdentifier::parse(swagger), Err(E::Check { expected: 'D', .. })));
        for text in ["", "1.2.156.3005.2", "1.2.156.3005.2.a.b.c.001.U", "1.2.3.4.5"] {
            assert!(matches!(CertificateIdentifier::parse(text), Err(E::Form(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn built_identifiers_read_back(serial in "[0-9A-Z]{1,32}", version in 1_u16..1000) {
            let built = CertificateIdentifier::build("11100000000013338W001", "11430000006122244L", &serial, version).unwrap();
            prop_assert_eq!(CertificateIdentifier::parse(built.as_str()), Ok(built));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(1\\.2\\.156\\.3005\\.2\\.)?[0-9A-Z.é]{0,60}") {
            if let Ok(read) = CertificateIdentifier::parse(&text) {
                prop_assert_eq!(read.as_str(), text);
            }
        }
    }
}
