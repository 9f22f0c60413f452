//! What a column of a delivered register can mean. The titles under which each occurs stand in `schemas/intake/columns.toml`.

/// Writes the enum with its codes from one list.
macro_rules! columns {
    ($( $(#[$meta:meta])* $variant:ident = $code:literal, )+) => {
        /// The meaning of a column.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column {
            $( $(#[$meta])* $variant, )+
        }

        impl Column {
            /// Every column, in the order of declaration.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The code under which the dictionary and profiles name the column.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $code ),+ }
            }
        }

        impl std::str::FromStr for Column {
            type Err = UnknownColumn;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $( $code => Ok(Self::$variant), )+
                    _ => Err(UnknownColumn { code: code.to_owned() }),
                }
            }
        }
    };
}

columns! {
    /// Running number of the list (序号), of no meaning outside it.
    Sequence = "sequence",
    /// Name of the holder (姓名).
    Name = "name",
    /// Sex (性别).
    Sex = "sex",
    /// Date of birth (出生日期).
    BirthDate = "birth-date",
    /// Ethnicity (民族), kept as delivered only.
    Ethnicity = "ethnicity",
    /// Number of the identity document (身份证号码).
    Identity = "identity",
    /// Sort of identity document (证件类型).
    IdentityKind = "identity-kind",
    /// Name of the employer (企业名称).
    Employer = "employer",
    /// Unified social credit code of the employer (统一社会信用代码) or an older code.
    EmployerCode = "employer-code",
    /// Duty in the firm (职务).
    Duty = "duty",
    /// Category, trade or specialty (类别、工种、专业).
    Category = "category",
    /// Number of the certificate (证书编号).
    Number = "number",
    /// Number of the qualification behind the registration (资格证书管理号), another number than the certificate's.
    QualificationNumber = "qualification-number",
    /// Day of the first issue (初次领证日期).
    FirstIssuedOn = "first-issued-on",
    /// Day of issue (发证日期).
    IssuedOn = "issued-on",
    /// First day of the period (有效期起).
    ValidFrom = "valid-from",
    /// Last day of the period, that day included (有效期至).
    ValidUntil = "valid-until",
    /// The period in one cell (有效期): from and until, or until alone.
    Validity = "validity",
    /// State word (证书状态).
    State = "state",
    /// Telephone (手机号).
    Phone = "phone",
    /// Remark (备注).
    Remark = "remark",
    /// Professional title (职称).
    Title = "title",
    /// Education (文化程度).
    Education = "education",
    /// Major of study (所学专业).
    Major = "major",
    /// Issuing authority (发证机关).
    Authority = "authority",
    /// File name of the photo (照片).
    PhotoFile = "photo-file",
    /// Number of a decision (决定文号).
    DecisionNumber = "decision-number",
    /// Kind of a decision (决定类型).
    DecisionKind = "decision-kind",
    /// Day of a decision (决定日期).
    DecidedOn = "decided-on",
    /// First day of a decision's effect (生效日期).
    EffectiveOn = "effective-on",
    /// First day of the period that a decision gives (新有效期起).
    NewValidFrom = "new-valid-from",
    /// Last day of the period that a decision gives (新有效期止).
    NewValidUntil = "new-valid-until",
    /// The employer that a decision enters (新企业).
    NewEmployer = "new-employer",
    /// Code of that employer (新企业统一社会信用代码).
    NewEmployerCode = "new-employer-code",
    /// The duty that a decision enters (新职务).
    NewDuty = "new-duty",
    /// Reason of a decision (决定事由).
    Reason = "reason",
    /// Number of an application (申请编号).
    ApplicationNumber = "application-number",
    /// Day of an application (申请日期).
    AppliedOn = "applied-on",
    /// Where an application was filed (申请渠道).
    Channel = "channel",
    /// Cause of a lock (违规原因).
    Cause = "cause",
    /// Day on which a violation was found (认定日期).
    FoundOn = "found-on",
    /// Last day to appeal (申诉截止日期).
    AppealBy = "appeal-by",
    /// Last day of a lock (锁定截止日期).
    LockedUntil = "locked-until",
    /// Number of business under way (受理编号).
    BusinessNumber = "business-number",
    /// What the business asks for (业务类型).
    Business = "business",
    /// Day on which business was filed (受理日期).
    FiledOn = "filed-on",
    /// How far business is (办理状态).
    BusinessState = "business-state",
    /// Day on which business ended (办结日期).
    ClosedOn = "closed-on",
    /// A column that a batch report put there; ignored.
    Report = "report",
}

impl Column {
    /// The columns that hold one day each.
    pub const DAYS: &'static [Self] = &[
        Self::BirthDate,
        Self::FirstIssuedOn,
        Self::IssuedOn,
        Self::ValidFrom,
        Self::ValidUntil,
        Self::DecidedOn,
        Self::EffectiveOn,
        Self::NewValidFrom,
        Self::NewValidUntil,
        Self::AppliedOn,
        Self::FoundOn,
        Self::AppealBy,
        Self::LockedUntil,
        Self::FiledOn,
        Self::ClosedOn,
    ];
}

/// A code that names no column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is no column")]
pub struct UnknownColumn {
    /// The offending text.
    pub code: String,
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn every_code_reads_back_and_columns_are_numbered_in_order() {
        for (place, column) in Column::ALL.iter().enumerate() {
            assert_eq!(column.as_str().parse::<Column>().as_ref(), Ok(column));
            assert_eq!(*column as usize, place);
        }
        assert!("umlaut".parse::<Column>().is_err());
    }
}
