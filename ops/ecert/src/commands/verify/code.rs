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
    let Some(key) = trust.code_key(read.key_id()) else {
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

/// Whether a code speaks of the same version as a document's own, if that can be believed.
pub(super) fn same_version(code: &Statement, own: Option<&Statement>) -> Result<(), Value> {
    let Some(own) = own else {
        return Err(reason(
            "qr-not-comparable",
            "文件自身的声明无法核验，不能确认二维码属于该文件",
            "the file's own statement cannot be believed, so nothing says that the code belongs to it",
        ));
    };
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
    if code != own {
        return Err(reason(
            "qr-differs",
            "二维码的内容与文件自身的声明不同",
            "the code states something else than the file: it is not the code of this file",
        ));
    }
    Ok(())
}

pub(super) fn reason(code: &str, zh: &str, en: &str) -> Value {
    json!({ "code": code, "zh": zh, "en": en })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_belongs_to_a_document_of_the_same_version_that_can_be_believed_and_to_no_other() {
        let own = Statement {
            kind: "constructor".into(),
            number: "陕261181900001".into(),
            name: "王小明".into(),
            id_last_four: "0014".into(),
            valid_until: None,
            version: 2,
            status_list: 1,
            status_index: 7,
            key_id: "key".into(),
            issued_at: 1_541_381_400,
        };
        let said =
            |code: &Statement, own| same_version(code, own).err().map(|reason| reason["code"].as_str().unwrap_or_default().to_owned());
        assert_eq!(said(&own, Some(&own)), None);
        assert_eq!(said(&own, None).as_deref(), Some("qr-not-comparable"));
        let older = Statement { version: 1, ..own.clone() };
        assert_eq!(said(&older, Some(&own)).as_deref(), Some("qr-of-another-version"));
        for other in [Statement { name: "王大明".into(), ..own.clone() }, Statement { issued_at: 0, ..own.clone() }] {
            assert_eq!(said(&other, Some(&own)).as_deref(), Some("qr-differs"));
        }
        for other in [Statement { number: "陕261181900002".into(), ..own.clone() }, Statement { kind: "architect".into(), ..own.clone() }]
        {
            assert_eq!(said(&other, Some(&own)).as_deref(), Some("qr-of-another-certificate"));
        }
    }
}
