//! Who, what and when, twice alike as PDF/A asks: the information dictionary and the XMP packet (ISO 16684-1). The packet
//! makes no PDF/A claim.

use time::{OffsetDateTime, UtcOffset};

use super::{FileWriter, Stream, object, text_string};
use crate::certificate::PrintedCertificate;
use crate::error::RenderError;

const PRODUCER: &str = "ecert";

/// The moment of signing in the civil time of Asia/Shanghai, which has no summer time since 1991.
pub(crate) struct Moment(OffsetDateTime);

impl Moment {
    pub(crate) fn new(time: OffsetDateTime) -> Result<Moment, RenderError> {
        let offset = UtcOffset::from_hms(8, 0, 0).map_err(|_| RenderError::SigningTime)?;
        let local = time.checked_to_offset(offset).ok_or(RenderError::SigningTime)?;
        if !(1900..=9999).contains(&local.year()) {
            return Err(RenderError::SigningTime);
        }
        Ok(Moment(local))
    }

    /// As in `D:20181101083000+08'00'` (ISO 32000-1, 7.9.4).
    pub(crate) fn pdf(&self) -> String {
        let t = self.0;
        format!("D:{:04}{:02}{:02}{:02}{:02}{:02}+08'00'", t.year(), u8::from(t.month()), t.day(), t.hour(), t.minute(), t.second())
    }

    fn xmp(&self) -> String {
        let t = self.0;
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00", t.year(), u8::from(t.month()), t.day(), t.hour(), t.minute(), t.second())
    }
}

fn document_title(certificate: &PrintedCertificate) -> String {
    format!("{} {} {}", certificate.title, certificate.number, certificate.holder_name)
}

pub(crate) fn write_info(file: &mut FileWriter, certificate: &PrintedCertificate, moment: &Moment) {
    let date = moment.pdf();
    file.object(
        object::INFO,
        &format!(
            "<</Title{}/Author{}/Creator({PRODUCER})/Producer({PRODUCER})/CreationDate({date})/ModDate({date})>>",
            text_string(&document_title(certificate)),
            text_string(&certificate.signer_name),
        ),
    );
}

pub(crate) fn write_metadata(file: &mut FileWriter, certificate: &PrintedCertificate, moment: &Moment) {
    let date = moment.xmp();
    let title = escaped(&document_title(certificate));
    let author = escaped(&certificate.signer_name);
    let identifier = escaped(certificate.identifier.as_deref().unwrap_or(&certificate.number));
    // What the QR code says, for whoever verifies the file without reading pictures.
    let statement = escaped(&certificate.qr_text);
    let kind = certificate.kind.as_str();
    let packet = format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\
         <dc:format>application/pdf</dc:format>\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
         <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>\
         <dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>\
         <dc:identifier>{identifier}</dc:identifier>\
         <dc:relation><rdf:Bag><rdf:li>{statement}</rdf:li></rdf:Bag></dc:relation>\
         <dc:type><rdf:Bag><rdf:li>{kind}</rdf:li></rdf:Bag></dc:type>\
         <xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>\
         <xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>\
         <xmp:MetadataDate>{date}</xmp:MetadataDate>\
         <pdf:Producer>{PRODUCER}</pdf:Producer>\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    );
    file.stream(object::METADATA, &Stream { dict: "/Type/Metadata/Subtype/XML".into(), body: packet.into_bytes().into() });
}

/// Characters that XML reserves. Control characters do not come here: no font shows them, and no code is made of them.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn moments_are_told_in_the_time_of_shanghai() {
        let moment = Moment::new(datetime!(2018-10-31 23:30:05 UTC)).unwrap();
        assert_eq!(moment.pdf(), "D:20181101073005+08'00'");
        assert_eq!(moment.xmp(), "2018-11-01T07:30:05+08:00");
        for time in [datetime!(1899-01-01 0:00 UTC), datetime!(9999-12-31 23:00 UTC)] {
            assert_eq!(Moment::new(time).err(), Some(RenderError::SigningTime));
        }
    }
}
