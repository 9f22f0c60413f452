//! Numbers of identity cards within a longer text. One that is told from other digits beyond doubt counts; a second one, right or wrong, leaves doubt.

use std::collections::BTreeSet;

use domain::identity::{IdentityDocument, IdentityKind};

/// What systems and people add to the name of a copy, when blanks are gone.
const COPY_MARKS: &[&str] = &["副本", "复件", "copy"];

/// Digits that count copies; more are a date or another number.
const LONGEST_COPY_COUNT: usize = 2;

/// The numbers of identity cards in a text.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Numbers of 18 that pass their check.
    whole: BTreeSet<String>,
    /// Numbers of 15 digits, in their form of 18.
    short: BTreeSet<String>,
    /// A number of 18 that does not pass.
    has_damaged: bool,
    /// A number of 15 digits stands alone but for the marks of a copy.
    short_alone: bool,
}

impl Numbers {
    /// Looks for numbers in a stem of half-width characters.
    pub(super) fn in_text(stem: &str) -> Self {
        let mut numbers = Self::default();
        for run in runs(stem, |_| false) {
            numbers.take(&run);
        }
        // Parts of a number are put together where the numbers of the text give none by themselves.
        if numbers.whole.is_empty() && !numbers.has_damaged {
            for run in runs(stem, |character| matches!(character, ' ' | '-')) {
                if let Some(document) = card(&run).filter(|_| run.len() == 18) {
                    numbers.whole.insert(document.number().to_owned());
                }
            }
        }
        numbers.short_alone = card(&without_copy_marks(stem)).is_some_and(|document| numbers.short.contains(document.number()));
        numbers
    }

    fn take(&mut self, run: &str) {
        match (run.len(), card(run)) {
            (18, Some(document)) => _ = self.whole.insert(document.number().to_owned()),
            (18, None) => self.has_damaged = true,
            (15, Some(document)) => _ = self.short.insert(document.number().to_owned()),
            _ => {}
        }
    }

    /// Whether the text holds another number than the document's.
    pub(super) fn differ_from(&self, document: &IdentityDocument) -> bool {
        self.has_damaged || self.whole.iter().chain(&self.short).any(|number| number != document.number())
    }

    /// The one number of the text.
    pub(super) fn only(&self) -> Option<IdentityDocument> {
        let number = self.whole.first().or(self.short.first().filter(|_| self.short_alone))?;
        let document = card(number)?;
        (!self.differ_from(&document)).then_some(document)
    }
}

/// A card with a number of 18 characters, the last of which checks the others, or of 15 digits as residents had them.
fn card(number: &str) -> Option<IdentityDocument> {
    let (document, _) = IdentityDocument::parse(number).ok()?;
    matches!(document.kind(), IdentityKind::Resident | IdentityKind::ForeignPermanentResident).then_some(document)
}

/// The longest runs of digits, each with the X that ends it, and without what parts them. An X that begins a word belongs to the word.
fn runs(text: &str, parts: impl Fn(char) -> bool) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut runs = Vec::new();
    let mut run = String::new();
    for (at, &character) in characters.iter().enumerate() {
        if character.is_ascii_digit() {
            run.push(character);
            continue;
        }
        if run.len() == 17 && matches!(character, 'X' | 'x') && !characters.get(at + 1).is_some_and(char::is_ascii_alphanumeric) {
            run.push('X');
        }
        if !parts(character) {
            runs.push(std::mem::take(&mut run));
        }
    }
    runs.push(run);
    runs.retain(|run| !run.is_empty());
    runs
}

/// The text without ` - 副本`, `(1)`, `_1` and blanks.
fn without_copy_marks(stem: &str) -> String {
    let mut text: String = stem.chars().filter(|character| *character != ' ').collect::<String>().to_lowercase();
    loop {
        let before = text.len();
        for mark in COPY_MARKS {
            text = text.strip_prefix(mark).or(text.strip_suffix(mark)).unwrap_or(&text).to_owned();
        }
        text = text.trim_matches(['-', '_']).to_owned();
        let open = text.strip_suffix(')').unwrap_or(&text);
        let counted = open.trim_end_matches(|character: char| character.is_ascii_digit());
        if open.len() - counted.len() <= LONGEST_COPY_COUNT
            && let Some(rest) = counted.strip_suffix(['(', '_', '-'])
        {
            text.truncate(rest.len());
        }
        if text.len() == before {
            return text;
        }
    }
}
