//! One record as it stood in the file: its fields, its line, and what was wrong with its form.

/// What is wrong with the form of a record; its fields are then what could be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordFault {
    /// A quotation mark opens a field and nothing closes it: only the first line counts as the record.
    UnbalancedQuote,
    /// More bytes than a record may have; the fields are cut.
    TooLong,
    /// More fields than a record may have; the others are left out.
    TooManyFields,
}

/// One record: fields in order, without quotation marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    pub(super) line: u64,
    pub(super) text: String,
    pub(super) ends: Vec<usize>,
    pub(super) fault: Option<RecordFault>,
}

impl Record {
    /// A record of these fields, for callers that have no file.
    #[must_use]
    pub fn of<'a>(line: u64, fields: impl IntoIterator<Item = &'a str>) -> Self {
        let mut record = Self { line, ..Self::default() };
        for field in fields {
            record.text.push_str(field);
            record.ends.push(record.text.len());
        }
        record
    }

    /// The same record, of the same line and with the same fault, but with other fields.
    #[must_use]
    pub fn with_fields<'a>(&self, fields: impl IntoIterator<Item = &'a str>) -> Self {
        Self { fault: self.fault, ..Self::of(self.line, fields) }
    }

    /// The physical line on which the record begins, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// What is wrong with the form, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<RecordFault> {
        self.fault
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no field at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The field at `index`, counted from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before).copied()).unwrap_or(0);
        self.text.get(start..end)
    }

    /// The fields in order.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.ends.len()).map(|index| self.get(index).unwrap_or_default())
    }

    /// Whether no field holds more than white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether a byte of the record could not be decoded, or was zero.
    #[must_use]
    pub fn has_unreadable_characters(&self) -> bool {
        self.text.contains('\u{FFFD}')
    }
}
