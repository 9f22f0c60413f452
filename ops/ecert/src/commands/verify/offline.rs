//! The status of a version by signed lists, without asking anybody.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::name::PersonName;
use seal::qr::Statement;
use seal::status_list::{MAX_TOKEN_BYTES, SignedStatusList, StatusListError, VersionStatus};
use serde_json::json;
use workers::publish_status_list::subject;

use super::RegisterAnswer;
use super::code::reason;
use super::trust::Trust;
use crate::app;
use crate::key_files::{Standing, moment_text};
use crate::output::plain;

/// What the statement itself and the lists say of a version. Lists may stand under one of these hosts: that of the code, or the one that
/// the authority has now.
pub(super) fn known(statement: &Statement, lists: &[PathBuf], trust: &Trust, hosts: [&str; 2]) -> anyhow::Result<RegisterAnswer> {
    let (mut status, mut reasons, mut vouched) = ("unknown", Vec::new(), None);
    match by_list(statement, lists, trust, hosts)? {
        Ok((found, host, notes)) => {
            vouched = Some(host);
            reasons.extend(notes);
            status = match found {
                VersionStatus::Valid => "valid",
                // The end date tells it better; which decision ended it otherwise, only the register knows.
                VersionStatus::Invalid if statement.valid_until.is_some_and(|until| until < app::today()) => "expired",
                VersionStatus::Invalid => "cancelled",
                VersionStatus::Suspended => "locked",
                VersionStatus::Superseded => "superseded",
            };
            if found != VersionStatus::Valid {
                let (zh, en) = match found {
                    VersionStatus::Suspended => (
                        "状态列表载明该证书被暂扣、锁定或目前尚未生效",
                        "the status list says that the certificate is suspended, locked, or not in force at present",
                    ),
                    VersionStatus::Superseded => {
                        ("状态列表载明该证书已被新版取代", "the status list says that a newer version took its place")
                    }
                    VersionStatus::Invalid | VersionStatus::Valid => (
                        "状态列表载明该证书已不再有效，原因以发证机关登记为准",
                        "the status list says that the certificate holds no more; the register knows why",
                    ),
                };
                reasons.push(reason("from-status-list", zh, en));
            }
        }
        Err(why) => reasons.push(why),
    }
    if matches!(status, "valid" | "unknown" | "expired") && statement.valid_until.is_some_and(|until| until < app::today()) {
        status = "expired";
        reasons.push(reason("expired", "证书有效期已过", "the certificate's period has ended"));
    }
    let masked = format!("{} {}", PersonName::from_stored(statement.name.clone()).masked(), masked_end(&statement.id_last_four));
    Ok(RegisterAnswer {
        certificate: json!({
            "number": statement.number, "kind": statement.kind, "holder_masked": masked,
            "valid_until": statement.valid_until.map(|day| day.to_string()), "version": statement.version,
        }),
        status,
        reasons,
        host: vouched,
    })
}

/// The last four characters of an ID number, of which the statement knows no more.
fn masked_end(last_four: &str) -> String {
    format!("**************{last_four}")
}

/// Why a key with this standing is not believed for a list of this moment.
fn distrusted(standing: Standing, key_id: &str, issued_at: time::OffsetDateTime) -> Option<serde_json::Value> {
    match standing {
        Standing::Revoked(since) => {
            let since = moment_text(since);
            Some(reason(
                "list-key-revoked",
                &format!("签署状态列表的密钥 {key_id} 已于 {since} 作废，请取用新的列表"),
                &format!("the key {key_id} of the status list was revoked on {since}; fetch a newer list"),
            ))
        }
        Standing::Retired(since) if since <= issued_at => {
            let since = moment_text(since);
            Some(reason(
                "list-key-retired",
                &format!("状态列表的签发时间不早于其密钥 {key_id} 的停用时间 {since}"),
                &format!("the status list was not issued before {since}, when its key {key_id} was retired"),
            ))
        }
        Standing::Retired(_) | Standing::InUse => None,
    }
}

