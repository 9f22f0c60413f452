//! What changes between the order of a document and its announcement wins: the order is given up, its version never comes, and what
//! was stored is not announced.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::SystemTime;

use tests::documents;
use tests::home::Home;
use tests::province::{Import, Province};

/// A home in which a worker died after `step` of issuing; the certificates whose orders it left.
fn left_after(step: &str, seed: u32) -> (Home, Vec<String>) {
    let home = Home::new();
    let province = Province::generate(&home, 40, seed, "lease_seconds = 2");
    home.done(&["keys", "init"]);
    province.deliver(&home, Import::Now);
    home.done(&["work", "--until-idle", "--queue", "review_photos"]);
    let died = home.run(&["work", "--until-idle", "--queue", "issue_certificates", "--crash-after", step]);
    assert!(died.stderr.contains("crash drill"), "{died}");
    let ordered = home.sql_column("select number from certificate where stage = 'issuing' order by id");
    assert!(1 < ordered.len(), "{ordered:?}");
    assert_eq!(home.sql_value("select count(*) from document"), "0");
    (home, ordered)
}

/// A day later what was made and never announced is collected, and nothing else.
fn orphans_are_collected(home: &Home) {
    let files: Vec<PathBuf> = documents::files(home).into_iter().collect();
    let announced: i64 = home.sql_value("select count(*) from document").parse().unwrap();
    let orphans = i64::try_from(files.len()).unwrap() - announced;
    let sweep = ["sweep", "collect-orphans", "--today", "2026-11-26"];
    assert_eq!(home.done(&sweep)["changed"], 0, "nothing is a day old");
    for file in &files {
        File::open(file).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    // What a killed process left half written, and what one writes just now.
    let [left, under_way] = [1, 2].map(|number| PathBuf::from(format!("{}#{number}", files[0].display())));
    File::create(&left).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    File::create(&under_way).unwrap();
    assert_eq!(home.done(&[&sweep[..], &["--dry-run"]].concat())["changed"], orphans + 1);
    assert!(left.exists() && documents::files(home).iter().filter(|file| files.contains(file)).count() == files.len());
    let swept = home.done(&sweep);
    assert_eq!((&swept["changed"], &swept["examined"]), (&(orphans + 1).into(), &files.len().into()), "{swept}");
    assert!(!left.exists() && under_way.exists());
    std::fs::remove_file(under_way).unwrap();
    documents::assert_each_issued_once(home);
}

/// Every order that was left is closed for this reason, and its certificate got the next version, and that alone.
fn all_were_ordered_anew(home: &Home, ordered: &[String], reason: &str) {
    home.done(&["work", "--until-idle"]);
    orphans_are_collected(home);
    assert_eq!(home.sql_column("select distinct reason from order_closure"), [reason]);
    assert_eq!(home.sql_value("select count(*) from order_closure"), ordered.len().to_string());
    let versions = home.sql_column(
        "select distinct d.version from document d join order_closure x on true join issue_order o on o.id = x.order_id
         where o.certificate_id = d.certificate_id",
    );
    assert_eq!(versions, ["2"], "the version of an order that was given up never comes");
    let abandoned = home.sql_value("select count(*) from certificate_event where event = 'order-abandoned'");
    assert_eq!(abandoned, ordered.len().to_string());
}

#[test]
fn a_lock_set_meanwhile_stops_the_document_and_its_version() {
    for step in ["order", "write"] {
        let (home, ordered) = left_after(step, 31);
        let locked = &ordered[0];
        home.done(&["lock", "add", locked, "--cause", "a violation"]);
        home.done(&["work", "--until-idle"]);
        orphans_are_collected(&home);
        let of_locked = |table: &str| {
            home.sql_value(&format!(
                "select count(*) from {table} t join certificate c on c.id = t.certificate_id where c.number = '{locked}'"
            ))
        };
        assert_eq!(of_locked("document"), "0", "after {step}");
        assert_eq!(home.sql_column("select reason from order_closure"), ["locked"], "after {step}");
        let id = home.done(&["cert", "show", locked])["locks"][0]["id"].as_str().unwrap().to_owned();
        home.done(&["lock", "lift", &id, "--why", "settled"]);
        home.done(&["work", "--until-idle"]);
        orphans_are_collected(&home);
        assert_eq!((of_locked("document"), of_locked("issue_order")), ("1".to_owned(), "2".to_owned()), "after {step}");
        assert_eq!(home.done(&["cert", "show", locked])["version"], 2, "after {step}");
    }
}

#[test]
fn a_portrait_replaced_meanwhile_is_the_one_that_is_printed() {
    let (home, ordered) = left_after("write", 32);
    // Everybody gets the portrait of somebody else.
    let swapped = home.sql(
        "with approved as (
             select id, person_id, row_number() over (order by id) as n, count(*) over () as all_of_them from photo where state = 'approved'
         ), others as (
             select a.person_id, b.portrait_sha256, b.portrait_key from approved a
             join photo b on b.id = (select id from approved where n = a.n % a.all_of_them + 1)
         )
         update photo p set portrait_sha256 = o.portrait_sha256, portrait_key = o.portrait_key from others o
         where p.person_id = o.person_id and p.state = 'approved' returning p.id",
    );
    assert!(ordered.len() <= swapped.len());
    all_were_ordered_anew(&home, &ordered, "outdated");
    let differ = home.sql_value(
        "select count(*) from document d join issue_order o on o.id = d.order_id join certificate c on c.id = d.certificate_id
         join person p on p.id = c.person_id join photo f on f.id = p.portrait_photo_id where f.portrait_sha256 <> o.portrait_sha256",
    );
    assert_eq!(differ, "0");
}

#[test]
fn keys_rotated_meanwhile_sign_what_is_ordered_anew() {
    let (home, ordered) = left_after("write", 33);
    let old = home.sql_value("select distinct document_key_id from issue_order");
    fs::rename(home.path().join("keys"), home.path().join("keys.old")).unwrap();
    home.done(&["keys", "init"]);
    all_were_ordered_anew(&home, &ordered, "outdated");
    let signed_by_old =
        format!("select count(*) from document d join issue_order o on o.id = d.order_id where o.document_key_id = '{old}'");
    assert_eq!(home.sql_value(&signed_by_old), "0");
}

#[test]
fn fonts_changed_meanwhile_render_what_is_ordered_anew() {
    let (home, ordered) = left_after("order", 34);
    let configuration = fs::read_to_string(home.path().join("ecert.toml")).unwrap();
    let fonts = "[fonts]\nchain = [{ path = \"/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc\", face = 2 }]\n";
    home.configure(&format!("{configuration}\n{fonts}"));
    all_were_ordered_anew(&home, &ordered, "outdated");
}

#[test]
fn a_template_changed_meanwhile_prints_what_is_ordered_anew() {
    let (home, ordered) = left_after("write", 36);
    // The program holds its templates: the orders become those of a program that had others.
    let aged = home.sql(
        "do $$ begin
             alter table issue_order disable trigger order_append_only;
             update issue_order set template_sha256 = sha256(template_sha256), template_version = template_version + 1;
             alter table issue_order enable trigger order_append_only;
         end $$",
    );
    assert_eq!(aged, [["DO"]]);
    all_were_ordered_anew(&home, &ordered, "outdated");
    let templates = home.sql_value(
        "select count(distinct o.template_sha256) from document d join issue_order o on o.id = d.order_id
         join issue_order old on old.certificate_id = o.certificate_id and old.version = 1 and old.template_sha256 = o.template_sha256",
    );
    assert_eq!(templates, "0", "nothing is printed by a template of which the program knows only the digest");
}
