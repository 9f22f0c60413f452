//! Dates in Chinese numerals (二〇一六年三月五日) as digits.

/// The same date in digits; `None` where the text holds no Chinese numeral.
pub(super) fn to_digits(text: &str) -> Option<String> {
    if !text.contains('年') || !text.chars().any(|c| value(c).is_some() || c == '十') {
        return None;
    }
    let mut digits = String::with_capacity(text.len());
    let (year, rest) = text.split_once('年')?;
    digits.extend(year.chars().map(|c| value(c).unwrap_or(c)));
    digits.push('年');
    let mut rest = rest;
    while let Some(unit_at) = rest.find(['月', '日', '号']) {
        let (number, tail) = rest.split_at(unit_at);
        push_below_hundred(number, &mut digits);
        let unit = tail.chars().next()?;
        digits.push(unit);
        rest = &tail[unit.len_utf8()..];
    }
    push_below_hundred(rest, &mut digits);
    Some(digits)
}

/// Writes 三 as 3, 十 as 10, 十二 as 12, 二十 as 20, 三十一 as 31; leaves digits alone.
fn push_below_hundred(text: &str, digits: &mut String) {
    match text.split_once('十') {
        Some((tens, ones)) => {
            digits.push(tens.chars().next().and_then(value).unwrap_or('1'));
            digits.push(ones.chars().next().and_then(value).unwrap_or('0'));
        }
        None => digits.extend(text.chars().map(|c| value(c).unwrap_or(c))),
    }
}

const fn value(c: char) -> Option<char> {
    Some(match c {
        '〇' | '○' | '零' | 'Ｏ' => '0',
        '一' | '元' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_numerals_become_digits() {
        let table = [
            ("二〇一六年三月五日", Some("2016年3月5日")),
            ("二○一六年十月二十日", Some("2016年10月20日")),
            ("二零一六年十二月三十一日", Some("2016年12月31日")),
            ("二〇一六年三月", Some("2016年3月")),
            ("2016年三月5日", Some("2016年3月5日")),
            ("2016年3月5日", None),
            ("2016-03-05", None),
            ("一", None),
        ];
        for (text, digits) in table {
            assert_eq!(to_digits(text).as_deref(), digits, "{text}");
        }
    }
}
