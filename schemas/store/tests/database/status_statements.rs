//! A status list says of every version what the register would say.

use std::collections::HashMap;

use domain::ids::CertificateId;
use domain::reasons::{Action, against};
use domain::settings::Settings;
use sqlx::PgPool;
use store::{certificates, status_lists};
use time::macros::date;

use crate::sql;

/// An issued certificate for each combination of kind, legal status, period, birthday and lock.
const EVERY_CASE: &str = "
create table one_case as
select row_number() over () as id, kind, status, starts, ends, born, lock
from unnest(array['constructor', 'architect', 'post-training']) as kind,
     unnest(array['valid', 'suspended', 'expired', 'cancelled', 'withdrawn', 'revoked', 'transferred']) as status,
     unnest(array['2024-11-01', '2026-11-15', '2026-11-16']::date[]) as starts,
     unnest(array['2026-11-14', '2026-11-15', '2029-10-31', null]::date[]) as ends,
     unnest(array['1961-11-14', '1961-11-15', '1990-02-03', null]::date[]) as born,
     unnest(array['none', 'certificate', 'person', 'later', 'over', 'lifted']) as lock;
insert into person (id, name, id_kind, id_number, id_original, birth_date) overriding system value
select id, '王小明', 'resident', 'ID' || id, 'ID' || id, born from one_case;
insert into certificate (id, kind, number, number_printed, person_id, valid_from, valid_until, legal_status, stage, issue_requested, version,
                         delivered_as_of) overriding system value
select id, kind, 'N' || id, 'N' || id, id, starts, ends, status, 'issued', true, 1, '2026-10-31' from one_case;
insert into issue_order (id, certificate_id, version, revision, snapshot, portrait_sha256, portrait_key, template_version, template_sha256,
                         fonts_sha256, profile_sha256, document_key_id, chain_sha256, qr_key_id, qr_base, status_list, status_index, signing_time)
overriding system value
select id, id, 1, 1, '{}', '\\x01', 'p', 1, '\\x01', '\\x01', '\\x01', 'k', '\\x01', 'q', 'ZS.EXAMPLE.CN', 1, id, '2026-11-01 02:00+00' from one_case;
insert into document (certificate_id, version, order_id, sha256, object_key, size_bytes)
select id, 1, id, sha256(id::text::bytea), 'd' || id, 1 from one_case;
insert into lock (certificate_id, person_id, cause, cause_text, since, until, set_by, lifted_at, lifted_by, lift_reason)
select case when lock <> 'person' then id end, case when lock = 'person' then id end, 'violation', 'a test',
       case lock when 'later' then date '2026-11-16' else '2026-11-01' end,
       case lock when 'over' then date '2026-11-14' when 'person' then '2026-11-15' end, 'test',
       case when lock = 'lifted' then now() end, case when lock = 'lifted' then 'test' end, case when lock = 'lifted' then 'a test' end
from one_case where lock <> 'none'";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_list_calls_valid_exactly_what_the_register_calls_valid(pool: PgPool) {
    sql::run(&pool, EVERY_CASE).await;
    let (settings, today) = (Settings::default(), date!(2026 - 11 - 15));
    let mut conn = pool.acquire().await.unwrap();
    let count = sql::number(&pool, "select count(*) from one_case").await;
    let ids: Vec<CertificateId> = (1..=count).map(CertificateId).collect();
    let known = certificates::facts(&mut conn, &ids, false).await.unwrap();
    let listed: HashMap<i64, i32> = status_lists::statuses(&mut conn, 1, &settings, today).await.unwrap().into_iter().collect();
    let mut seen = [0; 3];
    for certificate in &known {
        let reasons = against(Action::ShowAsValid, &certificate.facts, settings.kind(certificate.facts.kind), "", today);
        let for_good = ["expired", "cancelled", "withdrawn", "revoked", "transferred", "over-age"];
        let expected = match reasons.as_slice() {
            [] => 0,
            reasons if reasons.iter().any(|reason| for_good.contains(&reason.code)) => 1,
            _ => 2,
        };
        let codes: Vec<&str> = reasons.iter().map(|reason| reason.code).collect();
        let case = sql::text(&pool, &format!("select one_case::text from one_case where id = {}", certificate.id)).await;
        assert_eq!(listed.get(&certificate.id.0).copied().unwrap_or(0), expected, "{case}: {codes:?}");
        seen[usize::try_from(expected).unwrap()] += 1;
    }
    assert!(seen.iter().all(|cases| *cases > 50), "each answer in many cases: {seen:?}");
}
