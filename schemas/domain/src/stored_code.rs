//! The pattern of every enum that the database keeps: a stable kebab-case code that reads back to exactly one variant.

/// A text that is none of the codes of an enum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {what}")]
pub struct UnknownCode {
    /// What was looked for, e.g. `Kind`.
    pub what: &'static str,
    /// The offending text.
    pub text: String,
}

/// Writes an enum whose variants carry stable codes, with `ALL`, `as_str`, `Display` and `FromStr`.
macro_rules! stored_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $code:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant ),+
        }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The stable code under which the value is stored and shown to programs.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $code ),+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::stored_code::UnknownCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $( $code => Ok(Self::$variant), )+
                    _ => Err($crate::stored_code::UnknownCode {
                        what: stringify!($name),
                        text: text.to_owned(),
                    }),
                }
            }
        }
    };
}

pub(crate) use stored_enum;

#[cfg(test)]
mod tests {
    use crate::business::BusinessState;
    use crate::decision::DecisionKind;
    use crate::finding::{FindingCode, Outcome};
    use crate::identity::IdentityKind;
    use crate::kind::Kind;
    use crate::status::{LegalStatus, LockCause, Stage};
    use crate::{category::Category, number::NumberGrammar};
    use std::collections::HashSet;

    macro_rules! codes_read_back {
        ($($name:ident),+) => {
            $(
                let mut seen = HashSet::new();
                for value in $name::ALL {
                    let code = value.as_str();
                    assert_eq!(code.parse::<$name>().as_ref(), Ok(value));
                    assert!(seen.insert(code), "{code} stands twice");
                    assert!(
                        code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                        "{code} is no kebab-case"
                    );
                }
            )+
        };
    }

    #[test]
    fn every_stored_code_is_unique_and_reads_back() {
        codes_read_back!(
            Kind,
            Category,
            NumberGrammar,
            IdentityKind,
            LegalStatus,
            Stage,
            LockCause,
            Outcome,
            FindingCode,
            DecisionKind,
            BusinessState
        );
    }

    #[test]
    fn an_unknown_code_names_the_offending_text() {
        let error = "engineer".parse::<Kind>().unwrap_err();
        assert_eq!(error.to_string(), "\"engineer\" is no Kind");
    }
}
