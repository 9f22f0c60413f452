//! What the lists and closing words tell staff: who delivered and when, what waits, what a worker did, why a photo does not serve.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use std::fs;

use tests::home::Home;
use tests::province::{Import, Province};

#[test]
fn staff_are_told_what_waits_what_was_done_and_why_a_photo_does_not_serve() {
    let home = Home::new();
    let province = Province::generate(&home, 120, 21, "lease_seconds = 2");
    home.done(&["keys", "init"]);
    province.deliver(&home, Import::ByWorkers);

    let waiting = home.done(&["batch", "list"]);
    for batch in waiting["batches"].as_array().unwrap() {
        assert_eq!((&batch["state"], &batch["waiting"]), (&"running".into(), &true.into()), "{waiting}");
    }
    let id = waiting["batches"][0]["id"].as_str().unwrap();
    let delivered = home.sql_value(&format!(
        "select to_char(registered_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') from intake_batch where id = {id}"
    ));
    let listed = home.run(&["batch", "list"]).ended_with(0).stdout;
    assert!(listed.contains("waiting") && listed.contains(&delivered) && !listed.contains("running"), "{listed}");

    let told = home.run(&["work", "--until-idle"]).ended_with(0).stdout;
    let count = |of: &str| home.sql_value(&format!("select count(*) from {of}"));
    for words in [
        format!("{} jobs done, 0 refused", count("job where state = 'done'")),
        format!("{} photos reviewed", count("photo_review")),
        format!("{} certificates issued", count("document")),
    ] {
        assert!(told.contains(&words), "{words}: {told}");
    }
    let again = home.done(&["work", "--until-idle"]);
    assert_eq!(again["jobs"], serde_json::json!({ "done": 0, "refused": 0, "retried": 0, "dead": 0 }), "{again}");
    assert_eq!((&again["certificates_issued"], &again["photos_reviewed"]), (&0.into(), &0.into()), "{again}");
    let finished = home.done(&["batch", "list"]);
    assert!(finished["batches"].as_array().unwrap().iter().all(|batch| batch["waiting"] == false), "{finished}");

    why_a_photo_does_not_serve(&home);
    a_held_certificate_is_released_once(&home);
    a_name_that_no_font_shows_is_listed_and_goes_on_once_a_font_has_it(&home);
    what_does_not_fit_is_held_before_an_order_and_goes_on_once_it_is_shorter(&home);
}

fn a_held_certificate_is_released_once(home: &Home) {
    let number = home.sql_value("select number from certificate where stage = 'issued' order by id limit 1");
    let held = format!(
        "update certificate set stage = 'held', hold_reason = 'no font has it', issue_requested = true where number = '{number}' returning stage"
    );
    assert_eq!(home.sql(&held)[0], ["held"]);
    let issue = home.done(&["cert", "release", &number, "--why", "the font is installed"]);
    assert_eq!(issue["released"][0]["stage"], "ready", "{issue}");
    assert!(home.run(&["cert", "release", &number, "--why", "again"]).ended_with(1).stderr.contains("is not held"));
    home.done(&["work", "--until-idle"]);
    let shown = home.done(&["cert", "show", &number]);
    assert_eq!((&shown["stage"], &shown["version"]), (&"issued".into(), &2.into()), "{shown}");
}

fn a_name_that_no_font_shows_is_listed_and_goes_on_once_a_font_has_it(home: &Home) {
    let numbers = home.sql_column("select number from certificate where stage = 'issued' order by id desc limit 2");
    let configuration = fs::read_to_string(home.path().join("ecert.toml")).unwrap();
    let one_font = "[fonts]\nchain = [{ path = \"/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc\", face = 2 }]\n";
    home.configure(&format!("{configuration}\n{one_font}"));
    for number in &numbers {
        let rare = "update person set name = '王𪜀明𫝀' from certificate c where c.person_id = person.id and c.number = ";
        assert_eq!(home.sql(&format!("{rare}'{number}' returning person.name"))[0], ["王𪜀明𫝀"]);
        let held = "update certificate set stage = 'held', hold_reason = 'a test', issue_requested = true where number = ";
        assert_eq!(home.sql(&format!("{held}'{number}' returning stage"))[0], ["held"]);
        home.done(&["cert", "release", number, "--why", "to be issued again"]);
    }
    home.done(&["work", "--until-idle"]);

    let held = home.done(&["cert", "held", "--reason", "missing-glyph"]);
    assert_eq!(held["certificates"].as_array().unwrap().len(), 2, "{held}");
    assert_eq!(held["certificates"][0]["text"], "no font has 𪜀 (U+2A700) of holder-name, 𫝀 (U+2B740) of holder-name");
    let listed = home.run(&["cert", "held"]).ended_with(0).stdout;
    assert!(
        listed.contains(&numbers[0]) && listed.contains("U+2A700") && listed.contains("cert release --reason missing-glyph"),
        "{listed}"
    );
    assert_eq!(home.done(&["cert", "held", "--reason", "other"])["certificates"], serde_json::json!([]));
    // The version before stays what it is.
    let shown = home.done(&["cert", "show", &numbers[0]]);
    assert_eq!((&shown["stage"], &shown["held"]["code"]), (&"held".into(), &"missing-glyph".into()), "{shown}");
    assert!(home.run(&["cert", "show", &numbers[0]]).ended_with(0).stdout.contains("U+2A700"), "the reason stands where staff look first");
    assert!(home.run(&["cert", "release", "--reason", "other", "--why", "x"]).ended_with(1).stderr.contains("ecert cert held"));

    home.configure(&configuration);
    let foreseen = home.done(&["cert", "release", "--reason", "missing-glyph", "--why", "the fonts are installed", "--dry-run"]);
    assert_eq!(foreseen["would_release"], 2, "{foreseen}");
    let released = home.done(&["cert", "release", "--reason", "missing-glyph", "--why", "the fonts are installed"]);
    assert_eq!(released["released"].as_array().unwrap().len(), 2, "{released}");
    home.done(&["work", "--until-idle"]);
    assert_eq!(home.done(&["cert", "held"])["certificates"], serde_json::json!([]));
    let shown = home.done(&["cert", "show", &numbers[0]]);
    assert_eq!(shown["stage"], "issued", "{shown}");
}

