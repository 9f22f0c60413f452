//! An invented certificate, its portrait, and the installed fonts, for tests.

use domain::kind::Kind;
use time::macros::datetime;

use crate::{Assets, FontPaths, PrintedCertificate, PrintedField};

/// Assets of the fonts that Debian installs; `None`, with a word on standard error, where they are missing.
pub(crate) fn assets() -> Option<Assets> {
    let fonts = match FontPaths::debian().read() {
        Ok(fonts) => fonts,
        Err(error) => {
            eprintln!("passed over: {error}");
            return None;
        }
    };
    Some(Assets::new(fonts).unwrap())
}

pub(crate) fn field(label: &str, value: &str) -> PrintedField {
    PrintedField { label: label.to_owned(), value: value.to_owned() }
}

pub(crate) fn certificate() -> PrintedCertificate {
    PrintedCertificate {
        kind: Kind::SafetyPersonnel,
        title: "安全生产考核合格证书".into(),
        number: "陕建安C2（2018）0000123".into(),
        identifier: Some("1.2.156.3005.2.11100000000013338W011.11610000016000000X.20180000123.001.7".into()),
        version: 1,
        fields: vec![
            field("姓名", "王小明"),
            field("性别", "男"),
            field("身份证件号码", "610000198507120014"),
            field("企业名称", "陕西样本建筑工程有限公司"),
            field("职务", "专职安全生产管理人员"),
            field("有效期", "2018年11月05日至2021年11月04日"),
        ],
        authority: "陕西省住房和城乡建设厅".into(),
        issued_on_text: "2018年11月05日".into(),
        contact: "联系电话：029-00000000".into(),
        verify_hint: "请扫描二维码核验本证书。".into(),
        signer_name: "陕西省住房和城乡建设厅综合服务中心".into(),
        signing_time: datetime!(2018-11-05 09:30:00 +8),
        holder_name: "王小明".into(),
        qr_text: format!("HTTPS://V.EXAMPLE.CN/C/{}", "ABCDEFGHJKMNPQRSTVWXYZ234567".repeat(10)),
    }
}

/// A certificate with this one field.
pub(crate) fn with_value(value: &str) -> PrintedCertificate {
    PrintedCertificate { fields: vec![field("姓名", value)], ..certificate() }
}

/// A grey wedge, 295 by 413 pixels.
pub(crate) fn portrait() -> Vec<u8> {
    let (width, height) = (295u16, 413u16);
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| [u8::try_from((x + y) % 256).unwrap(); 3])).collect();
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 80).encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    jpeg
}
