//! Writes a specimen of the certificate as a PDF file without a signature, or measures the renderer.
//!
//! `specimen FILE.pdf [ordinary|extreme|constructor]` writes; `specimen --bench N` renders N certificates.

mod drawn_portrait;

use std::error::Error;
use std::time::Instant;

use domain::kind::Kind;
use render::{Assets, FontPaths, PrintedCertificate, PrintedField, render};
use time::macros::datetime;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let started = Instant::now();
    let assets = Assets::new(FontPaths::debian().read()?)?;
    println!("assets in {:.0?}", started.elapsed());
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--bench", count] => bench(&assets, count.parse()?),
        [file] => write(&assets, file, &ordinary()),
        [file, "ordinary"] => write(&assets, file, &ordinary()),
        [file, "extreme"] => write(&assets, file, &extreme()),
        [file, "constructor"] => write(&assets, file, &constructor()),
        _ => Err("usage: specimen FILE.pdf [ordinary|extreme|constructor] | --bench N".into()),
    }
}

fn write(assets: &Assets, file: &str, page: &PrintedCertificate) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let unsigned = render(page, &drawn_portrait::jpeg()?, assets)?;
    println!("{} bytes, first page in {:.1?}", unsigned.bytes.len(), started.elapsed());
    Ok(std::fs::write(file, unsigned.bytes)?)
}

fn bench(assets: &Assets, count: u32) -> Result<(), Box<dyn Error>> {
    let portrait = drawn_portrait::jpeg()?;
    let mut page = ordinary();
    let started = Instant::now();
    render(&page, &portrait, assets)?;
    println!("first page in {:.1?}", started.elapsed());
    let started = Instant::now();
    let mut bytes = 0;
    for number in 0..count {
        page.number = format!("陕建安C2（2018）{number:07}");
        page.qr_text = format!("{}{number:07}", ordinary().qr_text);
        bytes += render(&page, &portrait, assets)?.bytes.len();
    }
    let each = started.elapsed() / count.max(1);
    println!(
        "{count} pages, {:.0} a second, {each:.1?} and {} bytes each (portrait {})",
        1.0 / each.as_secs_f64(),
        bytes / usize::try_from(count.max(1))?,
        portrait.len(),
    );
    Ok(())
}

fn fields(pairs: &[(&str, &str)]) -> Vec<PrintedField> {
    pairs.iter().map(|(label, value)| PrintedField { label: (*label).to_owned(), value: (*value).to_owned() }).collect()
}

fn ordinary() -> PrintedCertificate {
    let kind = Kind::SafetyPersonnel;
    PrintedCertificate {
        kind,
        title: "安全生产考核合格证书".into(),
        number: "陕建安C2（2018）0000123".into(),
        identifier: Some("1.2.156.3005.2.11100000000013338W011.11610000016000000X.20180000123.001.7".into()),
        version: 1,
        fields: fields(&[
            ("姓名", "王小明"),
            ("性别", "男"),
            ("出生日期", "1985年07月12日"),
            ("身份证件号码", "610000198507120014"),
            ("企业名称", "陕西样本建筑工程有限公司"),
            ("职务", "专职安全生产管理人员"),
            ("人员类别", "C2 土建类专职安全生产管理人员"),
            ("初次领证日期", "2018年11月05日"),
            ("有效期", "2018年11月05日至2021年11月04日"),
        ]),
        authority: "陕西省住房和城乡建设厅".into(),
        issued_on_text: "2018年11月05日".into(),
        contact: "联系电话：029-00000000　地址：西安市样本路1号".into(),
        verify_hint: "请扫描二维码核验本证书；证书的真实性以数字签名和查询结果为准，打印件须经核验。".into(),
        signer_name: "陕西省住房和城乡建设厅综合服务中心".into(),
        signing_time: datetime!(2018-11-05 09:30:00 +8),
        holder_name: "王小明".into(),
        qr_text: format!("HTTPS://V.EXAMPLE.CN/C/{}", "ABCDEFGHJKMNPQRSTVWXYZ234567".repeat(10)),
    }
}

fn extreme() -> PrintedCertificate {
    let employer = "陕西省样本建筑装饰安装机电市政园林绿化水利水电工程（集团）有限责任公司第一分公司西安项目部";
    PrintedCertificate {
        fields: fields(&[
            ("姓名", "阿卜杜热合曼·买买提依明·吐尔逊江·阿不都热依木江"),
            ("曾用名", "𬍛㛃𠅤䶮﨑·玥"),
            ("性别", "女"),
            ("出生日期", "1985年07月12日"),
            ("身份证件类型", "台湾居民来往大陆通行证"),
            ("身份证件号码", "610000198507120014"),
            ("企业名称", employer),
            ("统一社会信用代码", "91610000MA6TXXXX0X"),
            ("职务", "分管生产经营的副总经理兼安全总监"),
            ("人员类别", "C3 综合类专职安全生产管理人员"),
            ("技术职称", "正高级工程师"),
            ("文化程度", "硕士研究生"),
            ("初次领证日期", "2018年11月05日"),
            ("有效期", "2018年11月05日至2021年11月04日"),
        ]),
        holder_name: "阿卜杜热合曼·买买提依明·吐尔逊江·阿不都热依木江".into(),
        version: 12,
        ..ordinary()
    }
}

fn constructor() -> PrintedCertificate {
    PrintedCertificate {
        kind: Kind::Constructor,
        title: "中华人民共和国二级建造师注册证书".into(),
        number: "陕261181900001".into(),
        fields: fields(&[
            ("姓名", "欧阳样本"),
            ("性别", "女"),
            ("出生日期", "1985年07月12日"),
            ("聘用企业", "陕西样本建筑工程有限公司"),
            ("建筑工程", "有效期：2018年11月05日至2021年11月04日"),
            ("公路工程", "有效期：2018年11月05日至2021年11月04日"),
            ("水利水电工程", "有效期：2019年03月01日至2022年02月28日"),
            ("市政公用工程", "有效期：2018年11月05日至2021年11月04日"),
            ("矿业工程", "有效期：2018年11月05日至2021年11月04日"),
            ("机电工程", "有效期：2018年11月05日至2021年11月04日"),
        ]),
        holder_name: "欧阳样本".into(),
        ..ordinary()
    }
}
