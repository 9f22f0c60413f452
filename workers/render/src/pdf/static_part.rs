//! The beginning that all certificates of one kind and signer share, with the state of the signature's hash behind it: catalogue,
//! page, colour profile, template and seal.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha384};

use super::structure::seal_in_words;
use super::{FileWriter, Stream, object, text_string, write_common_font};
use crate::font::FontError;
use crate::font::chain::FontChain;
use crate::layout::{BoxMm, PAGE_MM, POINTS_PER_MM};
use crate::text::CommonFont;

pub(crate) struct StaticPart {
    pub(crate) file: FileWriter,
    pub(crate) common: CommonFont,
    pub(crate) hash: Sha384,
}

impl StaticPart {
    /// `template` and `profile` are compressed; `seal` is the plain content of the seal's appearance, `seal_place` its box, `signer`
    /// whose it is.
    pub(crate) fn new(
        (template, profile): (&[u8], &[u8]),
        (seal, seal_place, signer): (&[u8], BoxMm, &str),
        chain: &FontChain,
        common: CommonFont,
    ) -> Result<StaticPart, FontError> {
        let page_box = BoxMm { left: 0.0, top: 0.0, width: PAGE_MM.0, height: PAGE_MM.1 };
        let page_box = rectangle(page_box.to_points());
        let mut file = FileWriter::new();
        let o = |number: usize| format!("{number} 0 R");
        file.object(
            object::CATALOG,
            &format!(
                "<</Type/Catalog/Version/1.7/Pages {}/Metadata {}/Lang(zh-CN)\
                 /ViewerPreferences<</DisplayDocTitle true>>/MarkInfo<</Marked true>>/StructTreeRoot {}\
                 /AcroForm<</Fields[{}]/SigFlags 3>>/Perms<</DocMDP {}>>\
                 /OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)\
                 /Info(sRGB IEC61966-2.1)/DestOutputProfile {}>>]>>",
                o(object::PAGES),
                o(object::METADATA),
                o(object::STRUCTURE),
                o(object::SIGNATURE_FIELD),
                o(object::SIGNATURE),
                o(object::PROFILE),
            ),
        );
        file.object(object::PAGES, &format!("<</Type/Pages/Kids[{}]/Count 1>>", o(object::PAGE)));
        file.object(
            object::PAGE,
            &format!(
                "<</Type/Page/Parent {}/MediaBox{page_box}/Contents {}/Annots[{}]\
                 /StructParents 0/Tabs/S/Group<</Type/Group/S/Transparency/CS/DeviceRGB>>\
                 /Resources<</XObject<</T {}/P {}/Q {}>>/Font {}>>>>",
                o(object::PAGES),
                o(object::CONTENTS),
                o(object::SIGNATURE_FIELD),
                o(object::TEMPLATE),
                o(object::PORTRAIT),
                o(object::QR),
                o(object::FONTS),
            ),
        );
        file.stream(object::PROFILE, &Stream { dict: "/N 3/Filter/FlateDecode".into(), body: profile.into() });
        file.object(
            object::SIGNATURE_FIELD,
            &format!(
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/TU{}/StructParent 1/V {}/P {}/F 132/Rect{}/AP<</N {}>>>>",
                text_string(&seal_in_words(signer)),
                o(object::SIGNATURE),
                o(object::PAGE),
                rectangle(seal_place.to_points()),
                o(object::SEAL),
            ),
        );
        file.stream(
            object::TEMPLATE,
            &Stream {
                dict: format!("/Type/XObject/Subtype/Form/BBox{page_box}/Resources<<>>/Filter/FlateDecode").into(),
                body: template.into(),
            },
        );
        let seal_box = rectangle([0.0, 0.0, seal_place.width * POINTS_PER_MM, seal_place.height * POINTS_PER_MM]);
        file.stream(
            object::SEAL,
            &Stream {
                dict: format!(
                    "/Type/XObject/Subtype/Form/BBox{seal_box}\
                     /Resources<</ExtGState<</Ink<</Type/ExtGState/BM/Multiply>>>>>>/Filter/FlateDecode"
                )
                .into(),
                body: deflate(seal).into(),
            },
        );
        write_common_font(&mut file, chain, &common)?;
        let mut hash = Sha384::new();
        hash.update(&file.bytes);
        Ok(StaticPart { file, common, hash })
    }
}

fn rectangle([left, bottom, right, top]: [f32; 4]) -> String {
    format!("[{left:.2} {bottom:.2} {right:.2} {top:.2}]")
}

pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).and_then(|()| encoder.finish()).expect("writing into a vector cannot fail")
}
