//! Photos from their archive to the reviewer and back: who decides what, and what follows at once.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed")]

use serde_json::Value;
use tests::home::{Home, argument};
use tests::province::{Import, Province};

/// A certificate that waits for its holder's photo to be decided, and that photo.
fn waiting(home: &Home) -> Vec<(String, String)> {
    let rows = home.sql(
        "select distinct on (f.id) f.id::text, c.number from photo_case w join photo f on f.id = w.photo_id
         join certificate c on c.person_id = f.person_id and c.stage = 'photo-review' where w.ended_at is null order by f.id",
    );
    rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
}

fn stage(home: &Home, number: &str) -> Value {
    home.done(&["cert", "show", number])["stage"].clone()
}

#[test]
fn what_the_checks_leave_open_reviewers_decide_and_holders_may_appeal() {
    let home = Home::new();
    let province = Province::generate(&home, 400, 21, "lease_seconds = 2");
    home.done(&["keys", "init"]);
    province.deliver(&home, Import::Now);
    home.done(&["work", "--until-idle"]);
    for name in ["张审核", "李审核"] {
        home.done(&["staff", "add", name]);
    }
    every_entry_is_accounted_for(&home);
    the_report_tells_what_became_of_photos(&home, "held");
    let waiting = waiting(&home);
    assert!(!waiting.is_empty(), "the archive has photos that a person has to decide about");
    let (photo, number) = &waiting[0];

    let original = argument(&home.beside("original.jpg"));
    let portrait = argument(&home.beside("portrait.jpg"));
    let taken = home.done(&["photo", "next", "--as-staff", "张审核", "--original", &original, "--portrait", &portrait]);
    assert_eq!(taken["photo"]["id"], photo.as_str(), "the oldest comes first: {taken}");
    assert!(std::fs::read(&portrait).unwrap().starts_with(b"\xFF\xD8\xFF"));
    let another = home.run(&["photo", "approve", photo, "--as-staff", "李审核"]).ended_with(1);
    assert!(another.stderr.contains("张审核"), "{another}");

    let wrong = home.run(&["photo", "reject", photo, "--as-staff", "张审核", "--reason", "nose"]).ended_with(1);
    assert!(wrong.stderr.contains("photo reasons"), "{wrong}");
    home.done(&["photo", "reject", photo, "--as-staff", "张审核", "--reason", "background", "--note", "请换背景"]);
    let shown = home.done(&["cert", "show", number]);
    assert_eq!((&shown["stage"], &shown["photo"]["state"]), (&"awaiting-photo".into(), &"rejected".into()), "{shown}");
    assert!(shown["photo"]["findings"][0]["zh"].as_str().unwrap().contains("请换背景"), "{shown}");

    the_report_tells_what_became_of_photos(&home, "rejected");
    home.done(&["photo", "undo", photo, "--as-staff", "张审核"]);
    assert_eq!(stage(&home, number), "photo-review");
    home.done(&["photo", "reject", photo, "--as-staff", "张审核", "--reason", "background"]);
    home.done(&["photo", "appeal", photo, "--note", "背景是白色"]);
    let same = home.run(&["photo", "approve", photo, "--as-staff", "张审核"]).ended_with(1);
    assert!(same.stderr.contains("another reviewer"), "{same}");
    let approved = home.done(&["photo", "approve", photo, "--as-staff", "李审核", "--next"]);
    assert!(approved["to_issue"].as_u64().unwrap() > 0, "{approved}");
    let (second, _) = waiting.get(1).expect("the archive has two photos that a person has to decide about");
    assert_eq!(approved["next"]["id"], second.as_str(), "the next one comes with it: {approved}");
    home.done(&["photo", "release", second, "--as-staff", "李审核"]);
    assert_eq!(stage(&home, number), "ready");
    home.done(&["work", "--until-idle"]);
    assert_eq!(stage(&home, number), "issued");
    let printed = home.run(&["photo", "undo", photo, "--as-staff", "李审核"]).ended_with(1);
    assert!(printed.stderr.contains("on an electronic certificate"), "{printed}");

    let stats = home.done(&["photo", "stats"]);
    assert_eq!(
        (&stats["human"], &stats["appealed"], &stats["overturned"], &stats["taken_back"]),
        (&2.into(), &1.into(), &1.into(), &1.into()),
        "{stats}"
    );
    the_same_picture_under_another_name_is_held(&home);
    a_photo_of_nobody_that_comes_again_is_still_of_nobody(&home);
}

