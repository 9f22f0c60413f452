//! Why a certificate does not admit a decision, in Chinese and English, for the row's report.

use domain::lifecycle::Refusal;

/// The refusal in both languages.
pub(super) fn words(refusal: Refusal) -> String {
    let zh = match refusal {
        Refusal::WrongStatus(status) => format!("证书状态为{}", status.zh()),
        Refusal::WrongStage(stage) => format!("签发阶段为{}", stage.zh()),
        Refusal::AlreadyIssued => "电子证书已签发".to_owned(),
        Refusal::OrderUnderWay => "签发正在进行".to_owned(),
        Refusal::NotRunOut => "有效期尚未届满".to_owned(),
        Refusal::PendingBusiness => "有在办业务".to_owned(),
        Refusal::Locked => "证书已锁定".to_owned(),
        Refusal::NoLock => "没有可解除的锁定".to_owned(),
        Refusal::NoExtension => "延续未延长有效期".to_owned(),
    };
    format!("{zh} / {refusal}")
}

#[cfg(test)]
mod tests {
    use domain::status::LegalStatus;

    use super::*;

    #[test]
    fn a_refusal_is_told_in_both_languages() {
        assert_eq!(words(Refusal::NoExtension), "延续未延长有效期 / the renewal does not extend the period");
        assert!(words(Refusal::WrongStatus(LegalStatus::Cancelled)).contains("注销"));
    }
}
