//! Employers (聘用企业): their codes as delivered, and the key by which one name matches another.

use crate::characters::{is_spacing, tidy};
use crate::check_digit::{gb32100_holds, organisation_code_holds};
use crate::finding::{Finding, FindingCode};

/// Characters of the longest employer's name that is taken. The longest registered names have some sixty.
const LONGEST_NAME: usize = 200;

/// Bytes of the longest code that is taken; the longest in use has eighteen.
const LONGEST_CODE: usize = 64;

/// Code of an employer. No code is ever invented from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EmployerCode {
    /// Unified social credit code (统一社会信用代码), 18 characters with a right check character.
    Unified(String),
    /// Organisation code (组织机构代码), 9 characters with a right check character.
    Organisation(String),
    /// Number of a business licence (营业执照号), 15 digits.
    Licence(String),
    /// Anything else, as it was delivered; empty where nothing was.
    Unrecognised(String),
}

impl EmployerCode {
    /// Reads a code column (case 45). A blank gives an empty unrecognised code and no finding; what is far too long is no code.
    pub fn parse(text: &str) -> (Self, Vec<Finding>) {
        if gb32100_holds(text) {
            return (Self::Unified(text.to_owned()), Vec::new());
        }
        let code = tidy(text).trim_start_matches(['\'', '`']).to_ascii_uppercase();
        if code.is_empty() {
            return (Self::Unrecognised(code), Vec::new());
        }
        if gb32100_holds(&code) {
            return (Self::Unified(code), Vec::new());
        }
        if code.len() > LONGEST_CODE {
            return (Self::Unrecognised(String::new()), vec![Finding::about(FindingCode::TextTooLong, text)]);
        }
        let joined = code.replace('-', "");
        let (read, finding) = if organisation_code_holds(&joined) {
            let finding = Finding::about(FindingCode::EmployerCodeOrganisation, text);
            (Self::Organisation(joined), finding)
        } else if code.len() == 15 && code.bytes().all(|b| b.is_ascii_digit()) {
            (Self::Licence(code), Finding::about(FindingCode::EmployerCodeLicence, text))
        } else {
            let of_the_form = code.len() == 18 && code.bytes().all(|b| b.is_ascii_alphanumeric());
            let finding = if of_the_form { FindingCode::EmployerCodeCheck } else { FindingCode::EmployerCodeUnrecognised };
            (Self::Unrecognised(text.trim().to_owned()), Finding::about(finding, text))
        };
        (read, vec![finding])
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unified(code) | Self::Organisation(code) | Self::Licence(code) | Self::Unrecognised(code) => code,
        }
    }

    /// The unified code, where it is one.
    pub fn unified(&self) -> Option<&str> {
        match self {
            Self::Unified(code) => Some(code),
            Self::Organisation(_) | Self::Licence(_) | Self::Unrecognised(_) => None,
        }
    }

    /// The old organisation code by which registers link: characters 9 to 17 of a unified code.
    pub fn organisation_part(&self) -> Option<&str> {
        match self {
            Self::Unified(code) => code.get(8..17),
            Self::Organisation(code) => Some(code),
            Self::Licence(_) | Self::Unrecognised(_) => None,
        }
    }
}

/// Reads an employer's name (case 46): blanks around it go, a branch is warned of. The name stays as printed; what is far too long is none.
pub fn parse_name(text: &str) -> (Option<String>, Vec<Finding>) {
    let name = text.trim_matches(is_spacing);
    if name.is_empty() {
        return (None, Vec::new());
    }
    if name.chars().nth(LONGEST_NAME).is_some() {
        return (None, vec![Finding::about(FindingCode::TextTooLong, text)]);
    }
    let mut findings = Vec::new();
    if name.len() != text.len() {
        findings.push(Finding::repair(FindingCode::EmployerNameSpacing, text, name));
    }
    if is_branch(name) {
        findings.push(Finding::about(FindingCode::EmployerBranch, name));
    }
    (Some(name.to_owned()), findings)
}

