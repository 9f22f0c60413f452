//! One row of a certificate file: the facts behind it and its cells.

use domain::finding::FindingCode;
use domain::kind::Kind;
use time::Date;

use crate::calendar::iso;
use crate::employer::Employer;
use crate::period::{Period, Standing};
use crate::person::{Person, Sex};
use crate::trade::Trade;

/// The columns of every certificate file, in their order; each kind has its own titles for some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Sex,
    Birth,
    Identity,
    Employer,
    EmployerCode,
    Category,
    Number,
    First,
    Issued,
    Until,
    State,
    Phone,
    Remark,
}

/// How many columns there are.
pub(crate) const COLUMNS: usize = 14;

/// A row with what it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) person: Person,
    pub(crate) period: Period,
    pub(crate) standing: Standing,
    /// The last day as it stands in the row; `None` where none can be read.
    pub(crate) end: Option<Date>,
    trade_code: &'static str,
    cells: [String; COLUMNS],
    width: usize,
}

impl Row {
    /// The row as a careful clerk would have typed it.
    pub(crate) fn clean(
        kind: Kind,
        person: Person,
        employer: Employer,
        trade: Trade,
        number: String,
        (period, standing): (Period, Standing),
    ) -> Row {
        let date = |date: Date| match kind {
            Kind::PostTraining => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
            Kind::Constructor | Kind::Architect | Kind::StructuralEngineer | Kind::SafetyPersonnel | Kind::SpecialOperation => iso(date),
        };
        let sex = match person.sex {
            Sex::Male => "男",
            Sex::Female => "女",
        };
        let mut row =
            Row { kind, person, period, standing, end: period.until, trade_code: trade.code(), cells: Default::default(), width: COLUMNS };
        row.set(Column::Name, row.person.name.clone());
        row.set(Column::Sex, sex.to_owned());
        row.set(Column::Birth, iso(row.person.birth));
        row.set(Column::Identity, row.person.identity.clone());
        row.set(Column::Employer, employer.name);
        row.set(Column::EmployerCode, employer.code);
        row.set(Column::Category, trade.text.to_owned());
        row.set(Column::Number, number);
        row.set(Column::First, date(period.first_issued));
        row.set(Column::Issued, date(period.issued));
        row.set(Column::Until, period.until.map_or_else(|| "长期".to_owned(), date));
        row.set(Column::State, state_word(period, standing).to_owned());
        row.set(Column::Phone, row.person.phone.clone());
        row
    }

    /// The category as a sound number of the row shows it.
    pub(crate) fn trade_code(&self) -> &'static str {
        self.trade_code
    }

    pub(crate) fn cell(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }

    pub(crate) fn set(&mut self, column: Column, text: String) {
        self.cells[column as usize] = text;
    }

    /// Drops the cells after the first so many.
    pub(crate) fn cut_after(&mut self, width: usize) {
        self.width = width.min(COLUMNS);
        if self.width <= Column::Until as usize {
            self.end = None;
        }
    }

    /// The cells that are written.
    pub(crate) fn cells(&self) -> &[String] {
        &self.cells[..self.width]
    }

    /// A cell by which the row is recognised: its number, or the ID number where the row was cut before it.
    pub(crate) fn key(&self) -> &str {
        if self.width > Column::Number as usize { self.cell(Column::Number) } else { self.cell(Column::Identity) }
    }

    /// The findings that follow from the cells, whatever else was done to the row.
    pub(crate) fn consequences(&self, as_of: Date) -> Vec<FindingCode> {
        let written = |column: Column| self.cells().get(column as usize).map_or("", String::as_str);
        let mut codes = Vec::new();
        let has_run_out = self.end.is_some_and(|end| end < as_of);
        let state = written(Column::State);
        if (state == "有效" && has_run_out) || (state == "过期" && self.end.is_some() && !has_run_out) {
            codes.push(FindingCode::StateContradictsDates);
        }
        // The registers leave out that the machinery is that of construction.
        if self.kind == Kind::SpecialOperation && written(Column::Category).starts_with("起重机械") {
            codes.push(FindingCode::CategorySynonym);
        }
        if [Column::First, Column::Issued].iter().any(|column| written(*column).ends_with('日')) {
            codes.push(FindingCode::DateForm);
        }
        codes
    }

    /// Whether the paper is valid on the day of the delivery.
    pub(crate) fn is_alive(&self) -> bool {
        match self.standing {
            Standing::InForce | Standing::EndsTonight => true,
            Standing::Expired => false,
        }
    }
}

/// The word of an old register for the state of a certificate.
pub(crate) fn state_word(period: Period, standing: Standing) -> &'static str {
    match standing {
        Standing::Expired => "过期",
        // Some clerks noted the renewal, others its effect; the day of the month tells them apart here.
        Standing::InForce | Standing::EndsTonight if period.first_issued != period.issued && period.issued.day().is_multiple_of(3) => {
            "续期"
        }
        Standing::InForce | Standing::EndsTonight => "有效",
    }
}

/// The titles of the columns as the kind's register calls them.
pub(crate) fn titles(kind: Kind) -> [&'static str; COLUMNS] {
    let mut titles = [
        "姓名",
        "性别",
        "出生日期",
        "身份证号码",
        "企业名称",
        "统一社会信用代码",
        "职务",
        "证书编号",
        "初次领证日期",
        "发证日期",
        "有效期至",
        "证书状态",
        "手机号",
        "备注",
    ];
    let own: &[(Column, &str)] = match kind {
        Kind::SafetyPersonnel => &[],
        Kind::Constructor => &[(Column::Employer, "聘用企业"), (Column::Category, "注册专业"), (Column::Number, "注册编号")],
        Kind::SpecialOperation => &[(Column::Employer, "工作单位"), (Column::Category, "操作类别"), (Column::Phone, "联系电话")],
        Kind::Architect | Kind::StructuralEngineer => {
            &[(Column::Employer, "聘用单位"), (Column::Category, "专业"), (Column::Number, "注册证书编号")]
        }
        Kind::PostTraining => &[(Column::Employer, "工作单位"), (Column::Category, "岗位")],
    };
    for &(column, title) in own {
        titles[column as usize] = title;
    }
    titles
}
