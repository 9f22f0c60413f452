//! Row identifiers as types of their own, so that one kind of id can never stand for another.

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[cfg_attr(feature = "sql", derive(sqlx::Type), sqlx(transparent))]
            pub struct $name(
                /// The number as the database holds it.
                pub i64,
            );

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(f)
                }
            }

            impl std::str::FromStr for $name {
                type Err = std::num::ParseIntError;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    text.parse().map(Self)
                }
            }
        )+
    };
}

ids! {
    /// A person who holds certificates (持证人).
    PersonId,
    /// An employer (聘用企业).
    EmployerId,
    /// A certificate (证书), all its versions together.
    CertificateId,
    /// One delivery taken in as a whole (批次).
    BatchId,
    /// One file of a batch.
    FileId,
    /// One row of a file.
    RowId,
    /// One entry of the job ledger.
    JobId,
    /// A photograph (照片).
    PhotoId,
    /// A photo that a person has to decide about (人工审核).
    CaseId,
    /// An issue order (签发令).
    OrderId,
    /// A sealed document (电子证书文件).
    DocumentId,
    /// A lock (锁定).
    LockId,
    /// A member of the staff (工作人员).
    StaffId,
    /// A decision of the authority (行政决定).
    DecisionId,
    /// One entry of a certificate's history.
    EventId,
    /// One run of a sweep.
    SweepRunId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_print_and_read_as_plain_numbers() {
        assert_eq!(CertificateId(42).to_string(), "42");
        assert_eq!("42".parse(), Ok(CertificateId(42)));
        assert!("forty-two".parse::<BatchId>().is_err());
    }
}
