//! Deliveries about certificates that are known: decisions, applications, violations, business under way.

use time::Date;

use super::draft::Draft;
use super::sheet::{Cell, Expected, Line, Sheet};
use crate::calendar::{add_days, add_years, iso};
use crate::row::Column::{Identity, Name, Number, Phone};

/// What a delivery says of a certificate: its holder's cells.
struct Known {
    number: String,
    name: String,
    identity: String,
    phone: String,
    end: Date,
}

/// The certificates that the deliveries are about: sound rows in force of a register that comes first.
pub(crate) struct Subjects {
    alive: std::vec::IntoIter<Known>,
    run_out: std::vec::IntoIter<Known>,
    as_of: Date,
}

const LOADED: &[&str] = &["loaded"];
const LOADED_OR_WARNED: &[&str] = &["loaded", "warned"];
const REFUSED: &[&str] = &["held", "rejected"];

impl Subjects {
    /// Takes the sound rows of a register.
    pub(crate) fn new(drafts: &[Draft], as_of: Date) -> Subjects {
        let sound = drafts.iter().filter(|draft| draft.expected.why == "clean row");
        let (alive, run_out) = sound
            .filter_map(|draft| {
                let cell = |column| draft.cell(column).to_owned();
                let (number, name, identity, phone) = (cell(Number), cell(Name), cell(Identity), cell(Phone));
                draft.row.end.map(|end| Known { number, name, identity, phone, end })
            })
            .partition::<Vec<_>, _>(|known| known.end > add_days(as_of, 30));
        Subjects { alive: alive.into_iter(), run_out: run_out.into_iter(), as_of }
    }

    fn alive(&mut self) -> Known {
        self.alive.next().unwrap_or_else(|| self.nobody())
    }

    fn run_out(&mut self) -> Known {
        self.run_out.next().unwrap_or_else(|| self.nobody())
    }

    /// A certificate that nobody delivered.
    fn nobody(&self) -> Known {
        Known {
            number: "陕建安B（2017）0000000".to_owned(),
            name: "无名氏".to_owned(),
            identity: "619999196901010017".to_owned(),
            phone: "19900000000".to_owned(),
            end: add_days(self.as_of, 400),
        }
    }
}

fn line(cells: Vec<String>, key: usize, expected: Expected) -> Line {
    let key = cells.get(key).cloned().unwrap_or_default();
    Line::new(cells.into_iter().map(Cell::Text).collect(), key, expected)
}

fn table(titles: &[&str], rows: Vec<Line>) -> Sheet {
    let header = Line::of_texts(titles.iter().copied(), Expected::heading("header"));
    Sheet::new("", std::iter::once(header).chain(rows).collect())
}

