//! The facts that a certificate prints, by name. Which of them a kind prints, in which order and under which label, says its
//! template; issue orders keep the values under these codes.

use crate::stored_code::stored_enum;

stored_enum! {
    /// A fact of the certificate or of its holder that is printed.
    pub enum PrintedField {
        /// Name (姓名).
        HolderName = "holder-name",
        /// Sex (性别).
        Sex = "sex",
        /// Day of birth (出生日期).
        BirthDate = "birth-date",
        /// Number of the ID document (身份证件号码).
        IdNumber = "id-number",
        /// Employer (企业名称, 聘用企业, 聘用单位).
        Employer = "employer",
        /// Position in the firm (职务).
        Duty = "duty",
        /// Category, trade or post (人员类别, 操作类别, 岗位).
        Category = "category",
        /// Registered specialties (注册专业), each with its own last day.
        Specialties = "specialties",
        /// Day of the first certificate (初次领证日期).
        FirstIssuedOn = "first-issued-on",
        /// First and last day (有效期限).
        Validity = "validity",
    }
}
