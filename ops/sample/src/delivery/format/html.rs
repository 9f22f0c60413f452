//! An HTML table called .xls, as web pages export their grids.

use crate::delivery::sheet::{Cell, Sheet};

/// Writes one table, in GBK or in UTF-8.
pub(crate) fn html(sheet: &Sheet, is_gbk: bool) -> Vec<u8> {
    let charset = if is_gbk { "gb2312" } else { "utf-8" };
    let mut page = format!(
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\r\n<head>\r\n<meta http-equiv=\"Content-Type\" \
         content=\"text/html; charset={charset}\">\r\n<style>td {{mso-number-format:\"\\@\"}}</style>\r\n</head>\r\n\
         <body>\r\n<table cellspacing=\"0\" rules=\"all\" border=\"1\">\r\n"
    );
    let width = sheet.width();
    for line in &sheet.lines {
        page.push_str("<tr>");
        match line.cells.as_slice() {
            [Cell::Text(title)] => page.push_str(&format!("<td colspan=\"{width}\"><b>{}</b></td>", escaped(title))),
            cells => {
                for cell in cells {
                    let text = cell.text();
                    let text = if text.is_empty() { "&nbsp;".to_owned() } else { escaped(&text) };
                    page.push_str(&format!("<td>{text}</td>"));
                }
            }
        }
        page.push_str("</tr>\r\n");
    }
    page.push_str("</table>\r\n</body>\r\n</html>\r\n");
    if is_gbk { encoding_rs::GB18030.encode(&page).0.into_owned() } else { page.into_bytes() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\n', "<br>")
}