/// Decisions (决定): renewals and changes, and what staff must look at.
pub(crate) fn decisions(subjects: &mut Subjects) -> Sheet {
    let as_of = subjects.as_of;
    let mut rows = Vec::new();
    let mut serial = 0;
    let mut push = |word: &str, day: Date, known: &Known, period: [String; 2], employer: [&str; 2], expected: Expected| {
        serial += 1;
        let document = format!("陕建证决〔{}〕{serial:05}号", day.year());
        let mut cells = vec![document, word.to_owned(), iso(day), known.number.clone(), known.name.clone(), known.identity.clone()];
        cells.extend(period);
        cells.extend(employer.map(str::to_owned));
        cells.push(String::new());
        rows.push(line(cells, 0, expected));
    };
    let none = || [String::new(), String::new()];
    let renewed = |known: &Known| {
        let from = add_days(known.end, 1);
        [iso(from), iso(add_days(add_years(from, 3), -1))]
    };
    let (day, firm) = (add_days(as_of, -9), ["陕西垚朔嶓建筑工程有限公司", ""]);
    for _ in 0..8 {
        let known = subjects.alive();
        push("延续", day, &known, renewed(&known), ["", ""], Expected::any(LOADED_OR_WARNED, "clean renewal", None));
        let known = subjects.alive();
        push("变更", day, &known, none(), firm, Expected::any(LOADED_OR_WARNED, "clean change", None));
    }
    for (word, why) in [("注销", "cancellation"), ("暂扣", "suspension"), ("吊销", "revocation"), ("转出", "transfer to another province")]
    {
        push(word, day, &subjects.alive(), none(), ["", ""], Expected::any(LOADED_OR_WARNED, why, None));
    }
    let known = subjects.alive();
    push(
        "延续",
        add_days(as_of, 20),
        &known,
        renewed(&known),
        ["", ""],
        Expected::any(&["loaded", "warned", "held"], "decision of a day to come", None),
    );
    push("初始", day, &subjects.alive(), none(), ["", ""], Expected::any(REFUSED, "initial decision: no number is given yet", None));
    push("归档", day, &subjects.alive(), none(), ["", ""], Expected::any(REFUSED, "kind of decision that nobody knows", None));
    push("注销", day, &subjects.nobody(), none(), ["", ""], Expected::any(REFUSED, "refers to a certificate that nobody delivered", None));
    let stranger = Known { identity: subjects.run_out().identity, ..subjects.alive() };
    push("变更", day, &stranger, none(), firm, Expected::any(REFUSED, "ID number is not that of the holder", None));
    let known = subjects.alive();
    let [from, until] = renewed(&known);
    push("延续", day, &known, [until, from], ["", ""], Expected::any(REFUSED, "new end before new start", Some(31)));
    let unnumbered = Known { number: String::new(), ..subjects.alive() };
    push("变更", day, &unnumbered, none(), firm, Expected::any(REFUSED, "no certificate number", None));
    let titles = [
        "决定文号",
        "决定类型",
        "决定日期",
        "证书编号",
        "姓名",
        "身份证号",
        "新有效期起",
        "新有效期止",
        "新企业",
        "新企业统一社会信用代码",
        "决定事由",
    ];
    table(&titles, rows)
}

/// Applications for the electronic certificate (电子证书申请).
pub(crate) fn applications(subjects: &mut Subjects) -> Sheet {
    let day = iso(add_days(subjects.as_of, -5));
    let mut rows = Vec::new();
    let mut push = |serial: usize, known: &Known, expected: Expected| {
        let cells = vec![
            format!("SQ{}{serial:05}", day.replace('-', "")),
            known.number.clone(),
            known.name.clone(),
            known.identity.clone(),
            known.phone.clone(),
            day.clone(),
            "网站".to_owned(),
        ];
        rows.push(line(cells, 0, expected));
    };
    for serial in 1..=15 {
        push(serial, &subjects.alive(), Expected::any(LOADED_OR_WARNED, "clean application", None));
    }
    let twice = subjects.alive();
    push(20, &twice, Expected::any(LOADED_OR_WARNED, "application that comes again", Some(16)));
    push(20, &twice, Expected::any(&["dropped", "loaded", "warned"], "identical application twice", Some(16)));
    push(21, &subjects.run_out(), Expected::any(&["loaded", "warned", "held", "rejected"], "certificate that has run out", Some(48)));
    push(22, &subjects.nobody(), Expected::any(REFUSED, "refers to a certificate that nobody delivered", None));
    let stranger = Known { identity: subjects.run_out().identity, ..subjects.alive() };
    push(23, &stranger, Expected::any(REFUSED, "ID number is not that of the holder", None));
    let short = subjects.alive();
    let short = Known { identity: format!("{}{}", &short.identity[..6], &short.identity[8..17]), ..short };
    push(24, &short, Expected::any(LOADED_OR_WARNED, "ID number of 15 digits for a holder known with 18", Some(4)));
    let two = subjects.alive();
    let two = Known { phone: format!("{}/19900009999", two.phone), ..two };
    push(25, &two, Expected::any(LOADED_OR_WARNED, "two telephone numbers", Some(51)));
    table(&["申请编号", "证书编号", "姓名", "身份证号", "手机号", "申请日期", "申请渠道"], rows)
}

