//! The statement of a QR code: who signed it, and whether it belongs to the document beside it.

use seal::qr::{QrError, Statement, parse};
use seal::verify::SignatureState;
use serde_json::{Value, json};

use super::trust::Trust;

/// What became of the text of a code.
pub(super) struct Code {
    pub(super) signature: SignatureState,
    /// The statement, where its signature holds.
    pub(super) statement: Option<Statement>,
    pub(super) reasons: Vec<Value>,
}

/// Judges the text of a code; `base` is the host that its address should have.
pub(super) fn judge(text: &str, trust: &Trust, base: &str) -> Code {
    let refused = |signature, code: &str, zh: &str, en: &str| Code { signature, statement: None, reasons: vec![reason(code, zh, en)] };
    let read = match parse(text) {
        Ok(read) => read,
        Err(error) => {
            let code = error.code().unwrap_or("unreadable");
            let zh = match error {
                QrError::NotOurs => "该二维码不是本系统证书的二维码",
                QrError::UnsupportedVersion(_) => "该二维码的版本本程序尚不支持",
                QrError::Unreadable
                | QrError::SignatureWrong
                | QrError::Base(_)
                | QrError::OtherKey { .. }
                | QrError::TooLong { .. }
                | QrError::Sign(_)
                | QrError::NoSignature(_) => "该二维码的内容无法读取",
            };
            let state = if matches!(error, QrError::NotOurs) { SignatureState::Missing } else { SignatureState::Invalid };
            return refused(state, code, zh, &error.to_string());
        }
    };
    let Some(key) = trust.key(read.key_id()) else {
        return refused(
            SignatureState::Untrusted,
            "key-unknown",
            &format!("二维码由未知的密钥 {} 签名", read.key_id()),
            &format!("the code is signed with the unknown key {}; give its public key with --trust", read.key_id()),
        );
    };
    let Ok(statement) = read.verify(key) else {
        return refused(SignatureState::Invalid, "signature-wrong", "二维码的签名值不正确", "the code's signature is wrong");
    };
    let mut reasons = Vec::new();
    if read.base() != base {
        reasons.push(reason(
            "other-host",
            &format!("二维码的网址是 {}，不是 {base}", read.base()),
            &format!("the code's address is that of {}, not of {base}; do not follow it", read.base()),
        ));
    }
    Code { signature: SignatureState::Valid, statement: Some(statement.clone()), reasons }
}

/// Whether a code speaks of the same version as a document's own.
pub(super) fn same_version(code: &Statement, own: &Statement) -> Result<(), Value> {
    if (&code.kind, &code.number) != (&own.kind, &own.number) {
        return Err(reason(
            "qr-of-another-certificate",
            &format!("二维码属于另一证书：{}", code.number),
            &format!("the code belongs to another certificate: {}", code.number),
        ));
    }
    if code.version != own.version {
        return Err(reason(
            "qr-of-another-version",
            &format!("二维码属于第{}版，文件是第{}版", code.version, own.version),
            &format!("the code belongs to version {}, the file is version {}", code.version, own.version),
        ));
    }
    Ok(())
}

pub(super) fn reason(code: &str, zh: &str, en: &str) -> Value {
    json!({ "code": code, "zh": zh, "en": en })
}
