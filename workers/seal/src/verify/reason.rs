//! The reasons of a verdict: a stable code, with texts in Chinese and English.

use time::OffsetDateTime;
use time::macros::{format_description, offset};

use crate::certificate::CertificateFault;

/// One reason why a document is not believed, or a note beside a valid signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReason {
    /// Stable, in kebab case.
    pub code: &'static str,
    /// For the public and the staff.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// Every reason that the verdict over a document's signature can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    TooLarge,
    Unreadable,
    Encrypted,
    NoSignature,
    SeveralSignatures,
    NotOurs,
    NotCoveringFile,
    ChangedAfterSigning,
    SignatureWrong,
    CertificatesDiffer,
    UnusedCertificate,
    SignerUntrusted,
    SignerUnfit,
    SignerNameWrong,
    SignerNotValidThen,
    SigningTimeMissing,
    SignedInFuture,
    AnchorUnreadable,
    SignerExpiredSince,
}

impl Code {
    #[cfg(test)]
    pub(super) const ALL: [Self; 19] = [
        Self::TooLarge,
        Self::Unreadable,
        Self::Encrypted,
        Self::NoSignature,
        Self::SeveralSignatures,
        Self::NotOurs,
        Self::NotCoveringFile,
        Self::ChangedAfterSigning,
        Self::SignatureWrong,
        Self::CertificatesDiffer,
        Self::UnusedCertificate,
        Self::SignerUntrusted,
        Self::SignerUnfit,
        Self::SignerNameWrong,
        Self::SignerNotValidThen,
        Self::SigningTimeMissing,
        Self::SignedInFuture,
        Self::AnchorUnreadable,
        Self::SignerExpiredSince,
    ];

    /// Code, Chinese, English.
    pub(super) fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::TooLarge => ("too-large", "文件超过 64 MiB，不予读取", "the file is larger than 64 MiB and was not read"),
            Self::Unreadable => ("unreadable", "文件不是可以读取的 PDF", "the file is no readable PDF"),
            Self::Encrypted => {
                ("encrypted", "文件已加密，本系统签发的证书从不加密", "the file is encrypted, which certificates of this system never are")
            }
            Self::NoSignature => ("no-signature", "文件没有电子签名", "the file has no signature"),
            Self::SeveralSignatures => ("several-signatures", "文件不止一个电子签名", "the file has more than one signature"),
            Self::NotOurs => {
                ("not-ours", "文件或签名不是本系统签发的样式", "the file or its signature is not of the form that this system issues")
            }
            Self::NotCoveringFile => ("not-covering-file", "签名没有覆盖整个文件", "the signature does not cover the whole file"),
            Self::ChangedAfterSigning => ("changed-after-signing", "文件在签名之后被改动", "the file was changed after it had been signed"),
            Self::SignatureWrong => ("signature-wrong", "签名值不正确", "the signature value is wrong"),
            Self::CertificatesDiffer => (
                "certificates-differ",
                "签名中的证书不是签名人签名时列明的证书",
                "the certificates in the signature are not those that its signer listed when signing",
            ),
            Self::UnusedCertificate => {
                ("unused-certificate", "签名中夹带与签名无关的证书", "the signature carries a certificate that it does not need")
            }
            Self::SignerUntrusted => (
                "signer-untrusted",
                "签名人的证书不是受信任的机构签发的",
                "the signer's certificate does not come from a trusted authority",
            ),
            Self::SignerUnfit => {
                ("signer-unfit", "签名人的证书不得用于签署文件", "the signer's certificate must not be used to sign documents")
            }
            Self::SignerNameWrong => (
                "signer-name-wrong",
                "签名人不是陕西省住房和城乡建设厅综合服务中心",
                "the signer is not 陕西省住房和城乡建设厅综合服务中心",
            ),
            Self::SignerNotValidThen => {
                ("signer-not-valid-then", "签名时签名人的证书不在有效期内", "the signer's certificate was not valid at the time of signing")
            }
            Self::SigningTimeMissing => ("signing-time-missing", "签名没有可读的签名时间", "the signature has no readable time"),
            Self::SignedInFuture => ("signed-in-future", "签名时间在将来", "the time of signing lies in the future"),
            Self::AnchorUnreadable => {
                ("anchor-unreadable", "有一个信任锚证书无法读取，已忽略", "one trust anchor is no readable certificate and was left out")
            }
            Self::SignerExpiredSince => (
                "signer-expired-since",
                "签名人的证书在签名之后已到期，签名时有效",
                "the signer's certificate has expired since; it was valid at the time of signing",
            ),
        }
    }

    /// The reason as such.
    pub(super) fn reason(self) -> VerifyReason {
        let (code, zh, en) = self.texts();
        VerifyReason { code, zh: zh.to_owned(), en: en.to_owned() }
    }

    /// The reason with what exactly was found.
    pub(super) fn because(self, zh: &str, en: &str) -> VerifyReason {
        let (code, general_zh, general_en) = self.texts();
        VerifyReason { code, zh: format!("{general_zh}（{zh}）"), en: format!("{general_en}: {en}") }
    }

    /// The reason with what is wrong with a certificate.
    pub(super) fn because_of(self, fault: &CertificateFault) -> VerifyReason {
        self.because(&fault_zh(fault), &fault.to_string())
    }
}

