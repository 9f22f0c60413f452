//! Names (姓名) as they are printed. They are never Unicode-normalised: that would change rare characters.

mod fault;
mod reading;

pub use fault::NameFault;

use crate::finding::Finding;

/// The longest name, in characters (民委发〔2016〕33号: fields hold 25 ideographs).
pub const LONGEST: usize = 25;

/// The only separator of minority names: U+00B7.
pub const DOT: char = '·';

/// The name of a person, fit for print.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name column (cases 39 and 41 to 43). The findings are repairs and warnings.
    ///
    /// # Errors
    ///
    /// Whatever would have to be guessed is a fault, for a person to decide with the paper in hand.
    pub fn parse(text: &str) -> Result<(Self, Vec<Finding>), NameFault> {
        reading::read(text)
    }

    /// A name as the database holds it, or as staff accepted it.
    pub const fn from_stored(name: String) -> Self {
        Self(name)
    }

    /// The name as it stands on the certificate.
    pub fn as_printed(&self) -> &str {
        &self.0
    }

    /// The name for public pages: the first character, then one `*` for each other.
    pub fn masked(&self) -> String {
        self.0.chars().enumerate().map(|(i, c)| if i == 0 { c } else { '*' }).collect()
    }
}

impl std::fmt::Display for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_name_keeps_its_first_character_only() {
        let masked = |name: &str| PersonName::from_stored(name.to_owned()).masked();
        assert_eq!(masked("𬍛三丰"), "𬍛**");
        assert_eq!(masked(""), "");
    }
}