fn what_does_not_fit_is_held_before_an_order_and_goes_on_once_it_is_shorter(home: &Home) {
    let numbers = home.sql_column(
        "select number from certificate where stage = 'issued' and kind = 'safety-personnel' and employer_id is not null order by id desc limit 2",
    );
    let [wide, long] = numbers.as_slice() else { panic!("two certificates with employers: {numbers:?}") };
    let duty = |number: &str, duty: &str| format!("update certificate set duty = {duty} where number = '{number}' returning 'done'");
    let name = |number: &str, name: &str| {
        format!(
            "update person set name = {name} from certificate c where c.person_id = person.id and c.number = '{number}' returning 'done'"
        )
    };
    let orders = home.sql_value("select count(*) from issue_order");
    assert_eq!(home.sql(&duty(wide, "repeat('长', 3000)"))[0], ["done"]);
    assert_eq!(home.sql(&name(long, "repeat('长', 90)"))[0], ["done"]);
    for number in &numbers {
        let held = "update certificate set stage = 'held', hold_reason = 'a test', issue_requested = true where number = ";
        assert_eq!(home.sql(&format!("{held}'{number}' returning stage"))[0], ["held"]);
        home.done(&["cert", "release", number, "--why", "to be issued again"]);
    }
    home.done(&["work", "--until-idle"]);
    assert_eq!(home.sql_value("select count(*) from issue_order"), orders, "nothing was ordered");
    let held = home.done(&["cert", "held", "--reason", "does-not-fit"]);
    let reason = |number: &str| {
        let row = held["certificates"].as_array().unwrap().iter().find(|row| row["number"] == *number);
        row.unwrap_or_else(|| panic!("{number} in {held}"))["text"].as_str().unwrap().to_owned()
    };
    assert!(reason(wide).starts_with("the text of 职务 does not fit"), "{held}");
    assert!(reason(long).contains("QR code"), "{held}");
    assert!(home.run(&["cert", "held"]).ended_with(0).stdout.contains("does-not-fit: deliver the record again"));

    assert_eq!(home.sql(&duty(wide, "'专职安全生产管理人员'"))[0], ["done"]);
    assert_eq!(home.sql(&name(long, "'王小明'"))[0], ["done"]);
    home.done(&["cert", "release", "--reason", "does-not-fit", "--why", "they are shorter"]);
    home.done(&["work", "--until-idle"]);
    for number in &numbers {
        assert_eq!(home.done(&["cert", "show", number])["stage"], "issued");
    }
}

fn why_a_photo_does_not_serve(home: &Home) {
    let refused = home.sql(
        "select number, p.state from certificate c join photo p on p.person_id = c.person_id
         where p.state in ('held', 'rejected') and not exists (select from photo n where n.person_id = p.person_id and n.id > p.id)",
    );
    assert!(!refused.is_empty(), "the province has photos that do not serve");
    for row in &refused {
        let shown = home.done(&["cert", "show", &row[0]]);
        let finding = &shown["photo"]["findings"][0];
        assert_eq!(shown["photo"]["state"], row[1].as_str(), "{shown}");
        assert!(["code", "zh", "en"].iter().all(|field| !finding[field].as_str().unwrap().is_empty()), "{shown}");
        let told = home.run(&["cert", "show", &row[0]]).ended_with(0).stdout;
        assert!(told.contains("newest photo") && told.contains(finding["zh"].as_str().unwrap()), "{told}");
    }
    let without =
        home.sql_column("select number from certificate c where not exists (select from photo p where p.person_id = c.person_id)");
    assert!(home.done(&["cert", "show", &without[0]])["photo"].is_null());
}

#[test]
fn removing_a_database_is_told_once_and_only_where_there_was_one() {
    let home = Home::new();
    home.done(&["db", "start"]);
    let told = home.run(&["db", "remove"]).ended_with(0);
    assert_eq!((told.stdout.lines().count(), told.stderr.as_str()), (1, ""), "{told}");
    assert!(told.stdout.starts_with("removed ") && !home.path().join("postgres").exists(), "{told}");
    assert_eq!(home.done(&["db", "remove", "--yes"])["removed"], false);
}