/// A fault of a certificate in Chinese.
fn fault_zh(fault: &CertificateFault) -> String {
    match fault {
        CertificateFault::Unreadable(_) => "不是 DER 编码的 X.509 证书".to_owned(),
        CertificateFault::NotCanonical => "不是规范编码的第 3 版 X.509 证书".to_owned(),
        CertificateFault::DamagedExtension => "证书扩展项损坏".to_owned(),
        CertificateFault::NotP384 => "密钥不是 P-384 曲线".to_owned(),
        CertificateFault::NotYetValid(from) => format!("自 {} 起有效", in_shanghai(*from)),
        CertificateFault::Expired(until) => format!("有效期至 {}", in_shanghai(*until)),
        CertificateFault::NoDigitalSignature => "缺少密钥用途“数字签名”".to_owned(),
        CertificateFault::NoNonRepudiation => "缺少密钥用途“不可否认”".to_owned(),
        CertificateFault::IsAuthority => "是认证机构的证书".to_owned(),
        CertificateFault::NotAuthority => "不是可以签发证书的认证机构".to_owned(),
        CertificateFault::PathTooLong => "下级认证机构过多".to_owned(),
        CertificateFault::UnknownCriticalExtension(identifier) => {
            format!("含有未知的关键扩展项 {identifier}")
        }
        CertificateFault::OtherPurpose => "扩展密钥用途不包括签署文件".to_owned(),
        CertificateFault::NameConstraints => "只能为特定名称签发证书".to_owned(),
        CertificateFault::OtherName { found: Some(name) } => format!("名称是“{name}”"),
        CertificateFault::OtherName { found: None } => "没有唯一的名称".to_owned(),
    }
}

/// A moment as the public reads it: civil time of Asia/Shanghai.
fn in_shanghai(moment: OffsetDateTime) -> String {
    let form = format_description!("[year]年[month]月[day]日 [hour]:[minute]:[second]");
    moment.to_offset(offset!(+8)).format(form).unwrap_or_else(|_| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use time::macros::datetime;

    #[test]
    fn every_reason_has_its_own_code_and_both_texts() {
        let mut codes = BTreeSet::new();
        for code in Code::ALL {
            let reason = code.reason();
            assert!(codes.insert(reason.code), "{}", reason.code);
            assert!(reason.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            assert!(!reason.zh.is_ascii() && !reason.en.is_empty());
        }
    }

    #[test]
    fn moments_are_told_in_the_time_of_the_province() {
        let fault = CertificateFault::Expired(datetime!(2026-10-31 20:00:00 UTC));
        let reason = Code::SignerNotValidThen.because_of(&fault);
        assert!(reason.zh.contains("2026年11月01日 04:00:00"), "{}", reason.zh);
        assert!(reason.en.contains("2026-10-31 20:00:00"), "{}", reason.en);
    }
}