/// The status, the host under which the list stands, and notes; or why no list serves.
type Found = Result<(VersionStatus, String, Vec<serde_json::Value>), serde_json::Value>;

/// A list that another machine signed may be this much ahead of our clock.
const CLOCKS_DIFFER: time::Duration = time::Duration::minutes(5);

/// The status in the newest list that speaks of the statement, with notes; or why no list serves.
fn by_list(statement: &Statement, lists: &[PathBuf], trust: &Trust, hosts: [&str; 2]) -> anyhow::Result<Found> {
    let number = i32::try_from(statement.status_list).unwrap_or(i32::MAX);
    let mut refusal = reason(
        "no-status-list",
        &format!("没有第{}号状态列表，无法核实状态", statement.status_list),
        &format!("there is no status list {} here, so the status is not known; give it with --status-list", statement.status_list),
    );
    let mut newest: Option<(time::OffsetDateTime, VersionStatus, String, Vec<serde_json::Value>)> = None;
    for path in lists {
        let bytes = read(path).with_context(|| format!("{}: the status list cannot be read", path.display()))?;
        let token = match SignedStatusList::read(&bytes) {
            Ok(token) => token,
            Err(_) => anyhow::bail!("{}: it is no signed status list (application/statuslist+cwt)", path.display()),
        };
        let Some((key, standing)) = trust.list_key(token.key_id()) else {
            refusal = reason(
                "list-key-unknown",
                &format!("状态列表由未知的密钥 {} 签名", token.key_id()),
                &format!("the status list is signed with the unknown key {}; give its public key with --trust", token.key_id()),
            );
            continue;
        };
        let (claims, list) = match token.verify(key) {
            Ok(believed) => believed,
            Err(StatusListError::SignatureWrong) => {
                refusal = reason("list-signature-wrong", "状态列表的签名值不正确", "the status list's signature is wrong");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(why) = distrusted(standing, token.key_id(), claims.issued_at) {
            refusal = why;
            continue;
        }
        let Some(host) = hosts.into_iter().find(|host| claims.subject == subject(host, number)) else {
            if matches!(refusal["code"].as_str(), Some("no-status-list")) {
                let (given, wanted) = (plain(&claims.subject), subject(hosts[0], number));
                refusal = reason(
                    "no-status-list",
                    &format!("所给状态列表是 {given}，该证书需要的是 {wanted}，无法核实状态"),
                    &format!("the status list that was given is {given}, this certificate needs {wanted}; its status is not known"),
                );
            }
            continue;
        };
        let now = app::now();
        if claims.expires_at < now {
            refusal = reason("list-expired", "状态列表已过期，请取用新的", "the status list has expired; fetch a newer one");
            continue;
        }
        if now + CLOCKS_DIFFER < claims.issued_at {
            refusal =
                reason("list-from-the-future", "状态列表的签发时间在将来", "the status list was issued in the future; see to the clock");
            continue;
        }
        if claims.issued_at.unix_timestamp() < statement.issued_at {
            refusal = reason(
                "list-older-than-certificate",
                "状态列表早于该证书版本，请取用新的",
                "the status list is older than this version of the certificate; fetch a newer one",
            );
            continue;
        }
        let Some(found) = list.get(statement.status_index) else { continue };
        let stale = (claims.fresh_until < now)
            .then(|| reason("list-not-fresh", "状态列表不是最新的", "the status list is not fresh; a newer one may say otherwise"));
        if newest.as_ref().is_none_or(|(issued_at, ..)| *issued_at < claims.issued_at) {
            newest = Some((claims.issued_at, found, host.to_owned(), stale.into_iter().collect()));
        }
    }
    Ok(newest.map(|(_, found, host, notes)| (found, host, notes)).ok_or(refusal))
}

/// A file that may be a list; of a larger one only so much that it is none.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_TOKEN_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_TOKEN_BYTES {
        bytes.clear();
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use seal::P384Signer;
    use seal::status_list::{ListClaims, StatusList, sign};
    use time::macros::datetime;
    use time::{Duration, OffsetDateTime};

    use crate::key_files::{Heading, KnownKey, Purpose};

    const BASE: &str = "ECERT.EXAMPLE";
    const INDEX: u32 = 7;

    fn statement(issued_at: OffsetDateTime) -> Statement {
        Statement {
            kind: "constructor".into(),
            number: "陕261181900001".into(),
            name: "王小明".into(),
            id_last_four: "0014".into(),
            valid_until: None,
            version: 1,
            status_list: 2,
            status_index: INDEX,
            key_id: "codes".into(),
            issued_at: issued_at.unix_timestamp(),
        }
    }

    /// The word of one list on the statement of an hour ago: a status, or the code of the reason why it does not serve.
    fn said(subject: &str, issued_at: OffsetDateTime, valid: Duration, purpose: Purpose) -> String {
        let folder = tempfile::tempdir().unwrap();
        let signer = P384Signer::generate("lists", &mut StdRng::seed_from_u64(5));
        let issued_at = issued_at.replace_nanosecond(0).unwrap();
        let claims = ListClaims { subject: subject.to_owned(), issued_at, fresh_until: issued_at + valid, expires_at: issued_at + valid };
        let mut list = StatusList::default();
        list.set(INDEX, VersionStatus::Suspended);
        let path = folder.path().join("list.cwt");
        fs::write(&path, sign(&list, &claims, &signer).unwrap()).unwrap();
        let heading = Heading { purpose, id: "lists".into(), standing: Standing::InUse };
        let trust = Trust::of_keys(vec![KnownKey { heading, key: signer.public_key() }]);
        match by_list(&statement(app::now() - Duration::HOUR), &[path], &trust, [BASE, "NEW.EXAMPLE"]).unwrap() {
            Ok((status, ..)) => format!("{status:?}"),
            Err(reason) => reason["code"].as_str().unwrap().to_owned(),
        }
    }

    #[test]
    fn a_list_that_speaks_of_something_else_or_of_another_time_does_not_serve() {
        let (now, day) = (app::now(), Duration::DAY);
        let own = subject(BASE, 2);
        assert_eq!(own, "https://ecert.example/statuslists/2");
        for known in [own.clone(), subject("NEW.EXAMPLE", 2)] {
            assert_eq!(said(&known, now, day, Purpose::Status), "Suspended", "{known}");
        }
        for other in [subject(BASE, 1), subject(BASE, 22), subject("OTHER.EXAMPLE", 2), format!("{own}/"), own.to_uppercase()] {
            assert_eq!(said(&other, now, day, Purpose::Status), "no-status-list", "{other}");
        }
        assert_eq!(said(&own, now, day, Purpose::Qr), "list-key-unknown");
        assert_eq!(said(&own, now - Duration::minutes(50), Duration::minutes(40), Purpose::Status), "list-expired");
        assert_eq!(said(&own, now + Duration::minutes(6), day, Purpose::Status), "list-from-the-future");
        assert_eq!(said(&own, now - Duration::minutes(61), day, Purpose::Status), "list-older-than-certificate");
    }

    #[test]
    fn a_list_is_believed_from_before_the_retirement_of_its_key_and_never_after_its_revocation() {
        let at = datetime!(2026-11-27 15:00 UTC);
        let said = |standing, issued_at| distrusted(standing, "1a2b3c4d", issued_at).map(|reason| reason["code"].clone());
        for issued_at in [at - Duration::DAY, at, at + Duration::DAY] {
            assert_eq!(said(Standing::InUse, issued_at), None);
            assert_eq!(said(Standing::Revoked(at), issued_at), Some("list-key-revoked".into()));
        }
        assert_eq!(said(Standing::Retired(at), at - Duration::SECOND), None);
        for issued_at in [at, at + Duration::SECOND] {
            assert_eq!(said(Standing::Retired(at), issued_at), Some("list-key-retired".into()));
        }
    }
}