/// Violations that become locks (违规锁定).
pub(crate) fn violations(subjects: &mut Subjects) -> Sheet {
    let as_of = subjects.as_of;
    let mut rows = Vec::new();
    let mut push = |known: &Known, cause: &str, days: [i64; 2], until: Option<Date>, expected: Expected| {
        let [found, appeal] = days.map(|days| iso(add_days(as_of, days)));
        let until = until.map(iso).unwrap_or_default();
        let cells = vec![known.number.clone(), known.name.clone(), known.identity.clone(), cause.to_owned(), found, appeal, until];
        rows.push(line(cells, if known.number.is_empty() { 2 } else { 0 }, expected));
    };
    let next_year = Some(add_years(as_of, 1));
    for cause in ["考试作弊", "提供虚假材料", "行政处罚执行中", "发生生产安全事故", "同时受聘于两个单位"]
    {
        push(&subjects.alive(), cause, [-20, 10], next_year, Expected::any(LOADED, "clean violation", None));
    }
    push(&subjects.alive(), "考试作弊", [-20, 10], None, Expected::any(LOADED_OR_WARNED, "lock without end date", None));
    push(
        &subjects.alive(),
        "考试作弊",
        [-20, -50],
        next_year,
        Expected::any(&["warned", "held", "rejected"], "appeal ends before the finding", Some(31)),
    );
    let twice = subjects.alive();
    push(&twice, "提供虚假材料", [-20, 10], next_year, Expected::any(LOADED_OR_WARNED, "first of two locks", None));
    push(&twice, "行政处罚执行中", [-10, 20], next_year, Expected::any(LOADED_OR_WARNED, "second of two locks", None));
    let unnumbered = Known { number: String::new(), ..subjects.alive() };
    let any = &["loaded", "warned", "held", "rejected"];
    push(&unnumbered, "提供虚假材料", [-20, 10], next_year, Expected::any(any, "no certificate number: all of the person", None));
    let nobody = subjects.nobody();
    push(
        &nobody,
        "考试作弊",
        [-20, 10],
        next_year,
        Expected::any(&["warned", "held", "rejected"], "refers to a certificate that nobody delivered", None),
    );
    table(&["证书编号", "姓名", "身份证号", "违规原因", "认定日期", "申诉截止日期", "锁定截止日期"], rows)
}

/// Business under way (在办业务), which the sweep must spare.
pub(crate) fn pending(subjects: &mut Subjects) -> Sheet {
    let day = iso(add_days(subjects.as_of, -12));
    let mut rows = Vec::new();
    let mut push = |serial: usize, word: &str, known: &Known, state: &str, expected: Expected| {
        let number = format!("YW{}{serial:05}", day.replace('-', ""));
        let holder = [known.number.clone(), known.name.clone(), known.identity.clone()];
        let cells = [vec![number, word.to_owned()], holder.to_vec(), vec![day.clone(), state.to_owned()]].concat();
        rows.push(line(cells, 0, expected));
    };
    for serial in 1..=6 {
        push(serial, "延续", &subjects.alive(), "受理", Expected::any(LOADED_OR_WARNED, "application under way", None));
        push(10 + serial, "变更", &subjects.alive(), "审查中", Expected::any(LOADED_OR_WARNED, "application under way", None));
    }
    let closed = &["loaded", "warned", "held", "rejected", "dropped"];
    push(20, "变更", &subjects.alive(), "办结", Expected::any(closed, "already finished", None));
    let stranger = Known { name: "无名氏".to_owned(), ..subjects.alive() };
    push(21, "延续", &stranger, "受理", Expected::any(REFUSED, "name is not that of the holder", None));
    push(22, "延续", &subjects.nobody(), "受理", Expected::any(REFUSED, "refers to a certificate that nobody delivered", None));
    table(&["受理编号", "业务类型", "证书编号", "姓名", "身份证号", "受理日期", "办理状态"], rows)
}
