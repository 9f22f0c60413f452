//! The structure tree (ISO 32000-1, 14.7): what a screen reader reads out, and in which order.

use std::fmt::Write as _;

use super::{FileWriter, object, text_string};
use crate::layout::Element;

/// What stands for the seal where it is not seen: that there is a seal and a signature, and whose.
pub(crate) fn seal_in_words(signer: &str) -> String {
    format!("{signer}的电子印章和数字签名")
}

const PORTRAIT_IN_WORDS: &str = "持证人照片";
const QR_IN_WORDS: &str = "核验二维码";

/// Marks of the page's contents: the portrait's, the code's, then one for each block of text.
pub(crate) const PORTRAIT_MARK: usize = 0;
pub(crate) const QR_MARK: usize = 1;
pub(crate) const FIRST_TEXT_MARK: usize = 2;

/// Elements of the text that are read before the portrait: the title and the number.
const BEFORE_PORTRAIT: usize = 2;

/// Writes the tree from object number `first` on; `signer` is named at the seal.
pub(crate) fn write_structure(file: &mut FileWriter, elements: &[Element], signer: &str, first: usize) {
    let document = first;
    let mut tree = Tree { file, document, next: first + 1, kids: String::new(), of_mark: Vec::new() };
    tree.of_mark.resize(FIRST_TEXT_MARK, 0);
    let (before, behind) = elements.split_at(BEFORE_PORTRAIT.min(elements.len()));
    before.iter().for_each(|element| tree.text(element));
    tree.figure(PORTRAIT_MARK, PORTRAIT_IN_WORDS);
    behind.iter().for_each(|element| tree.text(element));
    tree.figure(QR_MARK, QR_IN_WORDS);
    let form = tree.seal(signer);
    let Tree { kids, of_mark, .. } = tree;
    file.object(document, &format!("<</Type/StructElem/S/Document/P {} 0 R/K[{kids}]>>", object::STRUCTURE));
    let mut parents = String::with_capacity(8 * of_mark.len());
    for element in of_mark {
        // Writing into a string cannot fail.
        let _ = write!(parents, "{element} 0 R ");
    }
    file.object(
        object::STRUCTURE,
        &format!("<</Type/StructTreeRoot/K {document} 0 R/ParentTree<</Nums[0[{parents}]1 {form} 0 R]>>/ParentTreeNextKey 2>>"),
    );
}

struct Tree<'a> {
    file: &'a mut FileWriter,
    document: usize,
    next: usize,
    /// References to the elements so far.
    kids: String,
    /// The element of each mark.
    of_mark: Vec<usize>,
}

impl Tree<'_> {
    fn add(&mut self, tag: &str, rest: &str) -> usize {
        let number = self.next;
        self.next += 1;
        let _ = write!(self.kids, "{number} 0 R ");
        self.file.object(number, &format!("<</Type/StructElem/S/{tag}/P {} 0 R/Pg {} 0 R{rest}>>", self.document, object::PAGE));
        number
    }

    fn text(&mut self, element: &Element) {
        let first = self.of_mark.len();
        let marks = (first..first + element.blocks.len()).fold(String::new(), |mut marks, mark| {
            let _ = write!(marks, "{mark} ");
            marks
        });
        let number = self.add(element.role.tag(), &format!("/K[{marks}]"));
        self.of_mark.resize(first + element.blocks.len(), number);
    }

    fn figure(&mut self, mark: usize, in_words: &str) {
        let number = self.add("Figure", &format!("/Alt{}/K[{mark}]", text_string(in_words)));
        if let Some(slot) = self.of_mark.get_mut(mark) {
            *slot = number;
        }
    }

    fn seal(&mut self, signer: &str) -> usize {
        let rest = format!("/Alt{}/K<</Type/OBJR/Obj {} 0 R>>", text_string(&seal_in_words(signer)), object::SIGNATURE_FIELD);
        self.add("Form", &rest)
    }
}
