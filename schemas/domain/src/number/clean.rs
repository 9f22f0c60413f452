//! The closed repairs of a number: brackets, blanks, additions (case 19) and the province character (case 23).

use crate::characters::{half_width, is_spacing};
use crate::finding::{Finding, FindingCode};

/// The number in canonical characters, and what was done to it.
pub(super) fn clean(text: &str) -> (String, Vec<Finding>) {
    let mut number = String::with_capacity(text.len());
    let (mut form, mut province) = (false, false);
    for c in text.chars() {
        let canonical = match c {
            '（' | '）' => c,
            '(' | '〔' | '[' | '［' | '【' | '{' | '〈' | '<' => '（',
            ')' | '〕' | ']' | '］' | '】' | '}' | '〉' | '>' => '）',
            '陜' | '陝' => {
                province = true;
                number.push('陕');
                continue;
            }
            '\'' | '`' | '‘' | '’' if number.is_empty() => {
                form = true;
                continue;
            }
            _ if is_spacing(c) => {
                form = true;
                continue;
            }
            // A lower-case l is left as it is: it stands for 1 more often than for L.
            'l' => c,
            _ => half_width(c).unwrap_or(c).to_ascii_uppercase(),
        };
        form |= canonical != c;
        number.push(canonical);
    }
    let bare = strip_additions(&number);
    if bare.len() != number.len() {
        form = true;
        number = bare.to_owned();
    }
    let findings = [(form, FindingCode::NumberForm), (province, FindingCode::NumberProvince)]
        .into_iter()
        .filter(|(noticed, _)| *noticed)
        .map(|(_, code)| Finding::repair(code, text, number.as_str()))
        .collect();
    (number, findings)
}

/// 第…号, 证书编号：… and the like.
fn strip_additions(number: &str) -> &str {
    let mut bare = number;
    for label in ["证书编号", "注册编号", "编号", "证号", "：", ":"] {
        bare = bare.strip_prefix(label).unwrap_or(bare);
    }
    let bare = bare.strip_prefix('第').unwrap_or(bare);
    bare.strip_suffix('号').unwrap_or(bare)
}
