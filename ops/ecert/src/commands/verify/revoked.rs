//! Documents of a signer whose key was revoked.

use seal::verify::{DocumentVerdict, SignatureState, VerifyReason};

use super::trust::Trust;
use crate::key_files::moment_text;

/// Takes the trust from a signature of a revoked key, unless the register vouches for the very file. A document's signature has no time
/// but the one that its signer states, and whoever has the key can state any: without the register all of them are in doubt.
pub(super) fn judge(verdict: &mut DocumentVerdict, trust: &Trust, vouched: bool) {
    if verdict.signature != SignatureState::Valid {
        return;
    }
    let Some(since) = verdict.signer_key.as_ref().and_then(|key| trust.signer_revoked(key)).map(moment_text) else { return };
    if vouched {
        verdict.reasons.push(VerifyReason {
            code: "key-revoked-since",
            zh: format!("签名人的密钥已于 {since} 作废；登记簿确认该文件是原件"),
            en: format!("the signer's key was revoked on {since}; the register knows this very file"),
        });
        return;
    }
    verdict.distrust(VerifyReason {
        code: "key-revoked",
        zh: format!("签名人的密钥已于 {since} 作废，其签署的文件只能由登记簿确认"),
        en: format!("the signer's key was revoked on {since}; only the register can vouch for documents that it signed"),
    });
}