fn a_photo_of_nobody_that_comes_again_is_still_of_nobody(home: &Home) {
    let rows = home.sql("select id::text, id_number from photo where person_id is null order by id limit 1");
    let folder = home.beside("再次");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join(format!("{}.jpg", rows[0][1]));
    home.done(&["photo", "show", &rows[0][0], "--original", &argument(&file)]);
    let again = home.done(&["ingest", &argument(&folder), "--as", "photos", "--wait"])["batches"][0].clone();
    assert_eq!((&again["totals"]["held"], &again["totals"]["loaded"]), (&1.into(), &0.into()), "{again}");
    // Its record comes: the rows of both deliveries are loaded.
    let register = home.file(
        "补.csv",
        format!("姓名,身份证号,证书编号,发证日期,有效期至\n洨澜楹,{},陕建安B（2017）9999999,2017-03-05,2020-03-04\n", rows[0][1]),
    );
    home.done(&["ingest", &register, "--as", "certificates", "--kind", "safety-personnel", "--as-of", "2018-10-31", "--wait"]);
    let shown = home.done(&["batch", "show", again["id"].as_str().unwrap()]);
    assert_eq!((&shown["totals"]["held"], &shown["totals"]["loaded"]), (&0.into(), &1.into()), "{shown}");
    let still = format!("select count(*) from intake_row where outcome = 'held' and photo_id = {}", rows[0][0]);
    assert_eq!(home.sql_value(&still), "0");
}

/// Matched, unmatched and refused ones are all entries; nothing of a photo is lost.
fn every_entry_is_accounted_for(home: &Home) {
    let batch = home.sql_value("select id::text from intake_batch where shape = 'photos'");
    let shown = home.done(&["batch", "show", &batch]);
    let total = |name: &str| shown["totals"][name].as_i64().unwrap();
    assert_eq!(total("read"), total("loaded") + total("warned") + total("held") + total("rejected") + total("dropped"), "{shown}");
    let photos: i64 = shown["photos"].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum();
    let again = home.sql_value("select count(*) from intake_row where findings @> '[{\"code\": \"photo-again\"}]'").parse::<i64>().unwrap();
    assert_eq!(photos + again + total("rejected") + total("dropped"), total("read"), "{shown}");
    assert!(total("rejected") > 0, "a text file called .jpg is among them: {shown}");
    let unmatched = shown["photos"]["unmatched"].as_i64().unwrap_or_default();
    assert_eq!(unmatched, total("held"), "{shown}");
}

/// Each photo that is held or rejected is in the report of its delivery, with the reasons in both languages; one is in this state.
fn the_report_tells_what_became_of_photos(home: &Home, state: &str) {
    let batch = home.sql_value("select id::text from intake_batch where shape = 'photos'");
    let out = home.beside("照片报告.csv");
    home.done(&["batch", "report", &batch, "--out", &argument(&out)]);
    let text = std::fs::read_to_string(&out).unwrap();
    let rows = home.sql(
        "select r.line::text, f.state, e ->> 'zh', e ->> 'en' from intake_row r join photo f on f.id = r.photo_id,
         lateral (select findings from photo_review v where v.photo_id = f.id order by id desc limit 1) v, jsonb_array_elements(v.findings) e
         where f.state in ('held', 'rejected')",
    );
    assert!(rows.iter().any(|row| row[1] == state), "{rows:?}");
    for row in rows {
        let told = format!(",{},{},", row[0], row[1]);
        assert!(text.lines().any(|line| line.contains(&told) && line.contains(&row[2]) && line.contains(&row[3])), "{row:?}: {text}");
    }
}

fn the_same_picture_under_another_name_is_held(home: &Home) {
    let rows = home.sql(
        "select f.id::text, c.number from photo f join certificate c on c.person_id = f.person_id
         where f.state = 'approved' and c.stage = 'issued' order by f.id limit 2",
    );
    let file = argument(&home.beside("somebody.jpg"));
    home.done(&["photo", "show", &rows[0][0], "--original", &file]);
    let checked = home.done(&["photo", "check", &file, "--policy", "legacy"]);
    assert_eq!(checked["verdict"], "approved", "{checked}");
    let added = home.done(&["photo", "add", &rows[1][1], &file]);
    home.done(&["work", "--until-idle"]);
    let shown = home.done(&["photo", "show", added["photo"].as_str().unwrap()]);
    assert_eq!((&shown["state"], &shown["cause"]), (&"held".into(), &"duplicate".into()), "{shown}");
    assert_eq!(shown["findings"][0]["code"], "photo-duplicate", "{shown}");
    assert_eq!(stage(home, &rows[0][1]), "issued", "what is printed stays");
}

#[test]
fn a_file_that_is_no_photo_is_refused_with_what_to_do() {
    let home = Home::new();
    let text = home.file("照片.jpg", "照片见附件");
    let heic = home.file("苹果.jpg", b"\0\0\0\x18ftypheic\0\0\0\0");
    for (file, code) in [(&text, "photo-not-a-picture"), (&heic, "photo-unsupported-format")] {
        let told: Value = serde_json::from_str(&home.run(&["photo", "check", file, "--json"]).ended_with(1).stdout).unwrap();
        assert_eq!((&told["verdict"], &told["reasons"][0]["code"]), (&"rejected".into(), &code.into()), "{told}");
    }
    let missing = home.run(&["photo", "check", "/nowhere/photo.jpg"]).ended_with(1);
    assert!(missing.stderr.contains("check the path"), "{missing}");
}
