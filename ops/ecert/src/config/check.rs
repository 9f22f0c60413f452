//! The limits of the configuration's values. All problems are found at once.

use std::ops::RangeInclusive;

use domain::check_digit::gb32100_holds;
use portrait::Measure;

use super::Config;

/// Letters of a contact line that still fit under a certificate and on a refusal.
const LONGEST_CONTACT: usize = 120;
/// Characters before the QR statement that keep the code at its version.
const LONGEST_BASE: usize = 64;

/// What cannot be, each in one clause that names the key.
pub(super) fn problems(config: &Config) -> Vec<String> {
    let mut found = Vec::new();
    let contact = &config.settings.contact_zh;
    if contact.trim().is_empty() || contact.contains(char::is_control) || contact.chars().count() > LONGEST_CONTACT {
        found.push(format!("contact.line must be one line of 1 to {LONGEST_CONTACT} characters"));
    }
    if config.fonts.is_empty() {
        found.push("fonts.chain must name at least one font".to_owned());
    }
    if !is_base(&config.verify.base) {
        found.push(format!(
            "verify.base must be a host in upper case without https:// (letters, digits and . - : /, at most {LONGEST_BASE})"
        ));
    }
    if config.settings.issuer_code.as_deref().is_some_and(|code| !gb32100_holds(code)) {
        found.push("identifier.issuer_code must be a unified code of 18 characters with its check character (GB 32100)".to_owned());
    }
    for (kind, code) in &config.type_codes {
        if !is_type_code(code) {
            found.push(format!(
                "identifier.type_codes.{} must be 21 characters: a unified code with its check character (GB 32100), and three more",
                kind.as_str()
            ));
        }
    }
    let lists = &config.status_lists;
    found.extend(outside("status_lists.fresh_minutes", lists.fresh_minutes, 1..=1_440));
    found.extend(outside("status_lists.valid_hours", lists.valid_hours, 24..=720));
    let work = &config.work;
    found.extend(outside("work.lease_seconds", work.lease_seconds, 2..=600));
    found.extend(outside("work.import_chunk", work.import_chunk, 1..=50_000));
    if let Some(number) = work.concurrency {
        found.extend(outside("work.concurrency", number.get().into(), 1..=256));
    }
    found.extend(outside("photos.lease_minutes", config.photos.lease_minutes, 1..=240));
    for (policy, rules) in [("legacy", &config.photos.legacy), ("upload", &config.photos.upload)] {
        for measure in Measure::ALL.into_iter().filter(|measure| !rules.bounds(*measure).are_ordered()) {
            found.push(format!(
                "photos.{policy}.{} must rise from fail_below over warn_below and warn_above to fail_above",
                measure.as_str()
            ));
        }
    }
    let objects = &config.objects;
    if objects.url.as_ref().is_some_and(|url| !url.starts_with("s3://")) {
        found.push("objects.url must be s3://BUCKET or s3://BUCKET/FOLDER".to_owned());
    }
    if objects.endpoint.as_ref().is_some_and(|endpoint| !endpoint.starts_with("https://") && !endpoint.starts_with("http://")) {
        found.push("objects.endpoint must begin with https:// or http://".to_owned());
    }
    if objects.url.is_none() && (objects.endpoint.is_some() || objects.region.is_some()) {
        found.push("objects.endpoint and objects.region need objects.url".to_owned());
    }
    found.extend(outside("database.pool_size", config.database.pool_size, 2..=90));
    let url = config.database.url.as_ref().map(super::DatabaseUrl::expose);
    if url.is_some_and(|url| !url.starts_with("postgres://") && !url.starts_with("postgresql://")) {
        found.push("database.url must begin with postgresql://".to_owned());
    }
    found
}

fn outside(key: &str, value: u32, allowed: RangeInclusive<u32>) -> Option<String> {
    (!allowed.contains(&value)).then(|| format!("{key} is {value} but must be {} to {}", allowed.start(), allowed.end()))
}

/// Only these characters stay in the QR code's dense alphanumeric mode and stand in an address as they are.
fn is_base(base: &str) -> bool {
    (1..=LONGEST_BASE).contains(&base.len())
        && !base.contains("//")
        && base.starts_with(|c: char| c.is_ascii_alphanumeric())
        && base.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b".-:/".contains(&b))
}

fn is_type_code(code: &str) -> bool {
    code.len() == 21 && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) && gb32100_holds(&code[..18])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_qr_address_begins_with_an_upper_case_host() {
        let cases = [
            ("ECERT.EXAMPLE", true),
            ("ECERT.EXAMPLE:8443/V", true),
            ("ecert.example", false),
            ("HTTPS://ECERT.EXAMPLE", false),
            ("ECERT EXAMPLE", false),
            ("", false),
            (".EXAMPLE", false),
        ];
        for (base, expected) in cases {
            assert_eq!(is_base(base), expected, "{base:?}");
        }
        assert!(!is_base(&"A".repeat(LONGEST_BASE + 1)));
    }

    #[test]
    fn type_codes_need_a_true_unified_code() {
        let cases = [
            ("11100000000013338W001", true),
            ("11100000000013338X001", false),
            ("11100000000013338W01", false),
            ("11100000000013338w001", false),
            ("陕陕陕陕陕陕陕", false),
        ];
        for (code, expected) in cases {
            assert_eq!(is_type_code(code), expected, "{code:?}");
        }
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let mut config = Config::default();
        assert_eq!(problems(&config), Vec::<String>::new());
        config.settings.contact_zh = " ".to_owned();
        config.fonts.clear();
        config.settings.issuer_code = Some("123".to_owned());
        config.work.lease_seconds = 0;
        config.database.url = Some("mysql://x".to_owned().into());
        config.objects.url = Some("/srv/objects".to_owned());
        config.objects.endpoint = Some("minio:9000".to_owned());
        let found = problems(&config);
        assert_eq!(found.len(), 7, "{found:?}");
        config.objects.url = None;
        assert!(problems(&config).contains(&"objects.endpoint and objects.region need objects.url".to_owned()));
        assert!(found.contains(&"work.lease_seconds is 0 but must be 2 to 600".to_owned()), "{found:?}");
    }
}
