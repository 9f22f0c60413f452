//! The configuration that goes with a province: the day on which it changed over.

use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::kind::Kind;
use time::Date;

use crate::calendar::{iso, month_start};

/// Writes `ecert.toml` into the folder.
pub(crate) fn write(folder: &Path, as_of: Date) -> anyhow::Result<PathBuf> {
    let path = folder.join("ecert.toml");
    std::fs::write(&path, text(as_of)).with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}

fn text(as_of: Date) -> String {
    let cut_over = iso(month_start(as_of));
    let mut text = format!(
        "\
# Configuration of an invented province. It changed over to electronic certificates on {cut_over}, the first day of the month of
# its deliveries, so that its paper still in force is exchanged as Shaanxi's was in November 2018.
# 虚构省份的配置：自{cut_over}（数据截止日所在月的第一天）起启用电子证书，以便其仍在有效期内的纸质证书
# 像陕西省2018年11月那样换发电子证书。
#
# Post-training certificates have no starts_on: they stay switched off until the province begins its training examinations.
# 岗位培训考核合格证书未设启用日期(starts_on)，在本省恢复培训考核之前不换发。
"
    );
    for kind in Kind::ALL {
        text.push_str(&format!("\n[kinds.{kind}]\ncut_over = {cut_over}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn all_six_kinds_change_over_on_the_first_of_the_month() {
        let table: toml::Table = text(date!(2026 - 11 - 23)).parse().unwrap();
        let kinds = table["kinds"].as_table().unwrap();
        assert_eq!(kinds.len(), 6);
        for (kind, settings) in kinds {
            assert_eq!(settings["cut_over"].to_string(), "2026-11-01", "{kind}");
            assert!(settings.get("starts_on").is_none(), "{kind}");
        }
    }
}
