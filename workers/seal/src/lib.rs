//! Seals electronic certificates: signs documents (PAdES B-B) and QR statements (COSE), and verifies both.
//!
//! The crate is pure. It reads no clock, touches no file and stores no key: a key is whatever implements
//! [`Signer`], the time is a parameter, and documents are bytes in memory.
//!
//! * [`DocumentSealer`] turns the digest of a document with a hole into a signature, [`embed()`] puts it there.
//! * [`verify::verify_document`] judges the bytes of any file, and accepts only what this crate has sealed.
//! * [`SignerFile`] opens the key files that authorities hand out.
//! * [`qr`] writes and reads the signed statement behind a certificate's QR code.
//! * [`status_list`] writes and reads the signed lists that say which versions still hold.
//! * [`test_authority`] makes a certification authority for demonstrations and tests.

mod cbor;
mod certificate;
mod cose;
mod ecdsa_signature;
mod embed;
mod key_file;
pub mod qr;
mod sealer;
mod signed_data;
mod signer;
pub mod status_list;
pub mod test_authority;
pub mod verify;

pub use certificate::CertificateFault;
pub use embed::{EmbedError, embed};
pub use key_file::{MAX_KEY_FILE_BYTES, SignerFile, SignerFileError};
pub use sealer::{DocumentSealer, MAX_SIGNATURE_BYTES, SealError, SealerError};
pub use signer::{KeyError, P384Signer, PublicKey, RandomisedSigner, SignError, Signer};

/// The one lawful name of a signature on a certificate: the common name (CN) that a signer's certificate must carry
/// (陕西省住房和城乡建设厅, notice on electronic certificates of 2018-10-25: the signature that Acrobat Reader shows).
pub const LAWFUL_SIGNER_NAME: &str = "陕西省住房和城乡建设厅综合服务中心";
