//! The configuration as a whole: the documented file, what a file changes, and what is refused.

use std::collections::BTreeSet;

use time::macros::date;

use super::*;

/// The documented default file.
const DEFAULT_FILE: &str = include_str!("../../ecert.default.toml");

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/etc/ecert/ecert.toml"))
}

fn refusal(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn the_documented_file_is_the_default() {
    assert_eq!(parse(DEFAULT_FILE).unwrap(), Config::default());
    assert_eq!(parse("").unwrap(), Config::default());
}

/// The parser itself says which keys a table has, so a new key without documentation shows here.
#[test]
fn the_documented_file_shows_every_key_and_no_other() {
    let tables = [
        "kinds.constructor",
        "contact",
        "fonts",
        "verify",
        "keys",
        "status_lists",
        "identifier",
        "identifier.type_codes",
        "work",
        "photos",
        "photos.legacy",
        "photos.upload",
        "database",
    ];
    for table in tables {
        let message = toml::from_str::<file::ConfigFile>(&format!("[{table}]\nzzz = 1\n")).unwrap_err().message().to_owned();
        let known: BTreeSet<&str> = message.split('`').skip(3).step_by(2).collect();
        let shown = keys_shown(table);
        let known: BTreeSet<&str> = known.into_iter().filter(|key| !["type_codes", "legacy", "upload"].contains(key)).collect();
        assert_eq!(shown, known, "[{table}]");
    }
    for kind in Kind::ALL {
        assert!(DEFAULT_FILE.contains(&format!("\n[kinds.{}]\n", kind.as_str())), "{kind}");
    }
}

/// The keys under a heading of the documented file, those in comments too.
fn keys_shown(table: &str) -> BTreeSet<&'static str> {
    DEFAULT_FILE
        .lines()
        .skip_while(|line| *line != format!("[{table}]"))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.trim_start_matches("# ").split_once(" = "))
        .map(|(key, _)| key)
        .filter(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-'))
        .collect()
}

#[test]
fn a_file_changes_what_it_names_and_nothing_else() {
    let config = parse(
        r#"
        [kinds.safety-personnel]
        cut_over = 2026-11-01
        [kinds.post-training]
        starts_on = 2027-01-01
        [kinds.architect]
        starts_on = "off"
        [kinds.constructor]
        highest_age_years = 0
        [contact]
        line = "电话 029-00000000"
        [fonts]
        chain = [{ path = "own.ttf" }]
        [verify]
        anchors = ["ca.pem", "/ca.pem"]
        [identifier.type_codes]
        architect = "11100000000013338W099"
        [work]
        lease_seconds = 30
        concurrency = 0
        [database]
        url = "postgresql://u:secret@db/ecert"
        "#,
    )
    .unwrap();
    let settings = config.domain_settings();
    assert_eq!(settings.kind(Kind::SafetyPersonnel).cut_over, date!(2026 - 11 - 01));
    assert_eq!(settings.kind(Kind::SafetyPersonnel).starts_on, Some(date!(2018 - 11 - 01)));
    assert_eq!(settings.kind(Kind::PostTraining).starts_on, Some(date!(2027 - 01 - 01)));
    assert_eq!(settings.kind(Kind::Architect).starts_on, None);
    assert_eq!(settings.kind(Kind::Constructor).highest_age_years, None);
    assert_eq!(settings.kind(Kind::SpecialOperation), Config::default().domain_settings().kind(Kind::SpecialOperation));
    assert_eq!(settings.contact_zh, "电话 029-00000000");
    assert_eq!(config.fonts, [Font { path: "/etc/ecert/own.ttf".into(), face: 0 }]);
    assert_eq!(config.verify.anchors, [PathBuf::from("/etc/ecert/ca.pem"), PathBuf::from("/ca.pem")]);
    assert_eq!(config.type_code(Kind::Architect), Some("11100000000013338W099"));
    assert_eq!(config.type_code(Kind::Constructor), Some("11100000000013338W001"));
    assert_eq!(config.type_code(Kind::PostTraining), None);
    assert_eq!(config.work.lease_seconds, 30);
    assert!(config.work.jobs_at_a_time() >= 1);
    let url = config.database.url.as_ref().unwrap();
    assert_eq!(url.expose(), "postgresql://u:secret@db/ecert");
    assert!(!format!("{config:?}").contains("secret"));
}

#[test]
fn mistakes_are_told_in_one_line_with_file_line_and_remedy() {
    let cases = [
        (
            "[kinds.constructor]\ncutover = 2018-11-01\n",
            "/etc/ecert/ecert.toml, line 2: unknown key `kinds.constructor.cutover`; did you mean `cut_over`?",
        ),
        ("[kinds.safety-personel]\n", "line 1: unknown key `kinds.safety-personel`; did you mean `safety-personnel`?"),
        ("\n[contact]\nfax = 1\n", "line 3: unknown key `contact.fax`; known here: line"),
        ("[work]\nlease_seconds = \"ten\"\n", "line 2: work.lease_seconds: expected a whole number, found string \"ten\""),
        ("[work]\nconcurrency = 70000\n", "line 2: work.concurrency: expected a whole number from 0 to 65535, found integer `70000`"),
        ("[fonts]\nchain = [{ path = 1 }]\n", "line 2: fonts.chain.path: expected a text in quotes, found integer `1`"),
        (
            "[kinds.architect]\ncut_over = \"2018-11-01\"\n",
            "line 2: kinds.architect.cut_over: expected a date such as 2018-11-01, without quotes",
        ),
        (
            "[kinds.architect]\ncut_over = 2018-11-01T00:00:00Z\n",
            "line 2: kinds.architect.cut_over: expected a date such as 2018-11-01, without quotes",
        ),
        (
            "[kinds.architect]\nstarts_on = \"never\"\n",
            "line 2: kinds.architect.starts_on: expected a date such as 2018-11-01, without quotes, or \"off\"",
        ),
        (
            "[work]\nlease_seconds = 0\nimport_chunk = 0\n",
            "/etc/ecert/ecert.toml: work.lease_seconds is 0 but must be 2 to 600; work.import_chunk is 0 but must be 1 to 50000",
        ),
    ];
    for (text, expected) in cases {
        let message = refusal(text);
        assert!(message.ends_with(expected), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
    assert!(refusal("[work\n").contains("line 1: "));
}

#[test]
fn a_named_file_must_exist_and_the_homes_own_need_not() {
    let scratch = tempfile::tempdir().unwrap();
    let home = Home::resolve(Some(scratch.path().to_owned()), None);
    assert_eq!(Config::load(None, &home).unwrap(), Config::default());
    let missing = scratch.path().join("missing.toml");
    let error = Config::load(Some(&missing), &home).unwrap_err();
    assert!(matches!(&error, ConfigError::Unreadable { path, .. } if *path == missing), "{error:?}");
    fs::write(home.config_file(), "[work]\nlease_seconds = 7\n").unwrap();
    assert_eq!(Config::load(None, &home).unwrap().work.lease_seconds, 7);
}

#[test]
fn the_configuration_of_tests_passes_the_checks() {
    assert_eq!(check::problems(&Config::for_tests()), Vec::<String>::new());
}