/// The key by which two spellings of one employer match: no blanks, one form of brackets. Never printed.
pub fn match_key(name: &str) -> String {
    tidy(name)
        .chars()
        .map(|c| match c {
            '(' | '【' | '〔' | '[' => '（',
            ')' | '】' | '〕' | ']' => '）',
            other => other,
        })
        .collect()
}

/// Whether the name is that of a branch, which cannot be the employer of a registration.
pub fn is_branch(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| is_spacing(c) || matches!(c, ')' | '）'));
    ["分公司", "分院", "办事处", "项目部", "项目经理部", "工程处", "分所"].iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart_and_never_invented() {
        use FindingCode as Code;
        let table = [
            ("91350100M000100Y43", EmployerCode::Unified("91350100M000100Y43".into()), None),
            (" 91350100m000100y43 ", EmployerCode::Unified("91350100M000100Y43".into()), None),
            ("D2143569-X", EmployerCode::Organisation("D2143569X".into()), Some(Code::EmployerCodeOrganisation)),
            ("610000100012345", EmployerCode::Licence("610000100012345".into()), Some(Code::EmployerCodeLicence)),
            ("91350100M000100Y44", EmployerCode::Unrecognised("91350100M000100Y44".into()), Some(Code::EmployerCodeCheck)),
            ("9135O100M000100Y43", EmployerCode::Unrecognised("9135O100M000100Y43".into()), Some(Code::EmployerCodeCheck)),
            ("D2143569-0", EmployerCode::Unrecognised("D2143569-0".into()), Some(Code::EmployerCodeUnrecognised)),
            ("无", EmployerCode::Unrecognised("无".into()), Some(Code::EmployerCodeUnrecognised)),
            ("", EmployerCode::Unrecognised(String::new()), None),
        ];
        for (text, code, finding) in table {
            let (read, findings) = EmployerCode::parse(text);
            assert_eq!(read, code, "{text}");
            assert_eq!(findings.first().map(|f| f.code), finding, "{text}");
        }
    }

    #[test]
    fn an_old_code_links_to_the_unified_code_that_holds_it() {
        let (unified, _) = EmployerCode::parse("12110000400777687U");
        assert_eq!(unified.organisation_part(), Some("400777687"));
        assert_eq!(unified.unified(), Some("12110000400777687U"));
        let (old, _) = EmployerCode::parse("40077768-7");
        assert_eq!(old.organisation_part(), unified.organisation_part());
        assert_eq!(old.unified(), None);
    }

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let key = match_key("陕西沣垚（集团）有限公司");
        for spelling in ["陕西沣垚(集团)有限公司", " 陕西沣垚 （集团）有限公司　"] {
            assert_eq!(match_key(spelling), key);
        }
        assert_ne!(match_key("陕西沣垚有限公司"), key);
    }

    #[test]
    fn branches_are_warned_of_and_names_stay_as_printed() {
        let (name, findings) = parse_name("陕西沣垚有限公司宝鸡分公司 ");
        assert_eq!(name.as_deref(), Some("陕西沣垚有限公司宝鸡分公司"));
        let codes: Vec<_> = findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, [FindingCode::EmployerNameSpacing, FindingCode::EmployerBranch]);
        assert!(is_branch("沣垚有限公司（第三项目部）"));
        assert_eq!(parse_name("陕西分水岭建设有限公司"), (Some("陕西分水岭建设有限公司".into()), vec![]));
        assert_eq!(parse_name("　"), (None, vec![]));
    }

    #[test]
    fn texts_that_are_far_too_long_are_no_names_and_no_codes() {
        assert!(parse_name(&"建".repeat(200)).0.is_some());
        assert_eq!(parse_name(&"建".repeat(201)), (None, vec![Finding::about(FindingCode::TextTooLong, "建".repeat(201))]));
        let (code, findings) = EmployerCode::parse(&"9".repeat(65));
        assert_eq!((code.as_str(), findings[0].code), ("", FindingCode::TextTooLong));
        assert_eq!(EmployerCode::parse(&"9".repeat(64)).1[0].code, FindingCode::EmployerCodeUnrecognised);
    }
}
