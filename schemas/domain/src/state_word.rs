//! State words of old systems (证书状态), and the legal status that they mean on the day they were true.

use crate::characters::tidy;
use crate::finding::{Finding, FindingCode};
use crate::status::LegalStatus;
use time::Date;

/// The cause under which a certificate is locked that its register calls locked, see [`StateWord::Locked`].
pub const LOCKED_BY_REGISTER: &str = "交付登记为锁定";

/// What a state word says. Words of business (首次, 续期, 变更, 补办) say what was done last, not whether it still holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StateWord {
    /// 有效, 正常.
    Valid,
    /// 首次, 初始.
    Initial,
    /// 续期, 延续.
    Renewed,
    /// 变更.
    Changed,
    /// 补办, 遗失补办.
    Reissued,
    /// 过期, 失效.
    Expired,
    /// 注销.
    Cancelled,
    /// 撤销.
    Withdrawn,
    /// 吊销.
    Revoked,
    /// 暂扣.
    Suspended,
    /// 离陕变更, 办理转出.
    TransferredOut,
    /// 锁定: a lock beside the status.
    Locked,
    /// 待审批: not decided yet.
    Pending,
    /// 作废.
    Void,
    /// Nothing.
    Blank,
    /// A word in no list, as it was delivered.
    Unknown(String),
}

impl StateWord {
    /// Reads a state column.
    pub fn parse(text: &str) -> Self {
        match text {
            "有效" => return Self::Valid,
            "过期" => return Self::Expired,
            "续期" => return Self::Renewed,
            _ => {}
        }
        let word = tidy(text);
        match word.as_ref() {
            "" | "-" | "--" | "无" | "空" | "NULL" | "null" => Self::Blank,
            "有效" | "正常" | "在用" | "有效期内" | "合格" => Self::Valid,
            "首次" | "初始" | "初始注册" | "初次" | "新办" | "新发" | "新增" => Self::Initial,
            "续期" | "延续" | "延期" | "延续注册" | "延期复核" | "已延期" | "已续期" => Self::Renewed,
            "变更" | "变更注册" | "已变更" | "企业变更" | "信息变更" | "增项" => Self::Changed,
            "补办" | "遗失补办" | "补证" | "换证" | "遗失" => Self::Reissued,
            "过期" | "失效" | "已过期" | "已失效" | "到期" => Self::Expired,
            "注销" | "已注销" => Self::Cancelled,
            "撤销" | "已撤销" | "撤消" => Self::Withdrawn,
            "吊销" | "已吊销" => Self::Revoked,
            "暂扣" | "已暂扣" => Self::Suspended,
            "转出" | "已转出" | "办理转出" | "离陕" | "离陕变更" | "离京变更" | "调出" => Self::TransferredOut,
            "锁定" | "已锁定" | "锁死" | "加锁" => Self::Locked,
            "待审批" | "待审" | "审批中" | "办理中" | "受理" => Self::Pending,
            "作废" | "已作废" | "无效" => Self::Void,
            _ => Self::Unknown(text.trim().to_owned()),
        }
    }
}

/// The legal status that a word means on the day `as_of` for which the delivery was true (case 48).
///
/// A status by decision (注销, 吊销 …) wins over the dates; the dates win over 有效, with a warning.
/// 锁定 says nothing of the status: the certificate gets a lock (notice N8: 违反相关部令及规定的系统自动锁死).
pub fn legal_status(word: &StateWord, valid_until: Option<Date>, as_of: Date) -> (LegalStatus, Vec<Finding>) {
    let has_run_out = valid_until.is_some_and(|until| until < as_of);
    let by_dates = if has_run_out { LegalStatus::Expired } else { LegalStatus::Valid };
    let with = |status, code| (status, vec![Finding::new(code)]);
    match word {
        StateWord::Valid if has_run_out => with(by_dates, FindingCode::StateContradictsDates),
        StateWord::Expired if !has_run_out && valid_until.is_some() => with(LegalStatus::Expired, FindingCode::StateContradictsDates),
        StateWord::Expired => (LegalStatus::Expired, Vec::new()),
        StateWord::Valid | StateWord::Initial | StateWord::Renewed | StateWord::Changed | StateWord::Reissued | StateWord::Blank => {
            (by_dates, Vec::new())
        }
        StateWord::Locked => with(by_dates, FindingCode::StateLocked),
        StateWord::Cancelled => (LegalStatus::Cancelled, Vec::new()),
        StateWord::Withdrawn => (LegalStatus::Withdrawn, Vec::new()),
        StateWord::Revoked => (LegalStatus::Revoked, Vec::new()),
        StateWord::Suspended => (LegalStatus::Suspended, Vec::new()),
        StateWord::TransferredOut => (LegalStatus::Transferred, Vec::new()),
        StateWord::Void => with(LegalStatus::Cancelled, FindingCode::StateVoid),
        StateWord::Pending => with(by_dates, FindingCode::StatePending),
        StateWord::Unknown(text) => (by_dates, vec![Finding::about(FindingCode::StateUnknown, text.as_str())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn words_and_dates_together_give_the_status() {
        use FindingCode::{StateContradictsDates, StateLocked, StatePending, StateUnknown, StateVoid};
        use LegalStatus::{Cancelled, Expired, Revoked, Suspended, Transferred, Valid, Withdrawn};
        let past = Some(date!(2020 - 07 - 01));
        let today = Some(date!(2026 - 10 - 31));
        let future = Some(date!(2027 - 05 - 03));
        let table = [
            ("有效", future, Valid, None),
            ("有效", today, Valid, None),
            ("有效", past, Expired, Some(StateContradictsDates)),
            ("有效", None, Valid, None),
            ("续期", future, Valid, None),
            ("续期", past, Expired, None),
            ("首次", past, Expired, None),
            ("变更", future, Valid, None),
            ("补办", future, Valid, None),
            ("过期", past, Expired, None),
            ("失效", None, Expired, None),
            ("过期", future, Expired, Some(StateContradictsDates)),
            ("注销", past, Cancelled, None),
            ("注销", future, Cancelled, None),
            ("撤销", past, Withdrawn, None),
            ("吊销", future, Revoked, None),
            ("暂扣", future, Suspended, None),
            ("离陕变更", future, Transferred, None),
            ("锁定", future, Valid, Some(StateLocked)),
            ("锁定", past, Expired, Some(StateLocked)),
            ("作废", future, Cancelled, Some(StateVoid)),
            ("待审批", future, Valid, Some(StatePending)),
            (" 有 效 ", future, Valid, None),
            ("", past, Expired, None),
            ("", future, Valid, None),
            ("封存", future, Valid, Some(StateUnknown)),
        ];
        for (text, until, status, code) in table {
            let (read, findings) = legal_status(&StateWord::parse(text), until, date!(2026 - 10 - 31));
            assert_eq!((read, findings.first().map(|f| f.code)), (status, code), "{text} {until:?}");
        }
    }

    #[test]
    fn an_unknown_word_is_kept_as_it_was() {
        assert_eq!(StateWord::parse(" 封存 "), StateWord::Unknown("封存".to_owned()));
    }
}
