//! The rules of the trade: what a certificate is, when it is valid, what may be done with it and why not.
//!
//! Nothing here reads a file, a clock or a database, and nothing waits: the crate can refuse, it cannot fail. Every
//! date is a civil day of Asia/Shanghai, and `today` is always a parameter. What was delivered is kept beside what was
//! read from it; nothing lossy is repaired by guessing.
//!
//! # Glossary
//!
//! | Term | 中文 | Where |
//! |---|---|---|
//! | kind | 证书种类 | [`kind::Kind`] |
//! | constructor | 二级建造师 | [`kind::Kind::Constructor`] |
//! | architect | 二级建筑师 | [`kind::Kind::Architect`] |
//! | structural engineer | 二级结构工程师 | [`kind::Kind::StructuralEngineer`] |
//! | safety personnel | 安管人员 | [`kind::Kind::SafetyPersonnel`] |
//! | special operation | 特种作业 | [`kind::Kind::SpecialOperation`] |
//! | post training | 岗位培训（八大员） | [`kind::Kind::PostTraining`] |
//! | category, specialty, trade, post | 类别、专业、工种、岗位 | [`category::Category`] |
//! | duty | 职务 | [`category::Duty`] |
//! | certificate number | 证书编号、注册编号 | [`number::CertificateNumber`] |
//! | certificate identifier | 电子证照标识 | [`identifier::CertificateIdentifier`] |
//! | issuing authority | 发证机关 | [`kind::Kind::authority_zh`] |
//! | cut-over | 电子证书启用日 | [`settings::KindSettings::cut_over`] |
//! | holder, person | 持证人 | [`ids::PersonId`] |
//! | name | 姓名 | [`name::PersonName`] |
//! | identity document, ID number | 身份证件、身份证号 | [`identity::IdentityDocument`] |
//! | sex | 性别 | [`sex::Sex`] |
//! | employer | 聘用企业、单位 | [`employer`] |
//! | unified code | 统一社会信用代码 | [`employer::EmployerCode::Unified`] |
//! | organisation code | 组织机构代码 | [`employer::EmployerCode::Organisation`] |
//! | first issue | 初次领证 | [`facts::Facts::first_issued_on`] |
//! | issue date | 发证日期 | [`facts::Facts::issued_on`] |
//! | period of validity | 有效期 | [`validity::Period`] |
//! | renewal | 延续、续期 | [`lifecycle::Event::Renewed`] |
//! | change | 变更 | [`lifecycle::Event::Changed`] |
//! | legal status | 证书状态 | [`status::LegalStatus`] |
//! | valid | 有效 | [`status::LegalStatus::Valid`] |
//! | suspended | 暂扣 | [`status::LegalStatus::Suspended`] |
//! | expired | 失效、过期 | [`status::LegalStatus::Expired`] |
//! | cancelled | 注销 | [`status::LegalStatus::Cancelled`] |
//! | withdrawn | 撤销 | [`status::LegalStatus::Withdrawn`] |
//! | revoked | 吊销 | [`status::LegalStatus::Revoked`] |
//! | transferred out | 办理转出 | [`status::LegalStatus::Transferred`] |
//! | stage | 签发阶段 | [`status::Stage`] |
//! | lock | 锁定 | [`status::Lock`] |
//! | photo review | 照片审核 | [`status::Stage::PhotoReview`] |
//! | issue order | 签发令 | [`ids::OrderId`] |
//! | document | 电子证书文件 | [`ids::DocumentId`] |
//! | decision | 行政决定 | [`decision::DecisionKind`] |
//! | business under way | 在办业务 | [`business::BusinessState`] |
//! | batch, delivery | 批次 | [`ids::BatchId`] |
//! | finding | 问题 | [`finding::Finding`] |
//! | printed field | 证面字段 | [`printed_field::PrintedField`] |
//! | outcome: loaded, warned, held, rejected, dropped | 导入、提示、待处理、拒收、非数据行 | [`finding::Outcome`] |

pub mod business;
pub mod category;
pub mod characters;
pub mod check_digit;
pub mod civil_date;
pub mod decision;
pub mod employer;
pub mod facts;
pub mod finding;
pub mod identifier;
pub mod identity;
pub mod ids;
pub mod kind;
pub mod lifecycle;
pub mod mojibake;
pub mod name;
pub mod number;
pub mod phone;
pub mod photo_reason;
pub mod printed_field;
pub mod pua;
pub mod reasons;
pub mod settings;
pub mod sex;
pub mod state_word;
pub mod status;
pub mod stored_code;
pub mod validity;
