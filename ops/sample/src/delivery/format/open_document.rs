//! OpenDocument spreadsheets (.ods).

use super::{Stored, zip_archive};
use crate::calendar::iso;
use crate::delivery::sheet::{Cell, Merge, Sheet};

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";

const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"#;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2">
<office:automatic-styles><style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style><style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>
"#;

/// Writes the sheets. The kind of the document stands first and is not packed, by which programs know it.
pub(crate) fn open_document(sheets: &[Sheet]) -> anyhow::Result<Vec<u8>> {
    let mut content = HEAD.to_owned();
    for sheet in sheets {
        let style = if sheet.is_hidden { "hidden" } else { "shown" };
        content.push_str(&format!("<table:table table:name=\"{}\" table:style-name=\"{style}\">", escaped(&sheet.name)));
        content.push_str(&format!("<table:table-column table:number-columns-repeated=\"{}\"/>\n", sheet.width()));
        for (place, line) in sheet.lines.iter().enumerate() {
            content.push_str(if line.is_hidden { "<table:table-row table:visibility=\"collapse\">" } else { "<table:table-row>" });
            for (column, cell) in line.cells.iter().enumerate() {
                let merge = sheet.merges.iter().find(|merge| merge.covers(place, column));
                content.push_str(&cell_xml(cell, merge, (place, column)));
            }
            content.push_str("</table:table-row>\n");
        }
        content.push_str("</table:table>\n");
    }
    content.push_str("</office:spreadsheet></office:body></office:document-content>\n");
    zip_archive(&[
        Stored { name: "mimetype", bytes: MIME.as_bytes(), is_plain: true },
        Stored { name: "content.xml", bytes: content.as_bytes(), is_plain: false },
        Stored { name: "META-INF/manifest.xml", bytes: MANIFEST.as_bytes(), is_plain: false },
    ])
}

fn cell_xml(cell: &Cell, merge: Option<&Merge>, place: (usize, usize)) -> String {
    let (name, span) = match merge {
        Some(merge) if (merge.first, merge.column) == place => {
            let (rows, columns) = (merge.last - merge.first + 1, merge.last_column - merge.column + 1);
            ("table-cell", format!(" table:number-columns-spanned=\"{columns}\" table:number-rows-spanned=\"{rows}\""))
        }
        Some(_) => ("covered-table-cell", String::new()),
        None => ("table-cell", String::new()),
    };
    let shown = escaped(&cell.text()).replace('\n', "</text:p><text:p>");
    let value = match cell {
        Cell::Text(text) if text.is_empty() => return format!("<table:{name}{span}/>"),
        Cell::Text(_) => " office:value-type=\"string\"".to_owned(),
        Cell::Number(number) => format!(" office:value-type=\"float\" office:value=\"{number}\""),
        Cell::Day(day) => format!(" office:value-type=\"date\" office:date-value=\"{}\"", iso(*day)),
        Cell::Error(_) => " table:formula=\"of:=NA()\" office:value-type=\"string\" office:string-value=\"\"".to_owned(),
        Cell::Computed(formula, _) => format!(" table:formula=\"of:{}\" office:value-type=\"string\"", escaped(formula)),
    };
    format!("<table:{name}{span}{value}><text:p>{shown}</text:p></table:{name}>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
