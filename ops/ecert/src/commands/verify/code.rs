//! The statement of a QR code: who signed it, and whether it belongs to the document beside it.

use seal::qr::{QrError, Statement, parse};
use seal::verify::SignatureState;
use serde_json::{Value, json};

use super::trust::Trust;
use crate::key_files::{Standing, moment_text};

/// What became of the text of a code.
pub(super) struct Code {
    pub(super) signature: SignatureState,
    /// The statement, where its signature holds.
    pub(super) statement: Option<Statement>,
    /// The host of its address, where its signature holds.
    pub(super) host: Option<String>,
    pub(super) reasons: Vec<Value>,
}

/// Judges the text of a code. Its host is under no signature: whether it is one of ours, [`other_host`] is asked.
pub(super) fn judge(text: &str, trust: &Trust) -> Code {
    let refused =
        |signature, code: &str, zh: &str, en: &str| Code { signature, statement: None, host: None, reasons: vec![reason(code, zh, en)] };
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
    let Some((key, standing)) = trust.code_key(read.key_id()) else {
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
    if let Err((code, zh, en)) = believed(standing, read.key_id(), statement.issued_at) {
        return refused(SignatureState::Untrusted, code, &zh, &en);
    }
    let host = Some(read.base().to_owned());
    Code { signature: SignatureState::Valid, statement: Some(statement.clone()), host, reasons: Vec::new() }
}

/// The reason against a code whose address leads elsewhere.
pub(super) fn other_host(host: &str) -> Value {
    reason(
        "other-host",
        &format!("二维码的网址指向 {host}，不是发证机关的网址，请勿打开"),
        &format!("the code's address is that of {host}, which is not the authority's; do not follow it"),
    )
}

/// Whether a key with this standing is believed for a code that states this time, in seconds since 1970.
fn believed(standing: Standing, key_id: &str, issued_at: i64) -> Result<(), (&'static str, String, String)> {
    match standing {
        Standing::Revoked(since) => {
            let since = moment_text(since);
            let zh = format!("签署该二维码的密钥 {key_id} 已于 {since} 作废，其签署的二维码一律不予认可");
            Err(("key-revoked", zh, format!("the key {key_id} of this code was revoked on {since}; nothing that it signed is believed")))
        }
        Standing::Retired(since) if since.unix_timestamp() < issued_at => {
            let since = moment_text(since);
            let zh = format!("二维码的签署时间晚于其密钥 {key_id} 的停用时间 {since}");
            Err(("key-retired", zh, format!("the code states a time after {since}, when its key {key_id} was retired")))
        }
        Standing::Retired(_) | Standing::InUse => Ok(()),
    }
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
    use time::{Duration, OffsetDateTime};

    #[test]
    fn a_key_is_believed_up_to_its_retirement_and_a_revoked_one_never() {
        let at = OffsetDateTime::UNIX_EPOCH + Duration::seconds(1_000);
        let said = |standing, issued_at| believed(standing, "1a2b3c4d", issued_at).err().map(|(code, ..)| code);
        for issued_at in [0, 1_000, 1_001] {
            assert_eq!(said(Standing::InUse, issued_at), None);
            assert_eq!(said(Standing::Revoked(at), issued_at), Some("key-revoked"));
        }
        assert_eq!([0, 1_000, 1_001].map(|issued_at| said(Standing::Retired(at), issued_at)), [None, None, Some("key-retired")]);
    }

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
