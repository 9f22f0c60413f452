//! The closed list of findings. Case numbers are those of the project's list of 53 dirty-data cases.

use super::Outcome;
use crate::stored_code::stored_enum;

/// Writes the enum and its tables from one list, so that no code can lack its words or its outcome.
macro_rules! findings {
    ($( $variant:ident = $code:literal, $case:expr, $outcome:ident, $zh:literal, $en:literal; )+) => {
        stored_enum! {
            /// What can be noticed about a row, a photo or a file. Codes are stable: reports and staff rely on them.
            pub enum FindingCode {
                $( #[doc = $en] $variant = $code, )+
            }
        }

        impl FindingCode {
            /// What the finding makes of its row.
            pub const fn outcome(self) -> Outcome {
                match self { $( Self::$variant => Outcome::$outcome ),+ }
            }

            /// Number of the dirty-data case that the finding treats.
            pub const fn case_no(self) -> Option<u8> {
                match self { $( Self::$variant => $case ),+ }
            }

            /// The message in Chinese.
            pub const fn zh(self) -> &'static str {
                match self { $( Self::$variant => $zh ),+ }
            }

            /// The message in English.
            pub const fn en(self) -> &'static str {
                match self { $( Self::$variant => $en ),+ }
            }
        }
    };
}

findings! {
    // Identity numbers.
    IdentityLowerCase = "identity-lower-case", Some(1), Loaded, "身份证号小写字母已改为大写", "lower-case letter in the ID number changed to upper case";
    IdentityFullWidth = "identity-full-width", Some(2), Loaded, "身份证号全角字符已改为半角", "full-width characters in the ID number changed to half width";
    IdentitySpacing = "identity-spacing", Some(3), Loaded, "身份证号中的空格、不可见字符或前导撇号已去除", "blanks, invisible characters or a leading apostrophe removed from the ID number";
    IdentityFifteenDigits = "identity-fifteen-digits", Some(4), Warned, "15位身份证号，已推算18位号码供比对", "ID number of 15 digits; its form of 18 was derived for matching";
    IdentityFifteenBadDate = "identity-fifteen-bad-date", Some(5), Held, "15位身份证号中的出生日期不存在", "ID number of 15 digits with a birth date that does not exist";
    IdentityChecksum = "identity-checksum", Some(6), Held, "身份证号校验码不符", "wrong check character in the ID number";
    IdentityBadDate = "identity-bad-date", Some(6), Held, "身份证号中的出生日期不存在", "ID number with a birth date that does not exist";
    IdentityDamaged = "identity-damaged", Some(7), Held, "身份证号末三位为000，疑被电子表格破坏", "ID number ends in 000, damaged by a spreadsheet";
    IdentityScientific = "identity-scientific", Some(8), Rejected, "身份证号为科学计数法，已无法还原", "ID number in scientific notation, which cannot be undone";
    IdentityNumericCell = "identity-numeric-cell", Some(9), Held, "身份证号以数值存储，末几位已丢失", "ID number stored as a number, its last digits are lost";
    BirthDateDiffers = "birth-date-differs", Some(10), Warned, "出生日期与身份证号不一致，以身份证号为准", "birth date differs from the ID number, which was taken";
    SexDiffers = "sex-differs", Some(11), Warned, "性别与身份证号不一致，以身份证号为准", "sex differs from the ID number, which was taken";
    IdentityOtherDocument = "identity-other-document", Some(12), Warned, "身份证号栏为其他证件", "another document than the resident ID card in the ID column";
    IdentityUnrecognised = "identity-unrecognised", Some(12), Held, "证件号码无法识别", "the ID number is of no known form";
    IdentityKindDiffers = "identity-kind-differs", Some(12), Held, "证件类型与证件号码的形式不符", "the number has not the form of the stated kind of document";
    IdentityIssueCount = "identity-issue-count", Some(13), Warned, "证件号码末尾的签发次数已分开", "number of issues split off from the permit number";
    SameIdOtherName = "same-id-other-name", Some(14), Held, "同一身份证号出现不同姓名", "the same ID number with another name";
    SameNameBirthOtherId = "same-name-birth-other-id", Some(15), Held, "同名同出生日期但身份证号不同，疑为同一人", "the same name and birth date with another ID number";
    DuplicateRow = "duplicate-row", Some(16), Loaded, "重复行，内容相同，已合并", "identical row, collapsed";
    DuplicateRowDiffers = "duplicate-row-differs", Some(16), Held, "同一人同一证书出现内容不同的两行", "the same person and certificate twice with other content";

    // Certificate numbers.
    NumberOfTwoPeople = "number-of-two-people", Some(18), Held, "同一证书编号对应两人", "one certificate number for two people";
    NumberForm = "number-form", Some(19), Loaded, "证书编号的括号、空格或附加字样已规范", "brackets, blanks or additions of the certificate number brought into form";
    NumberSerialZerosLost = "number-serial-zeros-lost", Some(20), Held, "证书编号流水号位数不足，疑丢失前导零", "serial of the certificate number lost its leading zeros";
    NumberYear = "number-year", Some(21), Held, "证书编号缺少年份或年份不是四位", "year missing in the certificate number or not of four digits";
    OldCategoryC = "old-category-c", Some(22), Warned, "旧C类证书，未分C1、C2、C3", "old category C without a class";
    NumberProvince = "number-province", Some(23), Loaded, "证书编号中的繁体“陜”已改为“陕”", "traditional form of the province character changed";
    NumberLetters = "number-letters", Some(23), Held, "证书编号中疑有字母与数字或形近字混淆", "a letter in place of a digit, or a look-alike character, in the certificate number";
    NumberLength = "number-length", Some(24), Held, "证书编号位数不符", "certificate number of a wrong length";
    NumberUnrecognised = "number-unrecognised", None, Held, "证书编号不符合本类证书的编号规则", "certificate number of no known form of its kind";
    KindMismatch = "kind-mismatch", None, Held, "证书编号属于另一类证书", "certificate number of another kind";
    OutOfScope = "out-of-scope", Some(52), Rejected, "不属于本省本系统的证书（一级、水利、交通或外省）", "certificate out of scope: first level, water or traffic, or another province";

    // Categories, trades, specialties, duties.
    CategorySynonym = "category-synonym", Some(25), Loaded, "类别、工种或专业的别称已对应到规范名称", "synonym of a category, trade or specialty mapped to its proper name";
    CategoryUnknown = "category-unknown", Some(25), Held, "类别、工种或专业不在目录内", "category, trade or specialty not in the list";
    CategoryDiffers = "category-differs", Some(25), Held, "类别与证书编号中的类别不一致", "category differs from the one in the certificate number";
    DutyDiffers = "duty-differs", Some(25), Warned, "职务与证书类别不相称", "duty does not go with the category of the certificate";
    SeveralSpecialties = "several-specialties", Some(26), Warned, "一栏内有多个专业，已拆分", "several specialties in one cell, split";

    // Dates and periods.
    DateForm = "date-form", Some(27), Loaded, "日期写法已规范", "date brought into form";
    DateOffset = "date-offset", Some(27), Loaded, "带时区的时间已换算为北京时间的日期", "moment with an offset converted to the day in Shanghai";
    MonthOnly = "month-only", Some(27), Warned, "日期只有年月，日未知", "date of year and month only, its day is unknown";
    DateSerial = "date-serial", Some(28), Loaded, "日期序列值已换算", "date serial of a spreadsheet converted";
    DateSerialAmbiguous = "date-serial-ambiguous", Some(28), Held, "日期序列值的起算年不明", "date serial whose base year is unclear";
    DateAmbiguous = "date-ambiguous", Some(29), Held, "日期写法有歧义", "ambiguous date";
    DateImpossible = "date-impossible", Some(30), Warned, "日期不存在，按空处理", "date that does not exist, taken as empty";
    DateSentinel = "date-sentinel", Some(30), Warned, "占位日期，按空处理", "placeholder date, taken as empty";
    EndDateImpossible = "end-date-impossible", Some(30), Rejected, "有效期截止日期不存在", "end date that does not exist";
    EndBeforeStart = "end-before-start", Some(31), Held, "有效期截止早于起始", "end before start";
    StartBeforeFirstIssue = "start-before-first-issue", Some(31), Held, "发证日期早于初次领证日期", "start before the first issue";
    PeriodOffByADay = "period-off-by-a-day", Some(31), Warned, "有效期与规定相差一天", "period differs by a day from that of the kind";
    PeriodNotOfKind = "period-not-of-kind", Some(31), Held, "有效期长度与规定不符", "period is not that of the kind";
    EndDateSentinel = "end-date-sentinel", Some(30), Rejected, "有效期截止为占位日期（如2099-12-31、0000-00-00），等同未填，本类证书必须有截止日期", "the end date is a placeholder such as 2099-12-31 or 0000-00-00, which is none, and the kind needs one";
    IssuedAfterDelivery = "issued-after-delivery", Some(31), Held, "发证日期晚于数据截止日，年份疑有误", "issued after the day on which the delivery was true; the year may be mistyped";
    StartTooLate = "start-too-late", Some(31), Held, "有效期起始远晚于数据截止日，年份疑有误", "the period begins long after the day on which the delivery was true; the year may be mistyped";
    EndTooLate = "end-too-late", Some(31), Held, "有效期截止超出本类证书最长有效期，年份疑有误", "the end lies further away than the longest period of the kind; the year may be mistyped";
    EndMissing = "end-missing", Some(32), Held, "缺少有效期截止日期", "no end date";
    EndUnlimited = "end-unlimited", Some(32), Held, "有效期写为长期，与规定不符", "without end, which the kind does not know";
    EndMonthOnly = "end-month-only", Some(33), Held, "有效期截止只有年月", "end date of year and month only";

    // Files, rows and cells.
    TitleRow = "title-row", Some(34), Dropped, "标题行", "title";
    HeaderRow = "header-row", Some(34), Dropped, "表头行", "header";
    RepeatedHeader = "repeated-header", Some(34), Dropped, "重复的表头行", "repeated header";
    TotalRow = "total-row", Some(34), Dropped, "合计行或表尾", "total or footer";
    BlankRow = "blank-row", Some(34), Dropped, "空行", "blank row";
    TooFewFields = "too-few-fields", Some(34), Held, "栏数少于表头", "fewer fields than the header";
    TooManyFields = "too-many-fields", Some(34), Held, "栏数多于表头", "more fields than the header";
    ColumnTwice = "column-twice", Some(34), Held, "表头中该栏出现两次且内容不同，须人工选定", "the header has the column twice and its cells differ";
    UnbalancedQuote = "unbalanced-quote", Some(38), Rejected, "引号不成对，无法分列", "a quotation mark without its pair";
    RecordTooLarge = "record-too-large", Some(34), Rejected, "记录过长，无法读取", "record too large to be read";
    LineUnreadable = "line-unreadable", Some(38), Rejected, "该行不是完整的JSON对象", "the line is no JSON object";
    RecordTruncated = "record-truncated", Some(38), Held, "文件在此处中断，记录不完整", "the file breaks off within this record";
    RecordsMissing = "records-missing", Some(38), Held, "文件在此处中断，缺少文件头声明的记录，请索取完整文件", "the file breaks off here before records that it announces; ask for the whole file";
    EntryUnreadable = "entry-unreadable", Some(38), Rejected, "压缩包内的文件不是可读取的数据表", "the file of the archive cannot be read as a table";
    ArchiveFurniture = "archive-furniture", Some(38), Dropped, "压缩包内的文件夹或系统文件", "folder or system file of the archive";
    SheetWithoutHeader = "sheet-without-header", Some(34), Dropped, "工作表没有可识别的表头，未读取", "row of a sheet without a recognisable header";
    RowWithoutHeader = "row-without-header", Some(34), Held, "工作表没有可识别的表头，但该行含证件号码或证书编号", "a row with an ID or certificate number in a sheet without a recognisable header";
    AboveHeader = "above-header", Some(34), Held, "表头之上的行含证件号码或证书编号", "a row with an ID or certificate number above the header";
    DroppedBefore = "dropped-before", Some(34), Dropped, "原报告已列为非数据行，清空其outcome栏可重新读取", "no row of the table by the report that came back; empty its outcome there to have it read";
    DeletedRecord = "deleted-record", Some(36), Dropped, "数据表中已标记删除的记录", "record that its table marks as deleted";
    RequiredMissing = "required-missing", None, Rejected, "缺少必填项（姓名、证件号码或证书编号）", "a required value is missing: name, ID number or certificate number";
    MergedCellFilled = "merged-cell-filled", Some(35), Warned, "合并单元格的值已填充到本行", "value of a merged cell filled down";
    HiddenRow = "hidden-row", Some(36), Warned, "来自隐藏的行", "from a hidden row";
    HiddenSheet = "hidden-sheet", Some(36), Warned, "来自隐藏的工作表", "from a hidden sheet";
    FormulaError = "formula-error", Some(37), Held, "单元格为公式错误值", "error value of a formula in a cell";
    DisguisedFormat = "disguised-format", Some(38), Loaded, "文件实际格式与扩展名不符", "the format of the file is not that of its extension";
    MojibakeRecovered = "mojibake-recovered", Some(39), Loaded, "乱码已按原编码还原", "text of a wrong conversion recovered";
    UnreadableBytes = "unreadable-bytes", Some(39), Held, "乱码，原文已丢失", "text lost in a wrong conversion";
    HalfCharacter = "half-character", Some(40), Warned, "文字在半个汉字处被截断，已去除残余字节", "text cut in the middle of a character";
    HalfCharacterInName = "half-character-in-name", Some(40), Held, "姓名在半个汉字处被截断", "name cut in the middle of a character";

    MemoMissing = "memo-missing", Some(40), Warned, "备注文件（.dbt、.fpt）缺失，该栏内容未读取", "the memo file that holds the text is missing";

    // Names.
    NamePrivateUseMapped = "name-private-use-mapped", Some(41), Loaded, "姓名中的自造区生僻字已换为标准字", "rare character of the private use area in the name mapped to its standard form";
    NamePrivateUseUnknown = "name-private-use-unknown", Some(41), Held, "姓名中的自造区字无标准对应", "character of the private use area in the name without a known standard form";
    NamePlaceholder = "name-placeholder", Some(41), Held, "姓名中有□、〓、?等占位符", "placeholder in the name";
    NameComposed = "name-composed", Some(41), Held, "姓名中有组字", "composed character in the name";
    NameLatin = "name-latin", Some(41), Held, "姓名中有拉丁字母", "Latin letters in the name";
    NameUnexpectedCharacter = "name-unexpected-character", Some(41), Held, "姓名中有不应出现的字符", "character in the name that no name has";
    NameDotMapped = "name-dot-mapped", Some(42), Loaded, "姓名间隔号已统一为“·”", "separator in the name changed to the middle dot";
    NamePunctuationAsDot = "name-punctuation-as-dot", Some(42), Warned, "姓名中的标点已按间隔号处理", "punctuation in the name taken for the middle dot";
    NameDotMissing = "name-dot-missing", Some(42), Held, "姓名疑缺少间隔号", "the middle dot seems to be missing in the name";
    NameIncomplete = "name-incomplete", Some(42), Held, "姓名不完整", "incomplete name";
    NameTooLong = "name-too-long", Some(42), Held, "姓名过长", "name too long";
    NameNote = "name-note", Some(43), Held, "姓名中有附注或数字", "note or digits in the name";
    NameSpacing = "name-spacing", None, Loaded, "姓名中的空格已去除", "blanks removed from the name";

    // Sex, employer, authority.
    SexCoded = "sex-coded", Some(44), Loaded, "性别代码已换算", "code of the sex read";
    SexUnrecognised = "sex-unrecognised", Some(44), Warned, "性别无法识别，以身份证号为准", "sex of no known form, the ID number's was taken";
    EmployerCodeCheck = "employer-code-check", Some(45), Warned, "统一社会信用代码校验码不符", "wrong check character in the unified code";
    EmployerCodeOrganisation = "employer-code-organisation", Some(45), Warned, "旧组织机构代码", "old organisation code in place of the unified code";
    EmployerLinked = "employer-linked", Some(45), Warned, "旧组织机构代码已按登记对应到统一社会信用代码", "old organisation code linked to the unified code that is registered for the employer and holds it";
    EmployerLinkedByName = "employer-linked-by-name", Some(45), Loaded, "未填单位代码，已按单位名称对应到登记的统一社会信用代码", "no employer code; linked by the name to the only unified code that is registered for it";
    EmployerCodeLicence = "employer-code-licence", Some(45), Warned, "旧营业执照号", "old licence number in place of the unified code";
    EmployerCodeUnrecognised = "employer-code-unrecognised", Some(45), Warned, "单位代码无法识别", "employer code of no known form";
    EmployerNameSpacing = "employer-name-spacing", Some(46), Loaded, "单位名称首尾空格已去除", "blanks around the employer's name removed";
    EmployerBranch = "employer-branch", Some(46), Warned, "单位为分支机构", "the employer is a branch";
    TextTooLong = "text-too-long", None, Held, "内容过长，无法使用", "text too long to be what the column holds";
    FormerAuthority = "former-authority", Some(47), Loaded, "发证机关为原名称", "issuing authority under its former name";

    // States.
    StateContradictsDates = "state-contradicts-dates", Some(48), Warned, "证书状态与有效期不符", "state word contradicts the dates";
    StateVoid = "state-void", Some(48), Warned, "状态“作废”按注销处理", "the state 'void' was taken as cancelled";
    StateLocked = "state-locked", Some(48), Warned, "登记为锁定，证书已加锁，解锁前不能签发", "the register calls the certificate locked; it was locked and is not issued until that is lifted";
    StatePending = "state-pending", Some(48), Held, "证书尚在审批中", "the certificate is still under approval";
    StateElsewhere = "state-elsewhere", Some(48), Held, "未识别的列中有表示证书已失效或受限的词", "a word that ends or stops the certificate in a column that is not read";
    StateUnknown = "state-unknown", Some(48), Held, "证书状态无法识别", "state word of no known meaning";
    OlderRowOfNumber = "older-row-of-number", Some(49), Loaded, "同一证书编号的较早记录", "older row of the certificate number";
    Tie = "tie-of-number", Some(49), Held, "同一证书编号的记录无法分出先后", "rows of one certificate number of which neither is newer";
    NewerRowHeld = "newer-row-held", Some(49), Held, "同一证书编号较新的记录待人工处理，本条较早记录随之待处理；较新记录处理后，本条应退回", "a newer row of the certificate number is held and may say that it has ended; this older one waits with it, and is refused once that is settled";
    OlderDelivery = "older-delivery", Some(49), Warned, "较新的交付已有该证书的记录，本行未采用", "a newer delivery spoke of this certificate; the row was not taken over";
    StatusKept = "status-kept", None, Warned, "登记在册的法律状态不能据此改变，其余内容已更新", "the known legal status cannot change to the delivered one and was kept; the other values were taken over";
    PaperAfterCutOver = "paper-after-cut-over", None, Held, "电子证书启用后首次核发的纸质证书", "paper certificate first issued on or after the cut-over";

    // Photos.
    PhotoUnmatched = "photo-unmatched", Some(50), Held, "照片没有对应的人员", "photo of nobody known";
    PhotoBadName = "photo-bad-name", Some(50), Rejected, "照片文件名不是证件号码", "the file name of the photo is no ID number";
    PhotoEmpty = "photo-empty", Some(50), Rejected, "照片文件为空", "empty photo file";
    PhotoTooLarge = "photo-too-large", Some(50), Rejected, "照片文件过大", "photo file too large";
    PhotoUnreadable = "photo-unreadable", Some(50), Rejected, "照片无法读取", "unreadable photo";
    PhotoNotAPicture = "photo-not-a-picture", Some(50), Rejected, "文件不是图片", "no picture, whatever the file is called";
    PhotoUnsupportedFormat = "photo-unsupported-format", Some(50), Rejected, "图片格式不支持（如HEIC），请另存为JPEG", "a format of pictures that is not read, such as HEIC; save it as JPEG";
    PhotoTwoFormats = "photo-two-formats", Some(50), Rejected, "文件同时含有其他类型的内容，不是单纯的照片", "a photo with the content of another kind of file in it";
    PhotoUnfolds = "photo-unfolds", Some(50), Rejected, "照片解压后过大", "photo that unfolds beyond all measure";
    PhotoTooManyPixels = "photo-too-many-pixels", Some(50), Rejected, "照片像素过多", "photo of too many pixels";
    PhotoTooSmall = "photo-too-small", Some(50), Rejected, "照片像素过低", "photo of too few pixels";
    PhotoDuplicate = "photo-duplicate", Some(50), Held, "同一照片对应多人", "one photo for several people";
    PhotoAgain = "photo-again", Some(50), Loaded, "同一人的同一照片再次提交", "the same photo of the same person came before";
    PhotoReplaced = "photo-replaced", Some(50), Loaded, "同一人有更新的照片", "a newer photo of the same person is there";
    PhotoFolder = "photo-folder", Some(50), Dropped, "文件夹条目", "folder entry";

    // Decisions, applications, violations, business under way.
    EntryMissing = "entry-missing", None, Held, "缺少办理所必需的内容", "something without which the row has no meaning is missing";
    WordUnknown = "word-unknown", None, Held, "决定类型或办理状态无法识别", "kind of decision or state of business in no list";
    CertificateUnknown = "certificate-unknown", None, Held, "登记中没有该证书", "no such certificate is known";
    HolderUnknown = "holder-unknown", None, Held, "登记中没有该人员的证书", "nobody with this ID number holds a certificate";
    NotTheHolder = "not-the-holder", None, Held, "姓名或身份证号与持证人不符", "name or ID number is not the holder's";
    NumberOfSeveralKinds = "number-of-several-kinds", None, Held, "该编号对应多类证书，须指明类别", "certificates of several kinds have this number";
    AllCertificatesOfHolder = "all-certificates-of-holder", None, Warned, "未写证书编号，按该人员全部证书办理", "no certificate number; taken for every certificate of the holder";
    AlreadyKnown = "already-known", None, Loaded, "内容相同的记录此前已登记", "the same came before and is registered";
    DecisionNumberTaken = "decision-number-taken", None, Held, "决定文号已用于内容不同的决定", "the number stands for another decision";
    DecisionInitial = "decision-initial", None, Held, "初始决定须先分配证书编号，尚不能办理", "a first issue needs a certificate number, which is not allotted yet";
    DecisionBeforeIssue = "decision-before-issue", Some(31), Held, "决定日期早于初次领证日期", "decided before the certificate was first issued";
    DecisionRefused = "decision-refused", None, Held, "证书现状不容许该决定", "the certificate's state does not admit the decision";
    DecisionOvertaken = "decision-overtaken", Some(49), Warned, "较晚的决定或登记已生效，本决定仅作记录", "later decisions or records are in effect; kept for the record";
    DecisionWaits = "decision-waits", None, Loaded, "生效日未到，届时生效", "takes effect on a day to come";
    SpecialtyNotNamed = "specialty-not-named", Some(26), Warned, "未写明专业，仅延续有效期最晚的专业", "no specialty named; only those that run out last were renewed";
    ApplicationRefused = "application-refused", None, Warned, "申请未获受理", "the application was refused";
    ApplicationKept = "application-kept", None, Loaded, "申请已受理，条件具备后签发", "the application is kept until what stands against it has passed";
    ApplicationNumberTaken = "application-number-taken", None, Held, "申请编号已用于内容不同的申请", "the number stands for another application";
    AlreadyElectronic = "already-electronic", None, Loaded, "电子证书已签发或正在办理", "the electronic certificate is issued or under way";
    AppealBeforeFinding = "appeal-before-finding", Some(31), Warned, "申诉截止日期早于认定日期，按空处理", "the last day to appeal lies before the finding; taken as empty";
    ViolationDiffers = "violation-differs", None, Held, "同一违规此前已锁定，期限不同", "the same violation is known with other dates";
    BusinessNumberTaken = "business-number-taken", None, Held, "受理编号已用于另一证书或另一业务", "the number stands for other business";
    BusinessClosed = "business-closed", None, Warned, "该业务此前已办结，未重新打开", "the business was closed before and stays closed";

    // What a profile or a person said.
    ProfileValue = "profile-value", None, Loaded, "已按导入方案换算", "read as the profile says";
    ProfileDefault = "profile-default", None, Loaded, "空值已按导入方案填写", "empty, filled as the profile says";
    RowCorrected = "row-corrected", None, Loaded, "已由工作人员更正", "corrected by a person";
    RowAccepted = "row-accepted", None, Warned, "已由工作人员核实采用", "checked and accepted by a person";
    RowRefused = "row-refused", None, Rejected, "已由工作人员退回", "refused by a person";

    // Telephone numbers, tests.
    PhoneForm = "phone-form", Some(51), Loaded, "手机号写法已规范", "mobile number brought into form";
    PhoneExtra = "phone-extra", Some(51), Warned, "手机号栏有其他文字或多个号码，取第一个手机号", "text or several numbers in the telephone column, the first mobile number was taken";
    PhoneUnusable = "phone-unusable", Some(51), Warned, "没有可用的手机号", "no usable mobile number";
    TestRow = "test-row", Some(53), Held, "疑为测试数据", "test row";
}
